"""A tile holds exactly the requests its person may see under the filters of the list."""

import datetime
import json
from collections import Counter
from urllib.parse import urlencode

import pytest
import shapely
from django.contrib.gis.geos import Point
from django.urls import reverse
from rest_framework.test import APIClient

from gisplatform.geo import STORAGE_SRID, WEB_MERCATOR
from gisplatform.models import Authority
from gisplatform.tokens import issue
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from interventions.requests.tiles import services
from tests.layers.test_tiles import tile_at
from tests.town import BORDER, CORNER, FAR_AWAY, FOUNTAIN, GAP, NOW, STALL, degrees, line, point, square

FILTERS = [
    {},
    {"state": "open"},
    {"state": "to_evaluate", "department": "cleaning"},
    {"department": "-"},
    {"authority": "town"},
    {"category": "bins"},
    {"family": "cleanliness", "state": "ended"},
    {"mine": "true"},
    {"mine": "false"},
    {"channel": "web"},
    {"q": "ecuyere"},
    {"zone": "squares:WEST"},
    {"late": "true"},
    {"received_from": "2026-03-02", "received_to": "2026-03-02"},
    {"closed_from": "2026-03-01"},
    {"bbox": ",".join(map(str, [*degrees((0, 0)), *degrees((1020, 2000))]))},
]
LOW, HIGH = (4, 10, 13), (14,)


@pytest.fixture
def manager(town):
    return town.person("manager", department="cleaning", username="chief")


@pytest.fixture
def requests(town, manager):
    """Two in WEST, one of the manager and one refused; of the web at STALL; BORDER, CORNER, GAP; a line; an area."""
    town.rule("cleaning")
    town.request(FOUNTAIN, author=manager, address="3 rue Écuyère")
    closed = town.request((510, 505), category=town.categories["bins"])
    move(request_id=closed.pk, name="refuse", actor=manager, now=NOW, reason="Privé.")
    town.request(STALL, channel="web", now=NOW - datetime.timedelta(days=1))
    for place in (BORDER, CORNER, GAP):
        town.request(place)
    town.request(line(FOUNTAIN, BORDER))
    town.request(square(1200, 200, 1600, 700), category=town.categories["bins"])


def around(z):
    """The tiles of a zoom that cover the town, and a ring of them more."""
    places = [tile_at(place, z)[1:] for place in ((-2500, -2500), (5500, 4500))]
    (west, south), (east, north) = places
    return [(z, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


@pytest.mark.parametrize("folded", [False, True], ids=["noted", "folded"])
@pytest.mark.parametrize("query", FILTERS, ids=lambda query: "&".join(query) or "all")
def test_tiles_hold_what_the_list_counts(requests, manager, tiles, query, folded):
    if folded:
        services.fold()
    query, mine = urlencode(query), tiles(manager)
    expected = Counter(mine.listed(query).values_list("reference", flat=True))
    for z in LOW:
        assert sum(mine.counted(*tile, query) for tile in around(z)) == expected.total(), z
        assert sum(mine.counted(*tile, f"{query}&cells=64") for tile in around(z)) == expected.total(), z
    for z in HIGH:
        assert sum((mine.references(*tile, query) for tile in around(z)), Counter()) == expected, z


@pytest.mark.parametrize("folded", [False, True], ids=["noted", "folded"])
@pytest.mark.parametrize("role", ["agent", "regulator", "member", "analyst"])
def test_each_scope_sees_its_own(requests, town, tiles, role, folded):
    other = Authority.objects.create(code="county", name="Comté")
    town.department("roads", authority=other)
    for department in ("cleaning", "roads", "parks"):
        place = town.request(FOUNTAIN)
        ServiceRequest.objects.filter(pk=place.pk).update(department=town.department(department))
    ServiceRequest.objects.filter(pk=place.pk).update(issued_by=town.department("roads"))
    if folded:
        services.fold()
    counts = {}
    for home in ("cleaning", "roads", "parks"):
        mine = tiles(town.person(role, department=home, username=home))
        counts[home] = mine.listed().count()
        assert mine.counted(*tile_at(FOUNTAIN, 6)) == counts[home]
        assert sum((mine.references(*tile, "") for tile in around(14)), Counter()).total() == counts[home]
    assert len(set(counts.values())) > 1 or role == "analyst"


def test_another_authority_sees_nothing(requests, town, tiles):
    town.department("roads", authority=Authority.objects.create(code="county", name="Comté"))
    ServiceRequest.objects.filter(state="to_sort").update(state="refused")  # one to sort is everybody's who evaluates
    theirs = tiles(town.person("manager", department="roads"))
    for z in (*LOW, *HIGH):
        assert theirs.get(*tile_at(FOUNTAIN, z)).content == b""
    assert theirs.document()["crowd"] is None
    assert "bounds" not in theirs.document()


def test_on_the_edge_of_tiles_a_request_is_drawn_once(town, manager, tiles):
    z, x, y = tile_at(CORNER, 15)
    side = 40075016.685578488 / 2**z
    corner = Point(x * side - 20037508.342789244, 20037508.342789244 - y * side, srid=WEB_MERCATOR)
    town.request(corner.transform(STORAGE_SRID, clone=True))
    ServiceRequest.objects.update(department=town.department("cleaning"))
    mine = tiles(manager)
    for zoom in (10, 13, 14, 15, 16, 18):
        x, y = (number >> (15 - zoom) if zoom < 15 else number << (zoom - 15) for number in tile_at(CORNER, 15)[1:])
        near = [(zoom, x + across, y + down) for across in (-1, 0, 1) for down in (-1, 0, 1)]
        drawn = [mine.counted(*tile) if zoom < 14 else mine.references(*tile).total() for tile in near]
        assert sum(drawn) == 1, zoom


def test_points_lie_where_they_were_placed(requests, manager, tiles):
    tile = tile_at(STALL, 16)
    (place, facts), *_others = tiles(manager).read(*tile, "channel=web", layer="requests")
    expected = point(STALL).transform(WEB_MERCATOR, clone=True)
    assert place.distance(shapely.Point(*expected.coords)) < 40075016.7 / 2**16 / 4096
    assert (facts["state"], facts["category"], facts["late"]) == ("to_evaluate", "Graffitis", True)


def test_lines_and_areas_are_drawn_as_they_are(requests, manager, tiles):
    mine = tiles(manager)
    shapes = [each for tile in around(15) for each in mine.read(*tile, layer="requests-shapes")]
    kinds = {shape.geom_type.removeprefix("Multi") for shape, _facts in shapes}
    assert kinds == {"LineString", "Polygon"}
    assert len({facts["reference"] for _shape, facts in shapes}) == 2
    assert len(shapes) > 2  # each is cut by the tiles it crosses


def test_a_cell_of_one_state_says_it_and_stands_in_the_middle(town, manager, tiles):
    town.rule("cleaning")
    for place in (FOUNTAIN, (520, 500), (540, 500)):
        town.request(place)
    mine = tiles(manager)
    [(place, facts)] = mine.read(*tile_at(FOUNTAIN, 10), layer="requests-cells")
    middle = point((520, 500)).transform(WEB_MERCATOR, clone=True)
    assert (int(facts["count"]), facts["state"]) == (3, "to_evaluate")
    assert place.distance(shapely.Point(*middle.coords)) < 40075016.7 / 2**10 / 4096 + 2
    services.fold()
    move(request_id=ServiceRequest.objects.first().pk, name="accept", actor=manager, now=NOW)
    [(_place, facts)] = mine.read(*tile_at(FOUNTAIN, 10), layer="requests-cells")
    assert (int(facts["count"]), facts.get("state")) == (3, None)


def test_the_document_says_where_they_are(requests, manager, town, tiles):
    mine = tiles(manager)
    west, south, east, north = mine.document()["bounds"]
    for place in (FOUNTAIN, BORDER, GAP):
        lon, lat = degrees(place)
        assert west <= lon <= east
        assert south <= lat <= north
    document = mine.document("q=ecuyere")
    assert document["tiles"] == ["http://testserver/tiles/requests/{z}/{x}/{y}.mvt?q=ecuyere"]
    assert document["crowd"][:2] == pytest.approx(degrees(FOUNTAIN), abs=1e-4)
    assert [each["id"] for each in document["vector_layers"]] == ["requests-cells", "requests", "requests-shapes"]


def test_one_far_away_does_not_move_the_first_look(town, manager, tiles, many):
    many(150)
    town.request((300_000, 300_000))
    ServiceRequest.objects.update(department=town.department("cleaning"))
    document = tiles(manager).document()
    assert document["bounds"][2] - document["bounds"][0] > 2
    assert document["crowd"][2] - document["crowd"][0] < 0.1


def test_what_cannot_be_read_is_said(requests, manager, tiles):
    mine = tiles(manager)
    for query in ("state=lost", "cells=3", "received_from=hier", "bbox=1"):
        answer = mine.get(*tile_at(FOUNTAIN, 12), query, HTTP_ACCEPT="application/x-protobuf")
        assert answer.status_code == 400, query
        assert answer["Content-Type"] == "application/problem+json"
    assert mine.get(2, 4, 0).status_code == 404


def test_tiles_are_for_those_who_may_see_requests(requests, town):
    client, address = APIClient(), reverse("tiles-requests", args=tile_at(FOUNTAIN, 12))
    assert client.get(address).status_code == 401
    client.force_login(town.person("contractor"))
    assert json.loads(client.get(address).content)["status"] == 403
    token = issue(user=town.person("agent", department="cleaning"))
    answer = APIClient().get(address, HTTP_AUTHORIZATION=f"Bearer {token}")
    assert answer.status_code == 200
    assert answer.content


def test_a_tile_asks_three_questions_of_the_database(requests, manager, tiles, django_assert_num_queries):
    mine = tiles(manager)
    for z in (10, 14):
        mine.get(*tile_at(FOUNTAIN, z))
        # Person, roles, department; revision, rows, drawing.
        with django_assert_num_queries(6):
            mine.get(*tile_at(FOUNTAIN, z))


# --- What a client may keep ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [10, 15])
def test_a_tile_held_is_told_so_without_drawing_until_a_request_changes(
    requests, manager, tiles, z, django_assert_num_queries
):
    mine, tile = tiles(manager), tile_at(FOUNTAIN, z)
    first = mine.get(*tile)
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Authorization"} <= {each.strip() for each in first["Vary"].split(",")}
    with django_assert_num_queries(3):  # person, roles, revision
        again = mine.get(*tile, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    services.fold()
    assert mine.get(*tile, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    services.rebuild()
    known = mine.get(*tile)["ETag"]
    for change in ({"state": "accepted"}, {"description": "Autre"}, {"closed_at": NOW}):
        ServiceRequest.objects.filter(pk=ServiceRequest.objects.first().pk).update(**change)
        fresh = mine.get(*tile, HTTP_IF_NONE_MATCH=known)
        assert fresh.status_code == 200, change
        known = fresh["ETag"]
    services.fold()
    assert mine.get(*tile, HTTP_IF_NONE_MATCH=known).status_code == 304


def test_a_person_moved_elsewhere_gets_other_tiles(requests, town, manager, tiles):
    mine, tile = tiles(manager), tile_at(FOUNTAIN, 10)
    before = mine.get(*tile)
    town.department("roads", authority=Authority.objects.create(code="county", name="Comté"))
    manager.department = town.department("roads")
    manager.save()
    assert mine.get(*tile, HTTP_IF_NONE_MATCH=before["ETag"]).status_code == 200


def test_no_tile_far_from_all_requests(requests, manager, tiles):
    assert tiles(manager).get(*tile_at(FAR_AWAY, 13)).content == b""
