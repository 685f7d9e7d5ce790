"""By which ways a requester can be told, and when an SMS has to wait."""

import datetime

import pytest

from interventions.informing import quiet
from interventions.requests.models import Requester
from interventions.requests.reach import mobile, ways
from tests.interventions.messages.conftest import local


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("07.12.34.56.78", "+33712345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("02 31 00 00 01", ""),
        ("+33 2 31 00 00 01", ""),
        ("06 12 34 56", ""),
        ("06 12 34 56 78 ou 79", ""),
        ("+32 470 12 34 56", "+32470123456"),
        ("0032 470 12 34 56", "+32470123456"),
        ("", ""),
        ("voisin", ""),
    ],
)
def test_which_numbers_can_be_sent_an_sms(typed, number):
    assert mobile(typed) == number


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"email": "z@example.org", "phone": "0612345678"}, ["email", "sms"]),
        ({"email": "z@example.org", "phone": "0612345678", "notify": "sms"}, ["sms", "email"]),
        ({"email": "z@example.org", "phone": "0612345678", "notify": "none"}, []),
        ({"email": "z@example.org", "phone": "0231000001", "notify": "sms"}, ["email"]),
        ({"phone": "0612345678"}, ["sms"]),
        ({"phone": "0231000001"}, []),
        ({"email": "zoe"}, []),
    ],
)
def test_by_which_ways_somebody_is_told(db, gateway, facts, expected):
    assert [way for way, _to in ways(Requester(**facts))] == expected


def test_without_a_gateway_there_is_no_sms(db, settings):
    assert settings.SMS_URL == ""
    assert ways(Requester(phone="0612345678", notify="sms")) == []


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-03-02 20:59", None),
        ("2026-03-02 21:00", "2026-03-03 08:00"),
        ("2026-03-03 07:59", "2026-03-03 08:00"),
        ("2026-03-03 08:00", None),
        ("2026-03-07 22:00", "2026-03-09 08:00"),  # Saturday evening: Sunday is quiet too
        ("2026-03-08 14:00", "2026-03-09 08:00"),
        ("2026-04-06 10:00", "2026-04-07 08:00"),  # Easter Monday
        ("2026-05-14 10:00", "2026-05-15 08:00"),  # Ascension
        ("2026-07-14 10:00", "2026-07-15 08:00"),
        ("2026-12-24 22:00", "2026-12-26 08:00"),
        ("2026-03-28 23:00", "2026-03-30 08:00"),  # the night the clocks change, and the Sunday after it
    ],
)
def test_when_an_sms_has_to_wait_and_until_when(by_night, now, ends):
    assert quiet.until(local(now)) == (ends and local(ends))


def test_hours_may_lie_within_a_day_or_be_none(by_night):
    by_night.SMS_SUNDAYS, by_night.SMS_QUIET = True, (datetime.time(12), datetime.time(14))
    assert quiet.until(local("2026-03-08 13:00")) == local("2026-03-08 14:00")
    by_night.SMS_QUIET = None
    assert quiet.until(local("2026-03-08 03:00")) is None
