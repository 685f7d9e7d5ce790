"""Moves and notes: what they write, what they refuse, and that two at once never both win."""

import datetime
import threading

import pytest
from django.db import connection

from gisplatform.errors import MoveRefused
from interventions.events.models import Event
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move, note
from tests import town as model_town
from tests.town import NOW

LATER = NOW + datetime.timedelta(days=1)


@pytest.mark.parametrize("name", ["redirect", "refuse", "answer", "cancel"])
@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_move_that_owes_a_reason_is_refused_without_one(town, name, reason):
    request = town.request()
    with pytest.raises(MoveRefused, match="motif"):
        move(
            request_id=request.pk, name=name, actor=None, now=LATER, reason=reason, department=town.department("parks")
        )
    assert list(request.events.values_list("kind", flat=True)) == [Event.Kind.SUBMITTED]


def test_a_redirection_owes_its_department(town):
    request = town.request()
    with pytest.raises(MoveRefused, match="service"):
        move(request_id=request.pk, name="redirect", actor=None, now=LATER, reason="Au parc.")


def test_a_redirection_adds_a_decision_and_keeps_the_one_before(town):
    town.rule("cleaning")
    regulator = town.person("regulator")
    request = town.request()
    by_the_rules = request.decision
    move(
        request_id=request.pk, name="redirect", actor=regulator, now=LATER, reason="Au parc.",
        department=town.department("parks"),
    )  # fmt: skip
    request.refresh_from_db()
    assert request.department.code == "parks"
    assert (request.decision.decided_by, request.decision.decided_at) == (regulator, LATER)
    assert request.decision.reason.trace == {"candidates": [], "reason": "Au parc."}
    by_the_rules.refresh_from_db()
    assert by_the_rules.reason.department.code == "cleaning"
    assert request.decisions.count() == 2


def test_a_move_names_who_made_it(town):
    member = town.person("regulator")
    request = town.request()
    event = move(request_id=request.pk, name="accept", actor=member, now=LATER)
    assert (event.actor, event.kind, event.text) == (member, Event.Kind.MOVED, "")


def test_a_move_touches_nothing_else(town):
    request = town.request(description="Un tag.", address="3 rue Écuyère")
    move(request_id=request.pk, name="accept", actor=None, now=LATER)
    after = ServiceRequest.objects.get(pk=request.pk)
    kept = ("description", "address", "due_at", "submitted_at", "tracking_token", "category_id", "decision_id")
    assert [getattr(after, name) for name in kept] == [getattr(request, name) for name in kept]


def test_a_note_is_for_staff_only_and_moves_nothing(town):
    agent = town.person("agent")
    request = town.request()
    event = note(request_id=request.pk, actor=agent, text="Rappeler demain.", now=LATER)
    assert (event.kind, event.actor, event.text, event.public) == (
        Event.Kind.NOTED, agent, "Rappeler demain.", False,
    )  # fmt: skip
    before = request.state
    request.refresh_from_db()
    assert request.state == before


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_one_wins_and_the_other_is_told(transactional_db):
    town = model_town.build()
    request = town.request()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def make(name: str) -> None:
        gate.wait()
        try:
            move(request_id=request.pk, name=name, actor=None, now=LATER, reason="Un motif.")
            outcomes.append(name)
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=[name]) for name in ("accept", "refuse")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) in (["accept", "refused"], ["refuse", "refused"])
    assert request.events.filter(kind=Event.Kind.MOVED).count() == 1
