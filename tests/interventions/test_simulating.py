"""What a draft or a changed rule would move, played through in the model town, and the same done in earnest."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from interventions.routing.decide import decide_many
from interventions.routing.models import Decision, RoutingRule
from interventions.simulating import services
from interventions.simulating.models import Simulation
from interventions.simulating.services import NothingToTry, forget, order, play
from layers.models import LayerVersion
from layers.publishing import PublicationRefused, publish
from tests import town as model_town
from tests.interventions.rerouting.conftest import put
from tests.layers.commands import run
from tests.layers.drafts import draft
from tests.town import BORDER, FAR_AWAY, FOUNTAIN, NEW_YEAR, NOW, SQUARES, STALL, line

TODAY = timezone.localdate(NOW)
DAY = datetime.timedelta(days=1)
# The border between WEST and its neighbours moves 200 m to the east: the stall changes hands.
EASTWARD = [
    ("WEST", (0, 0, 1200, 2000)), ("NORTH", (1200, 1000, 2000, 2000)), ("SOUTH", (1200, 0, 2000, 1000)),
    ("ISLAND", SQUARES["ISLAND"]),
]  # fmt: skip


@pytest.fixture
def busy(town):
    """Each square answers for itself; four requests, one of them to sort, and a draft that moves the stall."""
    for code in SQUARES:
        town.rule(code.lower(), zones=(code,))
    town.requests = [town.request(place) for place in (FOUNTAIN, STALL, BORDER, FAR_AWAY)]
    town.draft = draft(town, EASTWARD, layer="squares")
    return town


def moves(simulation):
    rows = simulation.moves.order_by("request_id").select_related("from_department", "to_department")
    return [
        (each.request_id, *(side and side.code for side in (each.from_department, each.to_department)))
        for each in rows.filter(by_person=False, at_work=False)
    ]


def played(**facts):
    return order(**{"by": None, "now": NOW, **facts})


def test_it_says_which_requests_would_move_and_moves_none(busy):
    stall = busy.requests[1]
    before = list(ServiceRequest.objects.order_by("id").values_list("department", "decision", "updated_at"))
    simulation = played(version=busy.draft)
    assert (simulation.state, simulation.total, simulation.done) == ("ready", 4, 4)
    assert moves(simulation) == [(stall.pk, "south", "west")]
    (moved,) = simulation.moves.all()
    assert (moved.zone_code, moved.rule_name, moved.doubtful) == ("WEST", "graffiti × squares", False)
    assert moved.border_distance_m == pytest.approx(150)
    assert list(ServiceRequest.objects.order_by("id").values_list("department", "decision", "updated_at")) == before
    draft_after = LayerVersion.objects.get(pk=busy.draft.pk)
    assert (draft_after.status, draft_after.valid_from) == ("draft", None)
    assert LayerVersion.objects.get(layer__code="squares", number=1).valid_to is None
    assert Decision.objects.count() == 4


def test_publishing_moves_the_same(busy):
    busy.request(line((900, 300), (1100, 300)))
    busy.request((1199, 100))
    worked_on = busy.request((1100, 50))
    ServiceRequest.objects.filter(pk=worked_on.pk).update(state="planned")
    foreseen = moves(played(version=busy.draft))
    before = dict(ServiceRequest.objects.values_list("pk", "department__code"))
    put(busy.draft, reason="essai")
    after = dict(ServiceRequest.objects.values_list("pk", "department__code"))
    assert foreseen == [(pk, before[pk], after[pk]) for pk in sorted(after) if before[pk] != after[pk]]
    assert len(foreseen) == 3


def test_a_draft_for_a_later_day_is_tried_by_the_rules_of_that_day(busy):
    RoutingRule.objects.filter(department=busy.departments["west"]).update(valid_to=TODAY + DAY)
    busy.rule("harbour", zones=("WEST",), valid_from=TODAY + DAY)
    simulation = played(version=busy.draft, day=TODAY + DAY)
    assert simulation.rules_of == TODAY + DAY
    fountain, stall = busy.requests[:2]
    assert moves(simulation) == [(fountain.pk, "west", "harbour"), (stall.pk, "south", "harbour")]
    # The fountain's would be moved by any new decision of that day: it is not the draft that moves it.
    assert [each.anyway for each in simulation.moves.order_by("request_id")] == [True, False]


def test_a_draft_for_a_past_day_is_tried_by_the_rules_of_today(busy):
    simulation = played(version=busy.draft, day=NEW_YEAR)
    assert (simulation.day, simulation.rules_of) == (NEW_YEAR, TODAY)
    assert len(moves(simulation)) == 1


def test_moves_stand_in_the_order_of_their_requests(busy):
    """Also where some are answered alike and some, close to the new border, each by itself."""
    places = [(1195, 50 + 30 * number) if number % 3 else (1050, 50 + 30 * number) for number in range(30)]
    requests = [busy.request(place) for place in places]
    simulation = played(version=busy.draft)
    told = list(simulation.moves.order_by("pk").values_list("request", flat=True))
    assert told == [busy.requests[1].pk, *(each.pk for each in requests)]


def test_what_a_person_chose_would_stay_and_is_told_apart(busy):
    chosen = busy.request((1100, 100))
    move(request_id=chosen.pk, name="redirect", actor=busy.person("regulator"), now=NOW, reason="à eux",
         department=busy.department("island"))  # fmt: skip
    simulation = played(version=busy.draft)
    assert [request for request, _one, _other in moves(simulation)] == [busy.requests[1].pk]
    assert list(simulation.moves.filter(by_person=True).values_list("request", flat=True)) == [chosen.pk]


def test_what_is_worked_on_would_stay_and_is_told_apart(busy):
    ServiceRequest.objects.filter(pk=busy.requests[1].pk).update(state="in_progress")
    simulation = played(version=busy.draft)
    assert moves(simulation) == []
    assert list(simulation.moves.filter(at_work=True).values_list("request", flat=True)) == [busy.requests[1].pk]


def test_closed_requests_and_suggestions_are_left_out(busy):
    stall = busy.requests[1]
    busy.request(STALL, nature=ServiceRequest.Nature.SUGGESTION)
    move(request_id=stall.pk, name="refuse", actor=busy.person("regulator"), now=NOW, reason="non")
    simulation = played(version=busy.draft)
    assert (simulation.total, moves(simulation)) == (3, [])


def test_those_of_a_period_are_replayed_whatever_became_of_them(busy):
    stall = busy.requests[1]
    old = busy.request(STALL, now=NOW - 40 * DAY)
    regulator = busy.person("regulator")
    for request in (stall, old):
        move(request_id=request.pk, name="refuse", actor=regulator, now=NOW, reason="non")
    simulation = played(version=busy.draft, since=TODAY - 30 * DAY)
    assert moves(simulation) == [(stall.pk, "south", "west")]
    (moved,) = simulation.moves.all()
    assert (moved.is_open, moved.in_period) == (False, True)


def test_a_version_in_force_is_tried_as_it_is(busy):
    publish(busy.draft, valid_from=TODAY, by=None, now=NOW, reason="essai")
    assert len(moves(played(version=LayerVersion.objects.get(pk=busy.draft.pk)))) == 1
    over = LayerVersion.objects.get(layer__code="squares", number=1)
    with pytest.raises(NothingToTry, match="n’est plus en vigueur"):
        played(version=over)


def test_an_empty_draft_is_refused_as_by_publication(town):
    with pytest.raises(PublicationRefused):
        played(version=draft(town, [], layer="squares"))


# --- A changed rule ------------------------------------------------------------------------------------------------


def test_a_changed_rule_is_tried_without_being_saved(busy):
    rule = RoutingRule.objects.get(zone_codes=["SOUTH"])
    rule.department = busy.department("harbour")
    simulation = played(rule=rule)
    assert moves(simulation) == [(busy.requests[1].pk, "south", "harbour")]
    assert RoutingRule.objects.get(pk=rule.pk).department == busy.departments["south"]
    rule.save()
    decide_many([each.pk for each in busy.requests], now=NOW)
    assert ServiceRequest.objects.get(pk=busy.requests[1].pk).department == busy.departments["harbour"]


def test_a_new_rule_is_tried_without_being_written(busy):
    facts = {"category": busy.categories["graffiti"], "layer": busy.layers["market"], "valid_from": TODAY}
    rule = RoutingRule(code="new", name="Marché", department=busy.department("market"), priority=10, **facts)
    simulation = played(rule=rule)
    assert moves(simulation) == [(busy.requests[1].pk, "south", "market")]
    assert simulation.moves.get().rule_name == "Marché"
    assert not RoutingRule.objects.filter(code="new").exists()


def test_a_rule_that_ends_is_tried_on_the_day_it_no_longer_holds(busy):
    rule = RoutingRule.objects.get(zone_codes=["SOUTH"])
    rule.valid_to = TODAY + 7 * DAY
    simulation = played(rule=rule)
    assert simulation.rules_of == TODAY + 7 * DAY
    assert moves(simulation) == [(busy.requests[1].pk, "south", None)]


# --- Large sets ----------------------------------------------------------------------------------------------------


def test_chunks_make_no_difference(busy, monkeypatch):
    whole = moves(played(version=busy.draft, day=TODAY + DAY))
    monkeypatch.setattr(services, "CHUNK", 1)
    assert moves(played(version=busy.draft, day=TODAY + DAY)) == whole


def test_many_are_left_to_the_worker_which_may_be_interrupted(busy, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 3)
    simulation = played(version=busy.draft)
    assert (simulation.state, simulation.moves.count()) == ("waiting", 0)
    for _time in range(2):
        play(simulation_id=simulation.pk)
    simulation.refresh_from_db()
    assert (simulation.state, len(moves(simulation))) == ("ready", 1)


def test_a_failure_is_noted(busy, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 3)
    simulation = played(version=busy.draft)

    def broken(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(services.sql, "rows", broken)
    with pytest.raises(OSError, match="disk full"):
        play(simulation_id=simulation.pk)
    assert Simulation.objects.values_list("state", flat=True).get() == "failed"


def test_after_a_month_it_is_forgotten(busy):
    old, young = (played(version=busy.draft, now=NOW - days * DAY) for days in (31, 29))
    forget(before=NOW - services.KEPT_FOR)
    assert list(Simulation.objects.all()) == [young]
    assert old.moves.count() == 0


# --- The command ---------------------------------------------------------------------------------------------------


def test_the_command_tells_the_matrix(busy, still_clock):
    told = run("simulate", "squares", version=2)
    assert told["matrix"] == [{"from": "south", "to": "west", "requests": 1}]
    assert (told["replayed"], told["moved"], told["kept"]) == (4, 1, {"at_work": 0, "by_person": 0})


def test_the_command_counts_those_received_since_apart(busy, still_clock):
    move(request_id=busy.requests[1].pk, name="refuse", actor=busy.person("regulator"), now=NOW, reason="non")
    told = run("simulate", "squares", version=2, since="2026-02-01")
    assert told["matrix"] == []
    assert told["matrix_since"] == [{"from": "south", "to": "west", "requests": 1}]


def test_the_command_refuses_in_words(busy, still_clock):
    assert "n’a pas de version 9" in run("simulate", "squares", version=9).refusal
    assert "« hier » n’est pas" in run("simulate", "squares", version=2, since="hier").refusal


# --- Beside others -------------------------------------------------------------------------------------------------


def test_a_publication_waits_for_no_simulation_and_changes_nothing_of_it(transactional_db, monkeypatch):
    """The draft is published, and a rule changed, by another hand while the second chunk is still to come."""
    town = model_town.build()
    for code in SQUARES:
        town.rule(code.lower(), zones=(code,))
    for place in (STALL, (1100, 100)):
        town.request(place)
    version = draft(town, EASTWARD, layer="squares")
    monkeypatch.setattr(services, "CHUNK", 1)
    asked, replayed = services.sql.rows, []

    def others() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        publish(LayerVersion.objects.get(pk=version.pk), valid_from=TODAY, by=None, now=NOW, reason="essai")
        RoutingRule.objects.filter(zone_codes=["WEST"]).update(department=town.departments["island"])
        connection.close()

    def meanwhile(statement, parameters):
        if "written AS" in statement:
            replayed.append(parameters["ids"])
            if len(replayed) == 2:
                with ThreadPoolExecutor(1) as apart:
                    apart.submit(others).result()
        return asked(statement, parameters)

    monkeypatch.setattr(services.sql, "rows", meanwhile)
    simulation = played(version=version)
    assert len(replayed) == 2
    assert [(one, other) for _request, one, other in moves(simulation)] == [("south", "west")] * 2
    assert LayerVersion.objects.get(pk=version.pk).status == "published"
