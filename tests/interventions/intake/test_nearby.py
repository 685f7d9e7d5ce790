"""What is already reported close by, while the agent types; and « Même problème », which joins it."""

import json

import pytest

from interventions.requests.models import ServiceRequest
from interventions.requests.photos import receive
from interventions.requests.services import move
from tests.interventions.intake.typed import ANSWER, PAGE, degrees, geojson, html, photo, typed
from tests.town import FOUNTAIN, NOW, line

HERE = {"category": "graffiti", **degrees(FOUNTAIN)}


@pytest.fixture
def near(agent, town):
    return town.request((520, 500), author=agent, description="Un tag rouge sur le socle, visible de loin")


def told(client, **asked):
    return client.get(ANSWER, {**HERE, **asked}).context["told"].nearby


def test_it_looks_as_far_as_the_city_says_until_the_agent_says_otherwise(agent, client, town, settings):
    away = {x: town.request((500 + x, 500), author=agent) for x in (20, 40, 90, 240)}
    assert [each.pk for each in told(client).rows] == [away[20].pk, away[40].pk]
    settings.NEARBY_M = 100
    assert [each.pk for each in told(client).rows] == [away[20].pk, away[40].pk, away[90].pk]
    assert [each.pk for each in told(client, within_m="25").rows] == [away[20].pk]
    assert len(told(client, within_m="250").rows) == 4
    settings.NEARBY_M = 60
    assert told(client).radii == [25, 50, 60, 100, 250]


@pytest.mark.parametrize("far", ["0", "-5", "x", "100000"])
def test_a_distance_that_is_none_is_the_citys(near, client, far):
    assert told(client, within_m=far).within_m == 50


def test_a_neighbour_can_be_recognised(near, client, town):
    move(request_id=town.request(FOUNTAIN).pk, name="merge", actor=None, now=NOW, joins=near)
    received = receive(upload=photo(), key=near.key, uploaded_by=None)
    near.attachments.add(received)
    page = html(client.get(ANSWER, HERE))
    for words in ("Graffitis", "à 20 m", "À évaluer", "Un tag rouge sur le socle", "2 appelants", near.reference):
        assert words in page.replace("\u00a0", " "), words
    assert f"/demandes/{near.reference}/photos/{received.pk}/?size=small" in page


def test_the_numbers_of_the_list_are_those_of_the_map(near, agent, client, town):
    town.request((505, 500), author=agent)
    response = client.get(ANSWER, HERE)
    dots = json.loads(html(response).split("data-dots>")[1].split("</script>")[0])
    rows = response.context["told"].nearby.rows
    assert [each["id"] for each in dots["features"]] == [each.pk for each in rows]
    assert len(rows) == 2


def test_the_nearest_are_shown_and_that_there_are_others(agent, client, town):
    for x in range(8):
        town.request((500 + x, 500), author=agent)
    nearby = told(client)
    assert (len(nearby.rows), nearby.more) == (6, True)


def test_the_one_chosen_stays_in_the_list_wherever_the_pin_goes(near, client, town):
    nearby = told(client, duplicate_of=near.reference, **degrees((900, 900)))
    assert [each.pk for each in nearby.rows] == [near.pk]
    assert f'value="{near.reference}"' in html(client.get(ANSWER, {"duplicate_of": near.reference}))
    assert "checked" in html(client.get(ANSWER, {"duplicate_of": near.reference})).split(f'value="{near.reference}"')[1]


def test_a_line_has_neighbours_too(near, client):
    drawn = line((400, 400), (400, 600), (521, 600), (521, 510)).transform(4326, clone=True).json
    nearby = client.get(ANSWER, {"category": "graffiti", "geometry": drawn}).context["told"].nearby
    assert [round(each.away.m) for each in nearby.rows] == [10]


def test_one_click_logs_a_request_of_its_own_that_joins_the_other(near, agent, client):
    response = client.post(PAGE, typed(duplicate_of=near.reference), follow=True)
    mine = ServiceRequest.objects.latest("id")
    assert (mine.state, mine.duplicate_of, mine.author) == ("duplicate", near, agent)
    assert mine.reference != near.reference
    assert mine.tracking_token != near.tracking_token
    assert (mine.requester.email, mine.description, mine.department.code) == (
        "lemoine@example.org", "Sur le socle", "west",
    )  # fmt: skip
    assert f"Rejoint la demande {near.reference}" in html(response).replace("\u00a0", " ")


def test_an_error_elsewhere_keeps_the_choice(near, client):
    response = client.post(PAGE, typed(duplicate_of=near.reference, email="lemoine chez example"))
    assert response.status_code == 422
    assert response.context["told"].nearby.joins == near
    assert f'name="duplicate_of"\n             value="{near.reference}"' in html(response)


def test_without_javascript_the_box_does_the_same(near, client):
    looked = client.post(PAGE, typed(look="", within="250"))
    assert looked.status_code == 200
    assert looked.context["told"].nearby.within_m == 250
    assert [each.pk for each in looked.context["told"].nearby.rows] == [near.pk]
    assert ServiceRequest.objects.count() == 1
    client.post(PAGE, typed(same=near.reference))
    assert ServiceRequest.objects.latest("id").duplicate_of == near


def test_what_a_script_sends_counts_more_than_the_boxes(near, client):
    client.post(PAGE, typed(same=near.reference, duplicate_of=""))
    assert ServiceRequest.objects.latest("id").duplicate_of is None


def test_a_request_one_may_not_see_is_not_joined(agent, client, town):
    other = type(town.authority).objects.create(code="other", name="Ailleurs")
    town.department("hidden", authority=other)
    town.rule("hidden", category="bins")
    hidden = town.request(FOUNTAIN, category=town.categories["bins"])
    response = client.post(PAGE, typed(duplicate_of=hidden.reference))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["duplicate_of"]
    assert "Aucune demande que vous pouvez voir" in html(response)
    assert ServiceRequest.objects.count() == 1


def test_one_cancelled_meanwhile_is_said_and_nothing_is_lost(near, client):
    sent = typed(duplicate_of=near.reference)
    move(request_id=near.pk, name="cancel", actor=None, now=NOW, reason="Erreur de saisie.")
    response = client.post(PAGE, sent)
    assert response.status_code == 409
    assert "Cette demande a été annulée" in html(response)
    assert response.context["form"]["description"].value() == "Sur le socle"
    client.post(PAGE, {**sent, "duplicate_of": ""})
    assert ServiceRequest.objects.latest("id").duplicate_of is None


def test_the_place_asked_again_without_javascript_keeps_the_box(near, client):
    again = client.post(PAGE, typed(same=near.reference, geometry=geojson(FOUNTAIN), category=""))
    assert again.context["form"]["duplicate_of"].value() == near.reference
    assert again.context["told"].nearby.joins == near
