"""The intake screen, seen from the server: what it takes, what it asks, what it never loses."""

import io
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from basemaps.models import Landmark
from gisplatform.geo import WGS84
from interventions.requests.models import Attachment, ServiceRequest
from tests.town import BORDER, FAR_AWAY, FOUNTAIN, GAP, line, point

PAGE = "/demandes/nouvelle/"
ANSWER = "/demandes/nouvelle/reponse/"
PHOTOS = "/demandes/nouvelle/photos/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def agent(town, client):
    town.rule("west", zones=("WEST",))
    person = town.person("agent")
    client.force_login(person)
    return person


@pytest.fixture
def streets(town):
    for name, y, city in [("Rue Saint-Pierre", 500, "Modèle"), ("Rue de la Forge", 300, "Modèle")]:
        Landmark.objects.create(
            kind="street", name=name, city=city, geom=line((100, y), (900, y)), numbers_from=1, numbers_to=81
        )
    Landmark.objects.create(kind="street", name="Rue de la Forge", city="Îlot", geom=line((2100, 300), (2900, 300)))


def geojson(place) -> str:
    return point(place).transform(WGS84, clone=True).json


def degrees(place) -> dict[str, str]:
    where = point(place).transform(WGS84, clone=True)
    return {"lon": f"{where.x:.7f}", "lat": f"{where.y:.7f}"}


def typed(**changes) -> dict[str, str]:
    return {
        "key": str(uuid4()),
        "geometry": geojson(FOUNTAIN),
        "address": "place de la Fontaine",
        "category": "graffiti",
        "description": "Sur le socle",
        "channel": "phone",
        "issued_by": "desk",
        "name": "Mme Lemoine",
        "phone": "02 31 00 00 00",
        "email": "lemoine@example.org",
        **changes,
    }


def photo(name: str = "socle.jpg", colour: str = "red") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def html(response) -> str:
    return response.content.decode()


# --- Logging -----------------------------------------------------------------------------------------


def test_a_complete_form_logs_a_routed_request(agent, client):
    response = client.post(PAGE, typed())
    logged = ServiceRequest.objects.get()
    assert response.url == f"/demandes/{logged.reference}/recue/"
    assert (logged.author, logged.issued_by.code, logged.channel) == (agent, "desk", "phone")
    assert (logged.category.code, logged.department.code, logged.address) == (
        "graffiti",
        "west",
        "place de la Fontaine",
    )
    assert (logged.requester.name, logged.requester.phone) == ("Mme Lemoine", "02 31 00 00 00")
    assert logged.requester.email == "lemoine@example.org"
    assert logged.geom.distance(point(FOUNTAIN)) < 0.01


def test_a_place_and_a_category_are_enough(agent, client):
    client.post(PAGE, {name: typed()[name] for name in ("key", "geometry", "category", "channel")})
    logged = ServiceRequest.objects.get()
    assert (logged.requester, logged.description, logged.issued_by) == (None, "", agent.department)


def test_lines_and_areas_are_places_too(agent, client):
    drawn = line((100, 100), (200, 300)).transform(WGS84, clone=True)
    client.post(PAGE, typed(geometry=drawn.json))
    assert ServiceRequest.objects.get().geom.length == pytest.approx(223.6, abs=0.1)


def test_it_may_be_logged_for_another_department_of_the_authority_only(agent, client, town):
    elsewhere = type(town.authority).objects.create(code="other", name="Ailleurs")
    town.department("lost", authority=elsewhere)
    assert client.post(PAGE, typed(issued_by="lost")).status_code == 422
    client.post(PAGE, typed(issued_by="west"))
    assert ServiceRequest.objects.get().issued_by.code == "west"


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


# --- Errors keep everything ----------------------------------------------------------------------------


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
    assert ServiceRequest.objects.get().attachments.count() == 3


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


# --- A place without a map ------------------------------------------------------------------------------


def test_one_address_is_confirmed_with_its_zone_in_words(agent, client, streets):
    sent = typed(geometry="", address="12 rue saint pierre")
    asked = client.post(PAGE, sent)
    assert asked.status_code == 422
    (only,) = asked.context["form"].candidates
    assert (only.label, only.zones) == ("12 Rue Saint-Pierre, Modèle", "West")
    assert "West" in html(asked)
    client.post(PAGE, {**sent, "candidate": f"{asked.context['form'].asked}|{only.position}"})
    logged = ServiceRequest.objects.get()
    assert (logged.address, logged.department.code) == ("12 Rue Saint-Pierre, Modèle", "west")
    assert abs(logged.geom.y - point((0, 500)).y) < 15


def test_of_several_places_one_is_chosen(agent, client, streets):
    sent = typed(geometry="", address="rue de la forge")
    asked = client.post(PAGE, sent)
    found = {each.label: each for each in asked.context["form"].candidates}
    assert found["Rue de la Forge, Îlot"].zones == "Island"
    assert "checked" not in html(asked).split("intake__candidates")[1].split("</fieldset>")[0]
    client.post(PAGE, {**sent, "candidate": f"rue de la forge|{found['Rue de la Forge, Îlot'].position}"})
    assert ServiceRequest.objects.get().address == "Rue de la Forge, Îlot"


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
    assert ServiceRequest.objects.get().geom.distance(point(FOUNTAIN)) < 0.1


@pytest.mark.parametrize("text", ["xyzzy", "95.5, 200.1"])
def test_a_place_nobody_finds_is_said_and_kept(agent, client, streets, text):
    form = client.post(PAGE, typed(geometry="", address=text)).context["form"]
    assert list(form.errors) == ["address"]
    assert form["address"].value() == text


# --- The answer while typing ------------------------------------------------------------------------------


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
        logged = ServiceRequest.objects.latest("id")
        assert told.answer.department_id == logged.department_id
        assert told.answer.trace == logged.decision.trace
        assert told.due_on == logged.due_at.date()


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
    assert [(each.pk, round(each.away.m)) for each in told.nearby] == [(near.pk, 20), (same_family.pk, 30)]


def test_the_answer_costs_few_statements(agent, client, town, django_assert_max_num_queries):
    for x in range(5):
        town.request((500 + x, 500), author=agent)
    with django_assert_max_num_queries(9):
        client.get(ANSWER, {"category": "graffiti", **degrees(FOUNTAIN)})


def test_the_empty_page_costs_few_statements(agent, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get(PAGE)


def test_categories_answer_to_a_callers_words(agent, client, town):
    town.categories["graffiti"].synonyms = ["on a tagué ma façade"]
    town.categories["graffiti"].save()
    (found,) = client.get("/demandes/nouvelle/types/", {"q": "facade taguée"}).json()["categories"]
    assert (found["code"], found["family"], found["synonym"]) == ("graffiti", "Propreté", "on a tagué ma façade")


# --- Photos ------------------------------------------------------------------------------------------------


def test_photos_are_received_shown_and_taken_back(agent, client):
    key = str(uuid4())
    sent = client.post(PHOTOS, {"key": key, "photo": photo()})
    assert sent.status_code == 201
    assert client.get(sent.json()["url"]).headers["Content-Type"] == "image/jpeg"
    assert client.get(PHOTOS, {"key": key}).json()["photos"] == [sent.json()]
    stored = Attachment.objects.get().file
    assert stored.storage.exists(stored.name)
    assert client.post(sent.json()["removal_url"]).status_code == 204
    assert client.get(PHOTOS, {"key": key}).json()["photos"] == []
    assert not stored.storage.exists(stored.name)


def test_a_photo_is_its_senders_alone_until_the_request_exists(agent, client, town):
    key = str(uuid4())
    sent = client.post(PHOTOS, {"key": key, "photo": photo()}).json()
    client.force_login(town.person("agent", username="other"))
    assert client.get(sent["url"]).status_code == 404
    assert client.get(PHOTOS, {"key": key}).json()["photos"] == []
    client.post(sent["removal_url"])
    assert Attachment.objects.count() == 1


def test_a_photo_of_a_logged_request_is_no_longer_taken_back(agent, client):
    sent = typed()
    received = client.post(PHOTOS, {"key": sent["key"], "photo": photo()}).json()
    client.post(PAGE, sent)
    client.post(received["removal_url"])
    assert ServiceRequest.objects.get().attachments.count() == 1
    assert client.get(received["url"]).status_code == 404


@pytest.mark.parametrize(("body", "status"), [({}, 400), ({"key": "x"}, 400), ({"key": str(uuid4())}, 400)])
def test_half_a_photo_is_refused_with_a_sentence(agent, client, body, status):
    response = client.post(PHOTOS, body)
    assert response.status_code == status
    assert response.json()["title"]


def test_a_file_that_is_no_photo_is_refused_with_a_sentence(agent, client):
    fake = SimpleUploadedFile("a.jpg", b"no photo", content_type="image/jpeg")
    response = client.post(PHOTOS, {"key": str(uuid4()), "photo": fake})
    assert response.status_code == 422
    assert "JPEG" in response.json()["title"]


def test_without_javascript_a_photo_is_taken_back_with_the_form(agent, client):
    sent = typed(email="wrong")
    client.post(PAGE, {**sent, "photos": [photo(), photo("b.jpg", "blue")]})
    first = Attachment.objects.order_by("id").first()
    client.post(PAGE, {**sent, "email": "", "removed": [first.pk]})
    assert ServiceRequest.objects.get().attachments.count() == 1


# --- Received ------------------------------------------------------------------------------------------------


def test_the_received_page_says_what_the_caller_needs(agent, client, settings):
    settings.PUBLIC_URL = "https://demandes.example"
    page = html(client.post(PAGE, typed(), follow=True))
    logged = ServiceRequest.objects.get()
    follow = reverse("tracking", args=[logged.tracking_token])
    for words in (logged.reference, "West", "Ville modèle", f"https://demandes.example{follow}", "lemoine@example.org"):
        assert words in page


def test_a_request_nobody_answers_is_said_plainly(agent, client):
    page = html(client.post(PAGE, typed(geometry=geojson(FAR_AWAY)), follow=True))
    assert 'data-state="to_sort"' in page


def test_the_received_page_is_for_who_may_see_the_request(agent, client, town):
    stranger = type(town.authority).objects.create(code="other", name="Ailleurs")
    town.department("far", authority=stranger)
    logged = town.request(author=agent)
    client.force_login(town.person("agent", username="far", department="far"))
    assert client.get(f"/demandes/{logged.reference}/recue/").status_code == 404


# --- Permissions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [PAGE, ANSWER, PHOTOS, f"{PHOTOS}1/", "/demandes/nouvelle/types/"])
def test_who_may_not_log_a_request_stays_out(town, client, url):
    client.force_login(town.person("analyst"))
    assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302
