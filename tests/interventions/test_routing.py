"""Who answers: every kind of place, alone and in a batch."""

import pytest
from django.db.models import F

from interventions.importing.seeding import seed
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest
from interventions.routing.decide import decide, decide_many, preview
from interventions.routing.models import Reason
from tests.bench import town_of_500_zones
from tests.town import (
    BORDER,
    CORNER,
    FAR_AWAY,
    FOUNTAIN,
    GAP,
    NOW,
    SQUARES,
    STALL,
    X,
    Y,
    line,
    point,
    square,
)  # fmt: skip

AREAS = {
    "inside": FOUNTAIN,
    "border": BORDER,
    "triple point": CORNER,
    "overlap": STALL,
    "gap": GAP,
    "outside everything": FAR_AWAY,
    "line across two": line((1500, 900), (1500, 1300)),
    "line along the border": line((1200, 1000), (1800, 1000)),
    "area across three": square(900, 900, 1400, 1200),
    "area touching only": square(2000, 200, 2020, 300),
}
EXPECTED = {
    "inside": "west",
    "border": "north",  # equal shares and areas: the zone with the smaller id
    "triple point": "north",  # smaller than WEST, older than SOUTH
    "overlap": "market",  # its rule comes first
    "gap": None,
    "outside everything": None,
    "line across two": "north",  # 300 m of 400
    "line along the border": "north",
    "area across three": "north",  # 400 × 200 m of 500 × 300
    "area touching only": None,  # an area that only touches a zone is not in it
}
REASON = ("department_id", "rule_id", "zone_id", "layer_version_id", "share", "doubtful", "trace")


@pytest.fixture
def ruled(town):
    for code in SQUARES:
        town.rule(code.lower(), zones=(code,))
    town.rule("market", layer="market", priority=50)
    return town


@pytest.mark.parametrize("name", AREAS)
def test_each_place_has_its_answer(ruled, name):
    request = ruled.request(AREAS[name])
    assert request.department == (ruled.departments[EXPECTED[name]] if EXPECTED[name] else None)
    assert request.state == (State.TO_EVALUATE if EXPECTED[name] else State.TO_SORT)


def test_a_batch_answers_as_each_alone_and_as_the_preview(ruled):
    requests = {name: ruled.request(place) for name, place in AREAS.items()}
    ids = [request.pk for request in requests.values()]
    batch = {answer.request_id: answer for answer in decide(ids, now=NOW)}
    assert decide_many(ids, now=NOW) == (len(AREAS), list(EXPECTED.values()).count(None))
    for name, request in requests.items():
        alone, together, among_many = request.decision, batch[request.pk], request.decisions.order_by("id").last()
        tried = preview(category=request.category, geom=request.geom, now=NOW)
        for other in (together, tried):
            for fact in REASON:
                assert getattr(other, fact) == getattr(alone.reason, fact), (name, fact)
            assert other.border_distance_m == alone.border_distance_m
        assert among_many.reason == alone.reason, name
        assert among_many.border_distance_m == alone.border_distance_m


def test_a_batch_answers_as_each_alone_in_a_whole_town_its_borders_included(db):
    town_of_500_zones.build()
    seed(count=3000, now=NOW)
    ids = list(ServiceRequest.objects.values_list("pk", flat=True))
    told = []
    for way in (decide, decide_many):
        way(ids, now=NOW)
        current = ServiceRequest.objects.values_list("pk", "department_id", "decision__reason_id")
        told.append({pk: found for pk, *found in current.annotate(far=F("decision__border_distance_m"))})
    alone, among_many = told
    assert among_many == alone
    assert sum(far is not None and far < 10 for *_found, far in alone.values()) > 50  # at an edge, where it is hard


def test_a_decision_is_added_and_never_overwritten(ruled):
    request = ruled.request(FOUNTAIN)
    decide([request.pk], now=NOW)
    request.refresh_from_db()
    first, second = request.decisions.order_by("id")
    assert request.decision == second
    assert first.reason == second.reason


def test_priority_comes_before_everything(town):
    town.rule("later", priority=100)
    town.rule("sooner", category=None, priority=90)
    assert town.request().department.code == "sooner"


def test_a_rule_for_the_category_comes_before_its_familys(town):
    town.rule("family", category=None)
    town.rule("category")
    assert town.request().department.code == "category"


def test_the_larger_share_wins_over_the_smaller_zone(town):
    town.rule("squares")
    town.rule("market", layer="market")
    assert town.request(line((800, 500), (950, 500))).department.code == "squares"


def test_of_two_zones_holding_it_all_the_smaller_wins(town):
    town.rule("squares")
    town.rule("market", layer="market")
    assert town.request(STALL).department.code == "market"


def test_a_rule_naming_the_zone_comes_before_a_rule_for_all(town):
    town.rule("anywhere")
    town.rule("named", zones=("WEST",))
    assert town.request().department.code == "named"


def test_of_two_equal_rules_the_first_written_wins(town):
    town.rule("first")
    town.rule("second")
    request = town.request()
    assert request.department.code == "first"
    assert [each["reason"] for each in request.decision.reason.trace["candidates"]] == ["chosen", "rule"]


def test_without_a_rule_the_request_is_to_sort(town):
    request = town.request()
    assert (request.state, request.department) == (State.TO_SORT, None)
    assert request.decision.reason.trace == {"candidates": []}


def test_a_rule_of_another_category_does_not_answer(town):
    town.rule("bins", category="bins")
    assert town.request().department is None


def test_a_rule_counts_from_its_first_day_until_its_last(town):
    town.rule("old", valid_to=NOW.date())
    town.rule("new", valid_from=NOW.date())
    town.rule("future", valid_from=NOW.date().replace(day=3), priority=1)
    assert town.request().department.code == "new"


def test_the_layer_version_of_the_day_decides(town):
    town.rule("west", zones=("WEST",))
    town.publish("squares", {"WEST": (0, 0, 100, 100)}, valid_from=NOW.date().replace(day=5))
    assert town.request(FOUNTAIN).department.code == "west"
    assert town.request(FOUNTAIN, now=NOW.replace(day=5)).department is None


def test_the_trace_names_rule_zone_version_share_border_and_losers(ruled):
    decision = ruled.request(STALL).decision
    chosen, loser = decision.reason.trace["candidates"]
    assert chosen["rule"] == {"code": "rule-5", "name": "graffiti × market", "priority": 50}
    assert chosen["zone"] == {"code": "MARKET", "name": "Market"}
    assert chosen["layer"] == {"code": "market", "name": "marché", "version": 1}
    assert (loser["zone"]["code"], loser["reason"]) == ("SOUTH", "priority")
    assert decision.reason.share == 1
    assert decision.border_distance_m == pytest.approx(50)


@pytest.mark.parametrize(
    ("metres_from_the_border", "accuracy_m", "doubtful"),
    [(8, None, True), (12, None, False), (12, 30, True), (500, 30, False)],
)
def test_an_answer_is_doubtful_when_the_other_side_is_within_reach(ruled, metres_from_the_border, accuracy_m, doubtful):
    request = ruled.request((1500, 1000 + metres_from_the_border), accuracy_m=accuracy_m)
    assert request.department.code == "north"
    assert request.decision.reason.doubtful is doubtful
    rivals = [each["department"]["code"] for each in request.decision.reason.trace["candidates"] if each["rival"]]
    assert rivals == (["south"] if doubtful else [])


def test_a_border_between_zones_of_one_department_raises_no_doubt(town):
    town.rule("all")
    assert town.request((1500, 1001)).decision.reason.doubtful is False


def test_a_better_rule_within_reach_raises_a_doubt(ruled):
    near_market = ruled.request((1105, 500))
    assert near_market.department.code == "south"
    assert near_market.decision.reason.doubtful is True


def test_leaving_an_overlap_raises_a_doubt(ruled):
    at_its_edge = ruled.request((1095, 500))
    assert at_its_edge.department.code == "market"
    assert at_its_edge.decision.reason.doubtful is True


def test_in_a_gap_the_nearest_are_named(ruled):
    decision = ruled.request(GAP).decision
    near = [(each["department"]["code"], each["away_m"]) for each in decision.reason.trace["candidates"]]
    assert near == [("south", 10), ("island", 10)]


def test_the_town_lies_where_it_says():
    assert point(FOUNTAIN).coords == (X + 500, Y + 500)


def test_decisions_that_say_the_same_share_their_reason(ruled):
    one, other, elsewhere = ruled.request(FOUNTAIN), ruled.request((510, 510)), ruled.request(STALL)
    assert one.decision.reason == other.decision.reason != elsewhere.decision.reason
    assert one.decision.border_distance_m != other.decision.border_distance_m


def test_a_reason_keeps_the_names_of_its_day(ruled):
    request = ruled.request(FOUNTAIN)
    ruled.departments["west"].name = "Ouest"
    ruled.departments["west"].save()
    decide([request.pk], now=NOW)
    before, after = request.decisions.order_by("id")
    names = [each.reason.trace["candidates"][0]["department"]["name"] for each in (before, after)]
    assert names == ["West", "Ouest"]


def test_a_preview_keeps_no_reason(ruled):
    request = ruled.request(FOUNTAIN)
    kept = Reason.objects.count()
    preview(category=request.category, geom=point(STALL), now=NOW)
    assert Reason.objects.count() == kept
