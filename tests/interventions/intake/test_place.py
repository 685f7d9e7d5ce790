"""A place without a map: an address or coordinates, confirmed in words."""

import pytest

from interventions.requests.models import ServiceRequest
from tests.interventions.intake.typed import PAGE, degrees, html, logged, typed
from tests.town import FOUNTAIN, point


def test_one_address_is_confirmed_with_its_zone_in_words(agent, client, streets):
    sent = typed(geometry="", address="12 rue saint pierre")
    asked = client.post(PAGE, sent)
    assert asked.status_code == 422
    (only,) = asked.context["form"].candidates
    assert (only.label, only.zones) == ("12 Rue Saint-Pierre, Modèle", "West")
    assert "West" in html(asked)
    client.post(PAGE, {**sent, "candidate": f"{asked.context['form'].asked}|{only.position}"})
    request = logged()
    assert (request.address, request.department.code) == ("12 Rue Saint-Pierre, Modèle", "west")
    assert abs(request.geom.y - point((0, 500)).y) < 15


def test_of_several_places_one_is_chosen(agent, client, streets):
    sent = typed(geometry="", address="rue de la forge")
    asked = client.post(PAGE, sent)
    found = {each.label: each for each in asked.context["form"].candidates}
    assert found["Rue de la Forge, Îlot"].zones == "Island"
    assert "checked" not in html(asked).split("intake__candidates")[1].split("</fieldset>")[0]
    client.post(PAGE, {**sent, "candidate": f"rue de la forge|{found['Rue de la Forge, Îlot'].position}"})
    assert logged().address == "Rue de la Forge, Îlot"


def test_a_choice_made_for_another_address_is_asked_again(agent, client, streets):
    sent = typed(geometry="", address="rue de la forge")
    chosen = client.post(PAGE, sent).context["form"].candidates[0]
    changed = {**sent, "address": "rue saint-pierre", "candidate": f"rue de la forge|{chosen.position}"}
    assert client.post(PAGE, changed).status_code == 422
    assert ServiceRequest.objects.count() == 0


def test_coordinates_are_an_address(agent, client):
    where = degrees(FOUNTAIN)
    text = f"{where['lat']}, {where['lon']}"
    sent = typed(geometry="", address=text)
    (only,) = client.post(PAGE, sent).context["form"].candidates
    assert only.zones == "West"
    client.post(PAGE, {**sent, "candidate": f"{text}|{only.position}"})
    assert logged().geom.distance(point(FOUNTAIN)) < 0.1


@pytest.mark.parametrize("text", ["xyzzy", "95.5, 200.1"])
def test_a_place_nobody_finds_is_said_and_kept(agent, client, streets, text):
    form = client.post(PAGE, typed(geometry="", address=text)).context["form"]
    assert list(form.errors) == ["address"]
    assert form["address"].value() == text
