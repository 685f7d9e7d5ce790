"""`manage.py reroute`: the same pass, asked for by hand."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from interventions.rerouting.models import Rerouting
from tests.interventions.rerouting.conftest import CHANGES_HANDS, MOVED, STAYS_WEST
from tests.town import NOW

pytestmark = pytest.mark.usefixtures("still_clock")


def run(*options: str) -> str:
    out = StringIO()
    call_command("reroute", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def border_moved(ruled):
    """Three requests, one of which has ended; then the border moves and nobody has looked at them again."""
    requests = [ruled.request(place) for place in (CHANGES_HANDS, STAYS_WEST, CHANGES_HANDS)]
    move(request_id=requests[2].pk, name="refuse", actor=None, now=NOW, reason="privé")
    ruled.publish("squares", MOVED, valid_from=NOW.date())
    return requests


def departments() -> list[str]:
    return list(ServiceRequest.objects.order_by("pk").values_list("department__code", flat=True))


def test_a_rehearsal_writes_nothing(border_moved):
    told = json.loads(run("--dry-run", "--json"))
    assert told == {
        "dry_run": True, "looked_at": 2, "moved": 1, "kept": {"at_work": 0, "by_person": 0},
        "matrix": [{"from": "south", "to": "west", "requests": 1}],
    }  # fmt: skip
    assert departments() == ["south", "west", "south"]
    assert not Rerouting.objects.exists()


def test_open_requests_are_moved(border_moved):
    told = json.loads(run("--json"))
    assert (told["dry_run"], told["moved"]) == (False, 1)
    assert departments() == ["west", "west", "south"]
    assert json.loads(run("--open", "--json"))["moved"] == 0


def test_those_that_ended_are_moved_only_when_asked_for(border_moved):
    assert json.loads(run("--all", "--json"))["looked_at"] == 3
    assert departments() == ["west", "west", "west"]
    assert ServiceRequest.objects.get(pk=border_moved[2].pk).state == State.REFUSED


def test_a_person_reads_a_sentence(border_moved):
    said = run("--dry-run")
    assert "2 demandes examinées" in said
    assert "1 : South → West" in said
    assert "1 déplacée(s)" in said
    assert "répétition" in said


def test_open_and_all_exclude_each_other(border_moved):
    with pytest.raises(CommandError):
        run("--open", "--all")
