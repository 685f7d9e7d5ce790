"""The announced date: who may change it, and what its requester reads of it."""

import datetime

import pytest

from gisplatform.errors import MoveRefused
from interventions.informing import tracking
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from tests.interventions.conftest import url
from tests.town import NOW

THURSDAY = datetime.date(2026, 3, 12)


def reschedule(request: ServiceRequest, **facts):
    facts = {"reason": "La pluie empêche de peindre.", "due_on": THURSDAY, **facts}
    return move(request_id=request.pk, name="reschedule", actor=None, now=NOW, **facts)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_requester_reads_the_new_date_the_one_before_and_why(request_here):
    move(request_id=request_here.pk, name="accept", actor=None, now=NOW)
    reschedule(request_here)
    told = tracking.find(request_here.tracking_token, now=NOW)
    assert plain(told.promise) == "Ce devrait être réglé au plus tard le jeudi 12 mars."
    assert plain(told.redated) == (
        "La date a changé ; auparavant, nous avions annoncé le samedi 7 mars. Le motif : La pluie empêche de peindre."
    )
    (text,) = [text for step in told.steps for text in step.texts]
    assert plain(text) == "Nouvelle date annoncée : jeudi 12 mars. La pluie empêche de peindre."
    assert [step.current for step in told.steps] == [False, True, False, False, False]


def test_the_event_keeps_both_dates_and_the_state_stays(request_here):
    event = reschedule(request_here)
    request_here.refresh_from_db()
    assert (event.due_from, event.due_to) == (NOW + datetime.timedelta(days=5), request_here.due_at)
    assert event.to_state == event.from_state == request_here.state == "to_evaluate"
    assert request_here.due_at.isoformat() == "2026-03-12T22:59:00+00:00"


@pytest.mark.parametrize(
    "facts", [{"due_on": None}, {"due_on": datetime.date(2026, 3, 1)}, {"reason": " "}], ids=["none", "past", "why"]
)
def test_a_day_to_come_and_a_reason_are_needed(request_here, facts):
    with pytest.raises(MoveRefused):
        reschedule(request_here, **facts)


def test_a_date_that_stays_is_no_change(request_here):
    event = move(request_id=request_here.pk, name="accept", actor=None, now=NOW)
    assert (event.due_from, event.due_to) == (None, None)
    assert tracking.find(request_here.tracking_token, now=NOW).redated == ""


def test_once_it_is_done_the_date_is_no_longer_spoken_of(request_here):
    reschedule(request_here)
    for name in ("accept", "finish"):
        move(request_id=request_here.pk, name=name, actor=None, now=NOW)
    assert tracking.find(request_here.tracking_token, now=NOW).redated == ""


def test_from_the_page_of_the_request(signed_in, request_here, still_clock):
    client = signed_in("regulator")
    sent = {"move": "reschedule", "reason": "Pluie.", "due_on": "2026-03-12"}
    assert client.post(url(request_here, "moves"), sent).status_code == 302
    assert "Autre date annoncée" in client.get(url(request_here)).content.decode()
    refused = client.post(url(request_here, "moves"), {**sent, "due_on": "2026-03-01"})
    assert refused.status_code == 409
    assert 'value="2026-03-01"' in refused.content.decode()


def test_from_a_program(machine, request_here, still_clock):
    regulator = machine("regulator")
    sent = {"move": "reschedule", "reason": "Pluie.", "due_on": "2026-03-12"}
    answer = regulator.post(sent, to=f"requests/{request_here.reference}/moves")
    assert answer.status_code == 200
    assert answer.json()["properties"]["due_at"].startswith("2026-03-12T23:59")
