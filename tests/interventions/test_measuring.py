"""Received, open, late, closed: counted from the rows the list shows."""

import datetime

import pytest
from django.db.models import Exists, OuterRef

from interventions.measuring import queries
from interventions.measuring.queries import Row
from interventions.requests.models import ServiceRequest
from layers.models import Zone
from tests.town import BORDER, CORNER, FAR_AWAY, FOUNTAIN, NOW, STALL, line

LATER = NOW + datetime.timedelta(days=10)


@pytest.fixture
def requests(town):
    """In WEST one late and one closed after two days, in SOUTH one done, between NORTH and SOUTH one; one far away."""
    town.rule("cleaning")
    town.request(FOUNTAIN)
    closed = town.request(FOUNTAIN, category=town.categories["bins"])
    ServiceRequest.objects.filter(pk=closed.pk).update(state="closed", closed_at=NOW + datetime.timedelta(days=2))
    done = town.request(STALL)
    ServiceRequest.objects.filter(pk=done.pk).update(state="done")
    town.request(BORDER)
    town.request(FAR_AWAY)
    return ServiceRequest.objects.all()


def told(rows: list[Row]) -> dict:
    return {row.key: (row.received, row.open, row.late, row.closed) for row in rows}


def test_the_figures_count_by_state_now(requests, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = queries.figures(requests, now=LATER)
    assert (found.received, found.open, found.late, found.closed) == (5, 4, 3, 1)
    assert found.days_to_close == pytest.approx(2)


def test_nothing_has_no_median(town):
    found = queries.figures(ServiceRequest.objects.none(), now=NOW)
    assert (found.received, found.days_to_close) == (0, None)


def test_a_breakdown_has_a_row_for_each_key(requests, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert told(queries.breakdown(requests, by="department", now=LATER)) == {
            "cleaning": (3, 3, 2, 0), None: (2, 1, 1, 1),
        }  # fmt: skip
    assert told(queries.breakdown(requests, by="authority", now=LATER))["town"] == (3, 3, 2, 0)
    assert told(queries.breakdown(requests, by="family", now=LATER)) == {"cleanliness": (5, 4, 3, 1)}
    assert told(queries.breakdown(requests, by="category", now=LATER))["bins"] == (1, 0, 0, 1)
    assert [row.name for row in queries.breakdown(requests.filter(state="done"), by="state", now=LATER)] == ["Terminée"]


def test_a_request_counts_in_every_zone_it_meets(requests, django_assert_num_queries):
    with django_assert_num_queries(4):
        found = told(queries.by_zone(requests, layer="squares", on=NOW.date(), now=LATER))
    assert found == {
        "WEST": (2, 1, 1, 1), "SOUTH": (2, 2, 1, 0), "NORTH": (1, 1, 1, 0), "ISLAND": (0, 0, 0, 0), None: (1, 1, 1, 0),
    }  # fmt: skip


def test_a_corner_and_a_line_count_in_each_zone_they_touch(town):
    town.request(CORNER)
    town.request(line(FOUNTAIN, STALL))
    found = told(queries.by_zone(ServiceRequest.objects.all(), layer="squares", on=NOW.date(), now=NOW))
    assert {key: row[0] for key, row in found.items()} == {"WEST": 2, "SOUTH": 2, "NORTH": 1, "ISLAND": 0}


@pytest.mark.parametrize("layer", ["squares", "market"])
def test_what_no_zone_holds_is_counted_as_one_by_one(town, layer):
    """Points and lines over borders, corners and gaps, with zones that lie on each other."""
    overlapping = {"A": (0, 0, 1000, 1000), "B": (500, 500, 1500, 1500), "C": (500, 0, 1000, 1500)}
    town.publish("market", overlapping)
    for n in range(64):
        place = (n % 8 * 500, n // 8 * 500)
        request = town.request(place if n % 5 else line(place, (place[0] + 900, place[1] + 300)))
        state = ("received", "done", "closed")[n % 3]
        ServiceRequest.objects.filter(pk=request.pk).update(state=state, closed_at=NOW if n % 3 == 2 else None)
    requests = ServiceRequest.objects.exclude(pk=ServiceRequest.objects.earliest("pk").pk)
    zones = Zone.objects.in_force(NOW.date()).filter(version__layer__code=layer)
    expected = requests.exclude(Exists(zones.filter(geom__intersects=OuterRef("geom")))).aggregate(
        **queries.counts(LATER)
    )
    assert expected["received"] > 5
    found = queries.by_zone(requests, layer=layer, on=NOW.date(), now=LATER)
    assert found[-1] == Row(key=None, name="", **expected)


def test_zones_that_share_a_code_count_a_request_once(town):
    town.publish("market", {"A": (0, 0, 600, 600), "B": (600, 0, 700, 700)})
    town.layers["market"].versions.get(valid_to=None).zones.update(code="SAME")
    town.request(line(FOUNTAIN, (650, 500)))
    town.request((650, 500))
    found = told(queries.by_zone(ServiceRequest.objects.all(), layer="market", on=NOW.date(), now=NOW))
    assert found == {"SAME": (2, 2, 0, 0)}


def test_a_layer_not_in_force_holds_nothing(requests):
    found = told(queries.by_zone(requests, layer="squares", on=datetime.date(2020, 1, 1), now=LATER))
    assert found == {None: (5, 4, 3, 1)}


def test_cells_count_what_stands_within_ten_metres(town, django_assert_num_queries):
    for place in (FOUNTAIN, (501, 502), (700, 700)):
        town.request(place)
    with django_assert_num_queries(2):
        found = queries.cells(ServiceRequest.objects.all())
    assert sorted(count for _lon, _lat, count in found) == [1, 2]


def test_many_requests_make_wider_cells(town, monkeypatch):
    monkeypatch.setattr(queries, "FINE_UP_TO", 2)
    for place in (FOUNTAIN, (501, 501), (9000, 9000)):
        town.request(place)
    assert len(queries.cells(ServiceRequest.objects.all())) == 2
