"""The answer while the agent types: the same as the request will get."""

import json
from typing import Any

import pytest
from django.utils import timezone

from interventions.requests.models import ServiceRequest
from tests.interventions.intake.typed import ANSWER, PAGE, degrees, geojson, html, typed
from tests.town import BORDER, FAR_AWAY, FOUNTAIN, GAP


def test_the_answer_names_department_authority_reason_date_and_zone(agent, client):
    page = html(client.get(ANSWER, {"category": "graffiti", **degrees(FOUNTAIN)}))
    for words in ("<strong>West</strong>", "Ville modèle", "graffiti × squares", 'data-zone="West"'):
        assert words in page
    zone = json.loads(page.split('data-zone="West">')[1].split("</script>")[0])
    assert zone["type"] in {"Polygon", "MultiPolygon"}


def test_a_doubtful_answer_names_both(agent, client, town):
    town.rule("north", zones=("NORTH",))
    town.rule("south", zones=("SOUTH",))
    page = html(client.get(ANSWER, {"category": "graffiti", **degrees((1500, 1004))}))
    assert "<strong>North</strong>" in page
    assert "South" in page
    sure = html(client.get(ANSWER, {"category": "graffiti", **degrees((1500, 1400))}))
    assert "South" not in sure
    vague = html(client.get(ANSWER, {"category": "graffiti", "accuracy_m": "500", **degrees((1500, 1400))}))
    assert "South" in vague


@pytest.mark.parametrize("place", [GAP, FAR_AWAY, BORDER])
def test_when_nobody_answers_it_says_so(agent, client, place):
    page = html(client.get(ANSWER, {"category": "graffiti", **degrees(place)}))
    assert "answer--nobody" in page
    assert "data-zone" not in page


def test_the_answer_is_what_the_request_gets(agent, client, town):
    town.rule("south", zones=("SOUTH",))
    for place in (FOUNTAIN, BORDER, GAP):
        told = client.get(ANSWER, {"category": "graffiti", "geometry": geojson(place)}).context["told"]
        client.post(PAGE, typed(geometry=geojson(place)))
        request: Any = ServiceRequest.objects.select_related("decision").latest("id")
        assert told.answer.department_id == request.department_id
        assert told.answer.trace == request.decision.reason.trace
        assert told.due_on == timezone.localdate(request.due_at)


def test_half_a_question_gets_half_an_answer(agent, client):
    assert "answer--empty" in html(client.get(ANSWER))
    placed = client.get(ANSWER, degrees(FOUNTAIN)).context["told"]
    assert (placed.zones, placed.answer) == ("West", None)
    subject = client.get(ANSWER, {"category": "graffiti"}).context["told"]
    assert (subject.category.code, subject.placed) == ("graffiti", False)


def test_a_question_that_cannot_be_read_is_refused_with_a_sentence(agent, client):
    response = client.get(ANSWER, {"category": "graffiti", "geometry": '{"type": "Point"}'})
    assert response.status_code == 400
    assert response.json()["title"]


def test_open_requests_nearby_of_the_same_family_that_one_may_see(agent, client, town):
    bins = town.categories["bins"]
    other = type(town.authority).objects.create(code="other", name="Ailleurs")
    town.department("hidden", authority=other)
    town.rule("hidden", category="bins")
    near = town.request((520, 500), author=agent)
    same_family = town.request((530, 500), author=agent, category=bins)
    town.request((580, 500), author=agent)  # too far
    town.request((501, 500), category=bins)  # another authority's
    told = client.get(ANSWER, {"category": "graffiti", **degrees(FOUNTAIN)}).context["told"]
    assert [(each.pk, round(each.away.m)) for each in told.nearby.rows] == [(near.pk, 20), (same_family.pk, 30)]


def test_the_answer_costs_few_statements(agent, client, town, django_assert_max_num_queries):
    for x in range(5):
        town.request((500 + x, 500), author=agent)
    asked = {"category": "graffiti", **degrees(FOUNTAIN)}
    client.get(ANSWER, asked)  # once a process Django asks for the units of the CRS
    with django_assert_max_num_queries(9):
        client.get(ANSWER, asked)


def test_the_empty_page_costs_few_statements(agent, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get(PAGE)


def test_categories_answer_to_a_callers_words(agent, client, town):
    town.categories["graffiti"].synonyms = ["on a tagué ma façade"]
    town.categories["graffiti"].save()
    (found,) = client.get("/demandes/nouvelle/types/", {"q": "facade taguée"}).json()["categories"]
    assert (found["code"], found["family"], found["synonym"]) == ("graffiti", "Propreté", "on a tagué ma façade")
