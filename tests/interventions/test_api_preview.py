"""GET /api/v1/routing/preview: who would answer."""

from typing import Any

import pytest

from interventions.requests.models import ServiceRequest
from tests.machine import lonlat, plain
from tests.town import FAR_AWAY, FOUNTAIN


@pytest.fixture
def ruled(town):
    town.rule("west", zones=("WEST",))
    town.rule("north", zones=("NORTH",))
    return town


def query(place, **more):
    lon, lat = lonlat(place)["coordinates"]
    return {"category": "graffiti", "lon": lon, "lat": lat, **more}


def test_it_tells_who_would_answer_and_writes_nothing(ruled, agent):
    answer = agent.get("routing/preview", query(FOUNTAIN))
    told = answer.json()
    assert {**told, "sentence": plain(told["sentence"])} == {
        "state": "routed",
        "department": "west",
        "department_name": "West",
        "authority": "town",
        "authority_name": "Ville modèle",
        "sentence": "West : règle graffiti × squares, zone West, à 500 m de la limite",
        "rule": "rule-1",
        "layer": "squares",
        "layer_version": 1,
        "zone": "WEST",
        "zone_name": "West",
        "share": 1,
        "border_distance_m": 500.0,
        "doubtful": False,
        "candidates": [],
    }
    assert not ServiceRequest.objects.exists()


def test_it_answers_as_the_request_that_follows(ruled, agent):
    told = agent.get("routing/preview", query((995, 1500), accuracy_m=30)).json()
    made = ruled.request((995, 1500), accuracy_m=30)
    routing = made.decision.reason.trace
    assert told["doubtful"] is True is made.decision.reason.doubtful
    assert told["department"] == made.department.code
    assert [each["zone"] for each in told["candidates"]] == [
        each["zone"]["code"] for each in routing["candidates"] if each["reason"] != "chosen"
    ]


def test_nobody_answers_outside_everything(ruled, agent):
    told = agent.get("routing/preview", query(FAR_AWAY)).json()
    assert (told["state"], told["department"], told["department_name"], told["zone_name"]) == ("to_sort",) + (None,) * 3
    assert plain(told["sentence"]) == "Aucune règle ne répond ici : le technicien du site central triera la demande."


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no category": ({"category": ""}, "category"),
    "unknown category": ({"category": "nothing"}, "category"),
    "no longitude": ({"lon": ""}, "lon"),
    "letters": ({"lat": "north"}, "lat"),
    "beyond the world": ({"lat": 91}, "lat"),
    "where the storage CRS ends": ({"lat": -90}, "lat"),
    "no number": ({"lon": "nan"}, "lon"),
    "accuracy below zero": ({"accuracy_m": -1}, "accuracy_m"),
    "accuracy that is no number": ({"accuracy_m": "nan"}, "accuracy_m"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_is_told_by_field(ruled, agent, name):
    changed, blamed = WRONG[name]
    answer = agent.get("routing/preview", {**query(FOUNTAIN), **changed})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert list(answer.json()["errors"]) == [blamed]


def test_a_page_asks_with_its_session(ruled, client):
    client.force_login(ruled.person("agent"))
    assert client.get("/api/v1/routing/preview", query(FOUNTAIN)).json()["department"] == "west"


def test_who_sees_no_request_sees_no_preview(ruled, machine):
    assert machine("contractor").get("routing/preview", query(FOUNTAIN)).status_code == 403
