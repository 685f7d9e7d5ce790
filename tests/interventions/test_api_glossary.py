"""GET /api/v1/categories and /api/v1/departments."""

import pytest

from interventions.glossary.models import Category, Family


def codes(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["code"] for each in answer.json()["categories"]]


@pytest.fixture
def glossary(town):
    lamps = Family.objects.create(code="lighting", name="Éclairage", position=1, icon="lamp")
    Category.objects.create(
        code="lamp", name="Lampadaire en panne", family=lamps, synonyms=["mon lampadaire clignote"], delay_days=3
    )
    Category.objects.create(code="cable", name="Câble nu", family=lamps, retired_on="2026-01-01")
    return town


def test_categories_in_use_come_in_the_order_of_the_glossary(glossary, agent):
    answer = agent.get("categories")
    assert codes(answer) == ["bins", "graffiti", "lamp"]
    assert answer.json()["categories"][2] == {
        "code": "lamp",
        "name": "Lampadaire en panne",
        "family": "lighting",
        "family_name": "Éclairage",
        "icon": "lamp",
        "description": "",
        "synonyms": ["mon lampadaire clignote"],
        "guidance": "",
        "delay_days": 3,
    }
    assert answer.json()["links"] == [{"rel": "self", "href": "http://testserver/api/v1/categories"}]


def test_categories_are_ranked_in_a_callers_words(glossary, agent):
    assert codes(agent.get("categories", {"q": "le lampadere clignotte"}))[0] == "lamp"
    assert codes(agent.get("categories", {"q": "un graffiti"}))[0] == "graffiti"
    assert codes(agent.get("categories", {"q": "câble"})) == []
    assert codes(agent.get("categories", {"q": "xyzzy"})) == []


def test_categories_may_be_those_of_a_family_or_the_first_few(glossary, agent):
    assert codes(agent.get("categories", {"family": "lighting"})) == ["lamp"]
    assert codes(agent.get("categories", {"limit": 1})) == ["bins"]
    assert codes(agent.get("categories", {"q": "graffiti", "family": "lighting"})) == []


@pytest.mark.parametrize(("name", "value"), [("q", "a\0b"), ("q", "a" * 501), ("limit", "0"), ("family", "a b")])
def test_what_cannot_be_read_is_told_by_name(glossary, agent, name, value):
    answer = agent.get("categories", {name: value})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_departments_in_use_are_listed(town, agent):
    pole = town.department("pole")
    pole.parent, pole.kind = town.departments["desk"], "pole"
    pole.save()
    closed = town.department("closed")
    closed.retired_on = "2026-01-01"
    closed.save()
    facts = {"authority": "town", "authority_name": "Ville modèle"}
    assert agent.get("departments").json()["departments"] == [
        {"code": "desk", "name": "Desk", "kind": "department", "parent": None, **facts},
        {"code": "pole", "name": "Pole", "kind": "pole", "parent": "desk", **facts},
    ]


def test_the_cost_does_not_grow(glossary, agent, django_assert_max_num_queries):
    for path, query in (("categories", {}), ("categories", {"q": "graffiti"}), ("departments", {})):
        with django_assert_max_num_queries(3):
            agent.get(path, query)
