"""Layers and their zones, as programs read them."""

import pytest
from django.utils import timezone

from tests.machine import Machine, plain
from tests.town import NEW_YEAR, SQUARES, degrees

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


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "layer"),
        ({"layer": "nowhere"}, "layer"),
        ({"layer": "squares", "on": "demain"}, "on"),
        ({"layer": "squares", "bbox": "1,2,3"}, "bbox"),
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


def test_layers_are_for_those_who_may_see_them(town):
    company = Machine(town.person("contractor"))
    assert [company.get(path).status_code for path in ("layers", "zones?layer=squares")] == [403, 403]
