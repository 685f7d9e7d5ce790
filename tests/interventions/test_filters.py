"""The filters of every list: what each lets through, and what it refuses to read."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import QueryDict

from gisplatform.models import Authority
from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact
from tests.town import BORDER, FAR_AWAY, FOUNTAIN, NEW_YEAR, NOW, STALL, line, point


@pytest.fixture
def places(town) -> dict[str, ServiceRequest]:
    county = Authority.objects.create(code="county", name="Département modèle")
    town.department("roads", authority=county)
    town.rule("cleaning", zones=("WEST", "NORTH"))
    town.rule("roads", zones=("SOUTH",))
    town.rule("cleaning", category="bins")
    return {
        "fountain": town.request(
            FOUNTAIN,
            description="Tag près de l'école",
            address="3 rue Écuyère, Caen",
            contact=Contact(name="Zoé Lefèvre", email="zoe@example.org", phone="02 31 00 00 01"),
        ),
        "stall": town.request(STALL, channel="web", now=NOW + datetime.timedelta(days=1)),
        "border": town.request(BORDER, category=town.categories["bins"], now=NOW + datetime.timedelta(days=2)),
        "far": town.request(FAR_AWAY, now=NOW + datetime.timedelta(days=40)),
    }


@pytest.fixture
def filtered(town, places):
    def apply(query: str, *, role: str = "regulator") -> set[str]:
        request = SimpleNamespace(user=town.person(role, username=f"{role}-{query}"[:100]))
        listed = RequestFilter(QueryDict(query), queryset=ServiceRequest.objects.all(), request=request)
        assert listed.form.is_valid(), listed.form.errors
        ids = set(listed.qs.values_list("pk", flat=True))
        return {name for name, row in places.items() if row.pk in ids}

    return apply


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"fountain", "stall", "border", "far"}),
        (
            "state=&late=&mine=&family=&category=&authority=&department=&zone=&channel=&received_from=&received_to=&q=&bbox=",
            {"fountain", "stall", "border", "far"},
        ),
        ("state=to_sort", {"far"}),
        ("state=to_sort&state=to_evaluate", {"fountain", "stall", "border", "far"}),
        ("state=to_sort,closed", {"far"}),
        ("state=open", {"fountain", "stall", "border", "far"}),
        ("state=ended", set()),
        ("category=bins", {"border"}),
        ("category=bins&category=graffiti", {"fountain", "stall", "border", "far"}),
        ("family=cleanliness", {"fountain", "stall", "border", "far"}),
        ("family=unknown", set()),
        ("department=cleaning", {"fountain", "border"}),
        ("authority=county", {"stall"}),
        ("authority=county,town", {"fountain", "stall", "border"}),
        ("channel=web", {"stall"}),
        ("zone=squares:WEST", {"fountain"}),
        ("zone=squares:NORTH", {"border"}),
        ("zone=squares:SOUTH", {"stall", "border"}),
        ("zone=market:MARKET", {"stall"}),
        ("zone=market:WEST", set()),
        ("received_from=2026-03-03", {"stall", "border", "far"}),
        ("received_to=2026-03-03", {"fountain", "stall"}),
        ("received_from=2026-03-03&received_to=2026-03-03", {"stall"}),
        ("q=ecole", {"fountain"}),
        ("q=RUE+ecuyere", {"fountain"}),
        ("q=ecole+absente", set()),
        ("department=cleaning&category=bins", {"border"}),
    ],
)
def test_a_filter_lets_through(filtered, query, expected):
    assert filtered(query) == expected


def test_the_words_may_be_a_reference(filtered, places):
    assert filtered(f"q={places['stall'].reference}") == {"stall"}


@pytest.mark.parametrize("words", ["lefevre", "zoe@example.org", "02 31 00 00 01"])
def test_the_requester_is_found_only_by_who_may_see_them(filtered, words):
    assert filtered(f"q={words}", role="regulator") == {"fountain"}
    assert filtered(f"q={words}", role="technician") == set()


def test_whose_requester_is_not_reached_is_told_to_who_may_see_them(filtered, places):
    requester = places["fountain"].requester
    requester.unreached_at = NOW
    requester.save()
    assert filtered("unreached=true") == {"fountain"}
    assert filtered("unreached=false") == {"stall", "border", "far"}
    assert filtered("unreached=true", role="technician") == set()


def test_late_are_the_awaited_ones_past_their_date(filtered, places):
    def change(*names: str, **facts) -> None:
        ServiceRequest.objects.filter(pk__in=[places[name].pk for name in names]).update(**facts)

    change("stall", due_at=datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC))
    change("fountain", "border", due_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    change("fountain", state="done")
    change("far", due_at=None)
    assert filtered("late=true") == {"border"}
    assert filtered("late=false") == {"fountain", "stall", "far"}


def test_mine_are_those_i_logged(town, places):
    agent = town.person("agent")
    own = town.request(author=agent)
    request = SimpleNamespace(user=agent)
    listed = RequestFilter(QueryDict("mine=true"), queryset=ServiceRequest.objects.all(), request=request)
    assert list(listed.qs) == [own]


def test_a_box_holds_what_lies_in_it(filtered, places):
    place = point(FOUNTAIN).transform(4326, clone=True)
    around = f"{place.x - 0.001},{place.y - 0.001},{place.x + 0.001},{place.y + 0.001}"
    assert filtered(f"bbox={around}") == {"fountain"}


def test_a_zone_filters_by_its_shape_of_today(filtered, town):
    town.publish("squares", {"WEST": (0, 0, 100, 100)}, valid_from=NEW_YEAR.replace(month=2))
    assert filtered("zone=squares:WEST") == set()


def listed(query: str) -> RequestFilter:
    return RequestFilter(QueryDict(query), queryset=ServiceRequest.objects.all(), request=SimpleNamespace())


def test_a_line_is_in_each_zone_it_meets(town):
    across = town.request(line((900, 1500), (1100, 1500)))
    for code in ("WEST", "NORTH"):
        assert list(listed(f"zone=squares:{code}").qs) == [across]


@pytest.mark.parametrize(
    "query",
    [
        "state=lost",
        "channel=pigeon",
        "zone=WEST",
        "zone=:WEST",
        "bbox=1,2,3",
        "bbox=2,48,1,49",
        "bbox=-0.4,49.1,nan,49.2",
        "bbox=-0.4,49.1,-0.3,90",
        "received_from=yesterday",
        "received_to=9999-12-31",
        "category=a%00b",
        "q=%00",
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(query, db):
    form = listed(query).form
    assert not form.is_valid()
    assert list(form.errors) == [query.partition("=")[0]]


def test_a_zone_is_read_once_and_the_requests_through_their_index(town):
    """The shape must be a constant of the scan, not a join that asks for each request."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = listed("zone=squares:WEST").qs.explain()
    assert "InitPlan" in plan
    assert "Index Cond: (geom &&" in plan


def test_a_box_is_looked_up_in_the_index_of_the_places(town):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "Index Cond: (geom &&" in listed("bbox=-0.40,49.15,-0.33,49.21").qs.explain()


@pytest.mark.parametrize("query", ["bbox=-180,-85,180,85", "bbox=-10,40,10,52"])
def test_a_very_wide_box_holds_them_all(town, query):
    request = town.request()
    assert list(listed(query).qs) == [request]


def test_what_was_closed_long_before_is_not_looked_for_among_what_came_later(places):
    ServiceRequest.objects.filter(pk=places["fountain"].pk).update(state="closed", closed_at=NOW)
    assert list(listed("closed_to=2026-03-02").qs) == [places["fountain"]]
    assert listed("closed_to=2026-03-02").qs.filter(pk=places["far"].pk).count() == 0
