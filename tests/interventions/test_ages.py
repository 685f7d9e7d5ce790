"""How old a request is, in the few letters of a dense list."""

import datetime

import pytest

from interventions.templatetags.ages import in_short
from tests.town import NOW  # 2 March 2026, 10:30 in Caen


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (datetime.timedelta(seconds=-5), "0 min"),
        (datetime.timedelta(minutes=59, seconds=59), "59 min"),
        (datetime.timedelta(hours=1), "1 h"),
        (datetime.timedelta(hours=23, minutes=59), "23 h"),
        (datetime.timedelta(days=1), "1 j"),
        (datetime.timedelta(days=13), "13 j"),
        (datetime.timedelta(days=14), "16 fév."),
        (datetime.timedelta(days=70), "22 déc. 2025"),
    ],
)
def test_an_age_is_short(before, said):
    assert in_short(NOW - before, now=NOW) == said


def test_the_longest_day_of_the_year_is_a_day():
    morning = datetime.datetime(2026, 10, 24, 22, 10, tzinfo=datetime.UTC)  # 0:10 in Caen, where 3 o'clock comes twice
    assert in_short(morning, now=morning + datetime.timedelta(hours=24, minutes=20)) == "1 j"
