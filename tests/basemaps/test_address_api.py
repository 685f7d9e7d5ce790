"""Address search and reverse for machines, in the shape of the national service."""

import pytest
from django.urls import reverse as url
from rest_framework.test import APIClient

from tests.town import FAR_AWAY, degrees


@pytest.fixture
def agent(town):
    client = APIClient()
    client.force_authenticate(town.person("agent"))
    return client


def test_search_answers_a_feature_collection(agent, background):
    answer = agent.get(url("address-search"), {"q": "51 rue saint-pierre", "limit": 1})
    assert answer.status_code == 200
    [feature] = answer.json()["features"]
    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"] | {"score": 1.0} == {
        "label": "51 Rue Saint-Pierre, Modèle", "score": 1.0, "housenumber": "51", "street": "Rue Saint-Pierre",
        "name": "51 Rue Saint-Pierre", "city": "Modèle", "type": "housenumber", "kind": "street", "approximate": True,
        "detail": "position estimée",
    }  # fmt: skip
    assert 0.8 < feature["properties"]["score"] <= 1


def test_places_of_one_name_are_told_apart_by_a_word(agent, background):
    answer = agent.get(url("address-search"), {"q": "theatre"}).json()
    assert answer["features"][0]["properties"]["detail"] == "Arrêt"


def test_reverse_answers_one_feature_or_none(agent, background):
    there, nowhere = (dict(zip(("lon", "lat"), degrees(place), strict=True)) for place in ((500, 1510), FAR_AWAY))
    [feature] = agent.get(url("address-reverse"), there).json()["features"]
    assert feature["properties"]["housenumber"] == "51"
    assert feature["properties"]["distance"] == pytest.approx(10, abs=0.1)
    answer = agent.get(url("address-reverse"), nowhere).json()
    assert answer == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("address-search", {}),
        ("address-search", {"q": ""}),
        ("address-search", {"q": "a" * 201}),
        ("address-search", {"q": "rue", "limit": 0}),
        ("address-search", {"q": "149.2, 200.5"}),
        ("address-reverse", {"lon": "x", "lat": 1}),
        ("address-reverse", {"lon": 999, "lat": 1}),
        ("address-reverse", {"lon": "nan", "lat": 1}),
    ],
)
def test_a_question_that_makes_no_sense_is_a_problem(agent, name, query):
    answer = agent.get(url(name), query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_one_statement_answers(agent, background, django_assert_num_queries):
    with django_assert_num_queries(1 + 1):  # the roles of the person, and the search
        agent.get(url("address-search"), {"q": "12 rue saint-pierre"})


def test_who_may_not_see_requests_may_not_ask(town, background):
    client = APIClient()
    assert client.get(url("address-search"), {"q": "rue"}).status_code == 401
    client.force_authenticate(town.person("contractor"))
    assert client.get(url("address-search"), {"q": "rue"}).status_code == 403
