"""The life of a request: every move from every state, and who may make it."""

import datetime

import pytest

from gisplatform.errors import MoveRefused
from gisplatform.roles import PERMISSIONS, ROLES
from interventions.requests.detail import MADE
from interventions.requests.lifecycle import AT_WORK, AWAITED, ENDED, MOVES, OPEN, UNDECIDED, State, possible
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from tests.town import NOW

LATER = NOW + datetime.timedelta(hours=3)
NO = "–"

# What each move makes of each state; "–" where it is refused, "=" where the state stays.
TABLE = """
             accept    redirect     refuse   answer  watch    plan     start        finish  verify  close   reopen       reschedule  merge      cancel
to_sort      accepted  to_evaluate  refused  closed  –        –        –            –       –       –       –            =           duplicate  cancelled
to_evaluate  accepted  to_evaluate  refused  closed  –        –        –            –       –       –       –            =           duplicate  cancelled
accepted     –         to_evaluate  –        –       watched  planned  in_progress  done    –       –       –            =           duplicate  cancelled
watched      –         to_evaluate  –        –       –        planned  in_progress  –       –       closed  –            =           duplicate  cancelled
planned      –         to_evaluate  –        –       –        –        in_progress  done    –       –       –            =           duplicate  cancelled
in_progress  –         to_evaluate  –        –       –        –        –            done    –       –       –            =           duplicate  cancelled
done         –         –            –        –       –        –        –            –       =       closed  to_evaluate  –           –          –
closed       –         –            –        –       –        –        –            –       –       –       to_evaluate  –           –          –
refused      –         –            –        –       –        –        –            –       –       –       to_evaluate  –           –          –
duplicate    –         –            –        –       –        –        –            –       –       –       to_evaluate  –           –          –
cancelled    –         –            –        –       –        –        –            –       –       –       to_evaluate  –           –          –
"""  # noqa: E501
NAMES, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [(state, name, after) for state, *cells in ROWS for name, after in zip(NAMES, cells, strict=True)]


def test_the_table_above_names_every_state_and_every_move():
    assert [state for state, *_cells in ROWS] == State.values
    assert list(MOVES) == NAMES


@pytest.fixture
def request_in(town):
    def make(state: str) -> ServiceRequest:
        town.rule("cleaning")
        request = town.request()
        ServiceRequest.objects.filter(pk=request.pk).update(state=state, closed_at=NOW if state in ENDED else None)
        request.refresh_from_db()
        return request

    return make


@pytest.mark.parametrize(("state", "name", "after"), CASES, ids=[f"{state}-{name}" for state, name, _ in CASES])
def test_every_move_from_every_state(town, request_in, state, name, after):
    request = request_in(state)
    facts = {
        "reason": "Un motif.",
        "department": town.department("parks") if name == "redirect" else None,
        "joins": town.request() if name == "merge" else None,
        "due_on": LATER.date() if name == "reschedule" else None,
    }
    if after == NO:
        with pytest.raises(MoveRefused):
            move(request_id=request.pk, name=name, actor=None, now=LATER, **facts)
        before = (request.state, request.updated_at, request.closed_at, request.department_id)
        request.refresh_from_db()
        assert (request.state, request.updated_at, request.closed_at, request.department_id) == before
        assert request.events.count() == 1
        return
    event = move(request_id=request.pk, name=name, actor=None, now=LATER, **facts)
    request.refresh_from_db()
    wanted = state if after == "=" else after
    assert (request.state, request.updated_at) == (wanted, LATER)
    assert request.closed_at == (LATER if wanted in ENDED else None)
    assert (event.move, event.from_state, event.to_state) == (name, state, wanted)
    assert (event.at, event.text, event.public) == (LATER, "Un motif.", MOVES[name].public)


def test_the_groups_of_states_hold_each_state_once():
    assert sorted((*OPEN, *ENDED)) == sorted(State)
    assert set(UNDECIDED) | set(AT_WORK) == set(AWAITED)
    assert set(OPEN) - set(AWAITED) == {State.DONE}


def test_every_move_has_its_words_once_made():
    assert set(MADE) == set(MOVES)


def test_every_move_asks_for_a_permission_that_somebody_has():
    for name, each in MOVES.items():
        assert each.permission in PERMISSIONS
        assert any(each.permission in role.permissions for role in ROLES.values()), name


@pytest.mark.parametrize(
    ("role", "state", "moves"),
    [
        ("agent", "to_evaluate", ["answer", "cancel"]),
        ("agent", "planned", ["cancel"]),
        ("agent", "closed", []),
        ("technician", "in_progress", ["cancel"]),
        ("member", "accepted", ["plan", "start", "finish", "reschedule", "cancel"]),
        ("regulator", "to_sort", ["accept", "redirect", "refuse", "answer", "reschedule", "merge", "cancel"]),
        ("regulator", "done", ["verify", "close", "reopen"]),
        ("manager", "watched", ["redirect", "plan", "start", "close", "reschedule", "merge", "cancel"]),
        ("analyst", "to_sort", []),
        ("contractor", "accepted", []),
    ],
)
def test_what_is_possible_depends_on_the_state_and_on_the_person(role, state, moves):
    assert list(possible(state=state, may=ROLES[role].permissions.__contains__)) == moves
