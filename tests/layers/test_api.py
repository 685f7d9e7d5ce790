"""Layers and their zones, as programs read them."""

import datetime

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from gisplatform import geo
from layers.models import Zone
from tests.machine import Machine, plain
from tests.town import FAR_AWAY, FOUNTAIN, GAP, NEW_YEAR, SQUARES, STALL, degrees

pytestmark = pytest.mark.usefixtures("still_clock")


@pytest.fixture
def agent(town):
    return Machine(town.person("agent"))


def codes(answer):
    return [each["properties"]["code"] for each in answer.json()["features"]]


def test_layers_tell_what_is_in_force(agent, town):
    row = next(each for each in agent.get("layers").json()["layers"] if each["code"] == "squares")
    assert (row["name"], row["version"], row["valid_from"], row["zones"]) == ("quartiers", 1, "2026-01-01", 4)
    links = {each["rel"]: each["href"] for each in row["links"]}
    assert agent.client.get(links["zones"]).json()["features"][0]["properties"]["code"] == "ISLAND"
    assert agent.client.get(links["tiles"]).json()["collection"] == "squares"


def test_zones_are_those_of_the_day(agent, town):
    town.publish("squares", {"EAST": SQUARES["NORTH"]}, valid_from=timezone.localdate())
    (zone,) = agent.get("zones", {"layer": "squares"}).json()["features"]
    assert zone["properties"] == {
        "layer": "squares", "version": 2, "code": "EAST", "name": "East", "area_m2": 1e6, "attributes": {},
        "valid_from": timezone.localdate().isoformat(), "valid_to": None,
    }  # fmt: skip
    assert zone["geometry"]["coordinates"][0][0][0] == pytest.approx(degrees(SQUARES["NORTH"][:2]), abs=1e-6)
    assert codes(agent.get("zones", {"layer": "squares", "on": NEW_YEAR.isoformat()})) == sorted(SQUARES)
    assert codes(agent.get("zones", {"layer": "squares", "on": "2025-12-31"})) == []


def test_pages_follow_each_other_without_loss(agent, town):
    town.publish("market", {f"Z{n:03}": (n, 0, n + 1, 1) for n in range(25)}, valid_from=timezone.localdate())
    found, answer = [], agent.get("zones", {"layer": "market", "limit": 10})
    while True:
        found += codes(answer)
        following = [each["href"] for each in answer.json()["links"] if each["rel"] == "next"]
        if not following:
            break
        answer = agent.client.get(following[0])
    assert found == [f"Z{n:03}" for n in range(25)]


def test_zones_of_a_box(agent):
    west, south = degrees((-10, -10))
    east, north = degrees((500, 500))
    assert codes(agent.get("zones", {"layer": "squares", "bbox": f"{west},{south},{east},{north}"})) == ["WEST"]


def lonlat(place):
    return ",".join(map(str, degrees(place)))


@pytest.mark.parametrize(
    ("place", "expected"),
    [(FOUNTAIN, ["WEST"]), (STALL, ["SOUTH"]), (GAP, []), (FAR_AWAY, [])],
)
def test_the_zones_of_a_layer_that_hold_a_point(agent, place, expected):
    assert codes(agent.get("zones", {"layer": "squares", "point": lonlat(place)})) == expected


def test_a_point_is_answered_by_the_version_of_the_day(agent, town):
    """Which zone held this place on 12 March 2024?"""
    town.layers["market"].versions.all().delete()
    town.publish("market", {"OLD": SQUARES["WEST"]}, valid_from=datetime.date(2024, 1, 1))
    town.publish("market", {"NEW": SQUARES["WEST"]}, valid_from=datetime.date(2024, 3, 13))

    def on(day):
        (zone,) = agent.get("zones", {"layer": "market", "on": day, "point": lonlat(FOUNTAIN)}).json()["features"]
        return zone["properties"]["code"], zone["properties"]["version"]

    assert on("2024-03-12") == ("OLD", 1)
    assert on("2024-03-13") == ("NEW", 2)


def test_a_point_and_a_box_are_both_asked_for(agent):
    (west, south), (east, north) = degrees((100, 100)), degrees((200, 200))
    query = {"layer": "squares", "bbox": f"{west},{south},{east},{north}"}
    assert codes(agent.get("zones", {**query, "point": lonlat(FOUNTAIN)})) == ["WEST"]
    assert codes(agent.get("zones", {**query, "point": lonlat(STALL)})) == []


def test_a_border_belongs_to_both_sides_and_they_come_by_pages(agent, town):
    x, y = geo.point(*degrees(FOUNTAIN)).coords  # as the degrees come back: the border is there to the last decimal
    version = town.publish("market", {})
    for code, box in (("LEFT", (x - 9, y - 9, x, y + 9)), ("RIGHT", (x, y - 9, x + 9, y + 9))):
        outline = MultiPolygon(Polygon.from_bbox(box), srid=geo.STORAGE_SRID)
        Zone.objects.create(version=version, code=code, name=code, geom=outline)
    query = {"layer": "market", "point": lonlat(FOUNTAIN), "limit": 1}
    answer = agent.get("zones", query)
    (following,) = [each["href"] for each in answer.json()["links"] if each["rel"] == "next"]
    assert codes(answer) + codes(agent.client.get(following)) == ["LEFT", "RIGHT"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1", "Écrivez un point sous la forme longitude,latitude, en degrés, par exemple -0.3625,49.1838."),
        ("1,2,3", "Écrivez un point sous la forme longitude,latitude, en degrés, par exemple -0.3625,49.1838."),
        ("nan,49", "Écrivez un point sous la forme longitude,latitude, en degrés, par exemple -0.3625,49.1838."),
        ("ici,là", "Écrivez un point sous la forme longitude,latitude, en degrés, par exemple -0.3625,49.1838."),
        ("-0.36,149", "Une longitude est comprise entre −180 et 180, une latitude entre −90 et 90."),
    ],
)
def test_a_point_that_is_none_is_said_in_french(agent, text, said):
    answer = agent.get("zones", {"layer": "squares", "point": text})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [plain(each) for each in answer.json()["errors"]["point"]] == [said]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "layer"),
        ({"layer": "nowhere"}, "layer"),
        ({"layer": "squares", "on": "demain"}, "on"),
        ({"layer": "squares", "bbox": "1,2,3"}, "bbox"),
        ({"layer": "squares", "point": "-0.3625"}, "point"),
        ({"layer": "squares", "cursor": "abc"}, "cursor"),
        ({"layer": "squares", "cursor": "WzEsMl0"}, "cursor"),
        ({"layer": "squares", "limit": 5000}, "limit"),
    ],
)
def test_what_cannot_be_read_is_said_by_field(agent, query, field):
    answer = agent.get("zones", query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert list(answer.json()["errors"]) == [field]
    if query.get("layer") == "nowhere":
        assert plain(answer.json()["errors"]["layer"][0]) == "Il n’y a pas de couche « nowhere »."


def test_a_page_of_zones_costs_the_same_whatever_its_size(agent, town, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        agent.get("zones", {"layer": "squares"})
    town.publish("market", {f"Z{n}": (n, 0, n + 1, 1) for n in range(60)}, valid_from=timezone.localdate())
    with django_assert_max_num_queries(5):
        assert len(codes(agent.get("zones", {"layer": "market"}))) == 60
    with django_assert_max_num_queries(6):
        assert codes(agent.get("zones", {"layer": "squares", "point": lonlat(FOUNTAIN)})) == ["WEST"]


def test_layers_are_for_those_who_may_see_them(town):
    company = Machine(town.person("contractor"))
    assert [company.get(path).status_code for path in ("layers", "zones?layer=squares")] == [403, 403]
