"""Logging a request from the intake screen: what it takes, what it never loses."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gisplatform.geo import WGS84
from interventions.requests.models import Attachment, ServiceRequest
from tests.interventions.intake.typed import ANSWER, PAGE, PHOTOS, geojson, html, logged, photo, typed
from tests.town import FAR_AWAY, FOUNTAIN, line, point


def test_a_complete_form_logs_a_routed_request(agent, client):
    response = client.post(PAGE, typed())
    request = logged()
    assert response.url == f"/demandes/{request.reference}/recue/"
    assert (request.author, request.issued_by.code, request.channel) == (agent, "desk", "phone")
    assert (request.category.code, request.department.code, request.address) == (
        "graffiti",
        "west",
        "place de la Fontaine",
    )
    assert (request.requester.name, request.requester.phone) == ("Mme Lemoine", "02 31 00 00 00")
    assert request.requester.email == "lemoine@example.org"
    assert request.geom.distance(point(FOUNTAIN)) < 0.01


def test_a_place_and_a_category_are_enough(agent, client):
    client.post(PAGE, {name: typed()[name] for name in ("key", "geometry", "category", "channel")})
    request = logged()
    assert (request.requester, request.description, request.issued_by) == (None, "", agent.department)


def test_lines_and_areas_are_places_too(agent, client):
    drawn = line((100, 100), (200, 300)).transform(WGS84, clone=True)
    client.post(PAGE, typed(geometry=drawn.json))
    assert logged().geom.length == pytest.approx(223.6, abs=0.1)


def test_it_may_be_logged_for_another_department_of_the_authority_only(agent, client, town):
    elsewhere = type(town.authority).objects.create(code="other", name="Ailleurs")
    town.department("lost", authority=elsewhere)
    assert client.post(PAGE, typed(issued_by="lost")).status_code == 422
    client.post(PAGE, typed(issued_by="west"))
    assert logged().issued_by.code == "west"


def test_the_same_page_sent_twice_is_one_request(agent, client):
    once = typed()
    first, second = client.post(PAGE, once), client.post(PAGE, once)
    assert first.url == second.url
    assert ServiceRequest.objects.count() == 1


def test_a_key_of_somebody_else_loses_nothing(agent, client, town):
    sent = typed()
    client.force_login(town.person("agent", username="other"))
    client.post(PAGE, sent)
    client.force_login(agent)
    again = client.post(PAGE, sent)
    assert again.status_code == 409
    form = again.context["form"]
    assert form["description"].value() == "Sur le socle"
    assert client.post(PAGE, {**sent, "key": form["key"].value()}).status_code == 302


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_an_unreadable_key_loses_nothing(agent, client, key):
    again = client.post(PAGE, typed(key=key))
    assert again.status_code == 422
    assert client.post(PAGE, typed(key=again.context["form"]["key"].value())).status_code == 302


def test_an_error_keeps_every_field_and_both_kinds_of_photos(agent, client):
    sent = typed(email="lemoine at example", said="le socle est tagué", accuracy_m="12", placed_by="map")
    client.post(PHOTOS, {"key": sent["key"], "photo": photo()})
    response = client.post(PAGE, {**sent, "photos": [photo("b.jpg", "blue"), photo("c.jpg", "green")]})
    assert response.status_code == 422
    form = response.context["form"]
    assert {name: form[name].value() for name in sent} == sent
    assert list(form.errors) == ["email"]
    assert [each.pk for each in response.context["photos"]] == list(Attachment.objects.values_list("pk", flat=True))
    assert Attachment.objects.count() == 3
    assert 'aria-invalid="true"' in html(response)
    assert ServiceRequest.objects.count() == 0

    client.post(PAGE, {**sent, "email": ""})
    assert logged().attachments.count() == 3


def test_what_is_missing_is_said_at_its_field(agent, client):
    form = client.post(PAGE, {"key": str(uuid4()), "channel": "phone"}).context["form"]
    assert sorted(form.errors) == ["address", "category"]


@pytest.mark.parametrize(
    "drawn", ["nonsense", '{"type": "Point"}', '{"type":"LineString","coordinates":[[0,49],[0,49]]}']
)
def test_a_place_that_cannot_be_read_is_said_where_it_is_asked(agent, client, drawn):
    form = client.post(PAGE, typed(geometry=drawn)).context["form"]
    assert list(form.errors) == ["address"]
    assert form["geometry"].value() == drawn


def test_a_photo_that_is_none_is_said_and_the_others_stay(agent, client):
    fake = SimpleUploadedFile("texte.jpg", b"no photo", content_type="image/jpeg")
    response = client.post(PAGE, {**typed(), "photos": [photo(), fake]})
    assert response.status_code == 422
    assert response.context["form"].errors["photos"][0].startswith("texte.jpg : ")
    assert len(response.context["photos"]) == 1


def test_a_retired_category_is_not_offered(agent, client, town):
    town.categories["bins"].retired_on = "2026-01-01"
    town.categories["bins"].save()
    assert "Corbeilles" not in html(client.get(PAGE))
    assert list(client.post(PAGE, typed(category="bins")).context["form"].errors) == ["category"]


def test_the_received_page_says_what_the_caller_needs(agent, client, settings):
    settings.PUBLIC_URL = "https://demandes.example"
    page = html(client.post(PAGE, typed(), follow=True))
    request = logged()
    follow = reverse("tracking", args=[request.tracking_token])
    for words in (
        request.reference,
        "West",
        "Ville modèle",
        f"https://demandes.example{follow}",
        "lemoine@example.org",
    ):
        assert words in page


def test_a_request_nobody_answers_is_said_plainly(agent, client):
    page = html(client.post(PAGE, typed(geometry=geojson(FAR_AWAY)), follow=True))
    assert 'data-state="to_sort"' in page


def test_the_received_page_is_for_who_may_see_the_request(agent, client, town):
    stranger = type(town.authority).objects.create(code="other", name="Ailleurs")
    town.department("far", authority=stranger)
    request = town.request(author=agent)
    client.force_login(town.person("agent", username="far", department="far"))
    assert client.get(f"/demandes/{request.reference}/recue/").status_code == 404


@pytest.mark.parametrize("url", [PAGE, ANSWER, PHOTOS, f"{PHOTOS}1/", "/demandes/nouvelle/types/"])
def test_who_may_not_log_a_request_stays_out(town, client, url):
    client.force_login(town.person("analyst"))
    assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


def test_the_map_asks_for_no_border_that_the_city_has_not(town, client):
    client.force_login(town.person("agent"))
    assert "data-layers" not in client.get("/demandes/nouvelle/").content.decode()
    town.layers["poles"] = type(town.layers["squares"]).objects.create(code="poles", name="pôles")
    town.publish("poles", {"NORTH": (0, 0, 10, 10)})
    page = client.get("/demandes/nouvelle/").content.decode()
    assert 'data-layers="/tiles/poles.json"' in page


def test_the_caller_says_how_to_be_told(agent, client, settings):
    assert [value for value, _label in client.get(PAGE).context["form"].fields["notify"].choices] == ["email", "none"]
    settings.SMS_URL = "https://gateway.example/"
    client.post(PAGE, typed(notify="sms", phone="06 12 34 56 78"))
    assert logged().requester.notify == "sms"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "partent vers lemoine@example.org"),
        ({"notify": "none"}, "Rien n’est envoyé, comme demandé"),
        ({"email": ""}, "Rien ne peut être envoyé"),
    ],
)
def test_the_received_page_says_whether_anything_is_sent(agent, client, facts, said):
    page = client.post(PAGE, typed(**facts), follow=True)
    assert said in html(page)
