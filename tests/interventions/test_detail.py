"""One request: what its page tells to whom, its photos, and what is done to it there."""

import datetime
import io
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from gisplatform.models import Authority
from interventions.events.models import Event
from interventions.requests import photos
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact, move, note
from interventions.requests.thumbnails import LONGEST_SIDE_PX
from interventions.routing.decide import decide
from tests.town import FOUNTAIN, NOW, STALL, line

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org", phone="02 31 00 00 01")
LATER = NOW + datetime.timedelta(hours=2)


@pytest.fixture
def signed_in(client, town):
    def sign_in(role: str = "regulator", **facts):
        user = town.person(role, **facts)
        client.force_login(user)
        client.user = user
        return client

    return sign_in


@pytest.fixture
def request_here(town):
    town.rule("cleaning", layer="market", priority=50)
    town.rule("parks", zones=("SOUTH",))
    return town.request(STALL, contact=ZOE, description="Un tag.\nRouge.", address="3 rue Écuyère, Caen")


def url(request: ServiceRequest, *more: str) -> str:
    return "/".join(["/demandes", request.reference, *more]) + "/"


# --- What is told ---------------------------------------------------------------------------------------------


def test_the_page_tells_who_answers_and_why(signed_in, request_here):
    page = signed_in().get(url(request_here)).content.decode()
    assert "Cleaning : règle graffiti × market, zone Market, à 50 m de la limite" in page
    assert "3 rue Écuyère, Caen" in page
    assert "Un tag.<br>Rouge." in page
    why = page[page.index("Pourquoi cette réponse") : page.index("</details>", page.index("Pourquoi cette réponse"))]
    assert "version 1" in why
    assert "par les règles du 2 mars 2026" in why
    chosen, loser = why.split("<tbody>")[1].split("</tr>")[:2]
    assert 'class="is-chosen"' in chosen
    assert "retenu" in chosen
    assert "Parks" in loser
    assert "prioritaire" in loser


def test_a_doubtful_answer_says_so(signed_in, request_here, town):
    near_the_edge = town.request((1095, 500))
    assert near_the_edge.decision.doubtful
    assert "La réponse est incertaine" in signed_in().get(url(near_the_edge)).content.decode()
    assert "La réponse est incertaine" not in signed_in("agent").get(url(request_here)).content.decode()


def test_a_suggestion_says_that_it_is_not_routed(signed_in, town):
    suggestion = town.request(nature="suggestion")
    assert "Une suggestion n’est pas aiguillée" in signed_in().get(url(suggestion)).content.decode()


@pytest.mark.parametrize(
    ("role", "seen"), [("regulator", True), ("agent", True), ("technician", False), ("analyst", False)]
)
def test_the_requester_is_shown_to_who_may_see_them(signed_in, request_here, role, seen):
    page = signed_in(role).get(url(request_here)).content.decode()
    for secret in ("Zoé Lefèvre", "zoe@example.org", "02 31 00 00 01"):
        assert (secret in page) is seen


def test_the_timeline_tells_who_did_what_when_and_why(signed_in, request_here, town):
    client = signed_in()
    client.user.first_name, client.user.last_name = "Sylvain", "Marescot"
    client.user.save()
    facts = {"request_id": request_here.pk, "actor": client.user}
    move(name="redirect", now=LATER, reason="C'est au parc.", department=town.department("parks"), **facts)
    note(text="Rappeler le gardien.", now=LATER + datetime.timedelta(minutes=1), **facts)
    decide([request_here.pk], now=LATER + datetime.timedelta(minutes=2))
    detail = client.get(url(request_here)).context["detail"]
    told = [(entry.title, entry.text, entry.public, entry.actor) for entry in detail.timeline]
    assert told == [
        ("Enregistrée", "", True, None),
        ("Transférée à Parks", "C'est au parc.", True, client.user),
        ("Note", "Rappeler le gardien.", False, client.user),
        ("Aiguillée à nouveau par les règles : Cleaning", "", False, None),
    ]
    assert [entry.at for entry in detail.timeline] == sorted(entry.at for entry in detail.timeline)


def test_chosen_by_hand_is_said_as_such(signed_in, request_here, town):
    client = signed_in()
    move(
        request_id=request_here.pk,
        name="redirect",
        actor=client.user,
        now=LATER,
        reason="x",
        department=town.department("parks"),
    )
    assert client.get(url(request_here)).context["detail"].routing.sentence == (
        "Parks : choisi par une personne, pas par une règle"
    )


def test_open_requests_within_fifty_metres_are_told_if_they_may_be_seen(signed_in, request_here, town):
    near = town.request((1080, 500))
    closed = town.request((1060, 500))
    move(request_id=closed.pk, name="cancel", actor=None, now=LATER, reason="x")
    town.request((1101, 500))
    other = town.department("roads", authority=Authority.objects.create(code="county", name="Département"))
    hidden = town.request((1052, 500))
    ServiceRequest.objects.filter(pk=hidden.pk).update(department=other)
    assert [each.pk for each in signed_in().get(url(request_here)).context["detail"].nearby] == [near.pk]


def test_the_map_holds_the_place_its_zone_and_the_neighbours(signed_in, request_here, town):
    town.request((1080, 500))
    response = signed_in().get(url(request_here) + "?format=geojson")
    assert response.headers["Content-Type"] == "application/geo+json"
    features = json.loads(response.content)["features"]
    assert [each["properties"]["role"] for each in features] == ["zone", "place", "neighbour"]
    zone, place, neighbour = features
    assert zone["properties"]["name"] == "Market"
    assert zone["geometry"]["type"] == "MultiPolygon"
    expected = request_here.geom.transform(4326, clone=True).coords
    assert place["geometry"]["coordinates"] == pytest.approx(expected, abs=6e-7)
    assert "Zoé" not in response.content.decode()
    assert neighbour["properties"]["state"] == "to_evaluate"


def test_a_request_nobody_answers_has_no_zone_on_its_map(signed_in, town):
    request = town.request(line((100, 100), (200, 100)))
    (place,) = json.loads(signed_in().get(url(request) + "?format=geojson").content)["features"]
    assert place["geometry"]["type"] == "LineString"


def test_the_panel_is_the_same_without_the_page(signed_in, request_here):
    piece = signed_in().get(url(request_here) + "?format=panel").content.decode()
    assert "<html" not in piece
    assert "règle graffiti × market" in piece


@pytest.mark.parametrize("more", [(), ("moves",), ("notes",), ("photos", "1")])
def test_what_one_may_not_see_does_not_exist(signed_in, request_here, more):
    member = signed_in("member", department="elsewhere")
    send = member.post if more[:1] in (("moves",), ("notes",)) else member.get
    assert send(url(request_here, *more), {"move": "cancel", "text": "x"}).status_code == 404
    request_here.refresh_from_db()
    assert request_here.state == "to_evaluate"


def test_an_unknown_reference_is_a_404_and_no_word_is_taken_for_one(signed_in):
    client = signed_in()
    assert client.get("/demandes/2026-999999-9/").status_code == 404
    assert client.get("/demandes/quelquechose/").status_code == 404


@pytest.mark.parametrize("role", ["regulator", "member", "agent", "analyst"])
def test_the_page_takes_at_most_twelve_statements(signed_in, request_here, role, django_assert_max_num_queries):
    client = signed_in(role, department="cleaning")
    for number in range(6):
        note(request_id=request_here.pk, actor=client.user, text=str(number), now=LATER)
    with django_assert_max_num_queries(12):
        assert client.get(url(request_here)).status_code == 200


# --- What is done ---------------------------------------------------------------------------------------------


def test_the_moves_offered_are_those_possible_now_for_this_person(signed_in, request_here):
    context = signed_in().get(url(request_here)).context
    assert list(context["detail"].direct_moves) == ["accept"]
    assert list(context["detail"].reasoned_moves) == ["redirect", "refuse", "answer", "merge", "cancel"]
    move(request_id=request_here.pk, name="accept", actor=None, now=LATER)
    context = signed_in("member", department="cleaning").get(url(request_here)).context
    assert list(context["detail"].direct_moves) == ["plan", "start", "finish"]


def test_labels_of_moves_are_verbs(signed_in, request_here):
    page = signed_in().get(url(request_here)).content.decode()
    assert '<button class="button button--primary" name="move" value="accept"' in page.replace("\n", " ")
    ServiceRequest.objects.filter(pk=request_here.pk).update(state="done")
    detail = signed_in("manager").get(url(request_here)).context["detail"]
    assert [str(each.label) for each in detail.moves.values()] == ["Vérifier", "Clore", "Rouvrir"]


def test_a_move_is_made_and_the_page_shown_again(signed_in, request_here):
    response = signed_in().post(url(request_here, "moves"), {"move": "accept", "reason": "Bien reçu."}, follow=True)
    assert response.redirect_chain == [(url(request_here), 302)]
    assert "Demande acceptée" in response.content.decode()
    made = request_here.events.get(kind=Event.Kind.MOVED)
    assert (made.move, made.text, made.actor.username) == ("accept", "Bien reçu.", "regulator")


def test_a_redirection_goes_to_the_chosen_department(signed_in, request_here, town):
    town.department("parks")
    facts = {"move": "redirect", "reason": "Au parc.", "department": "parks"}
    assert signed_in().post(url(request_here, "moves"), facts).status_code == 302
    request_here.refresh_from_db()
    assert request_here.department.code == "parks"


def test_only_a_redirection_changes_the_department(signed_in, request_here, town):
    town.department("parks")
    signed_in().post(url(request_here, "moves"), {"move": "accept", "department": "parks"})
    request_here.refresh_from_db()
    assert (request_here.state, request_here.department.code) == ("accepted", "cleaning")


def test_a_request_redirected_out_of_sight_leads_back_to_the_list(signed_in, request_here, town):
    county = Authority.objects.create(code="county", name="Département modèle")
    town.department("roads", authority=county)
    facts = {"move": "redirect", "reason": "Route départementale.", "department": "roads"}
    response = signed_in().post(url(request_here, "moves"), facts, follow=True)
    assert response.redirect_chain == [("/demandes/", 302)]
    assert "Transférée" in response.content.decode()


def test_too_late_is_a_409_with_the_fresh_page_and_what_was_typed(signed_in, request_here):
    client = signed_in()
    move(request_id=request_here.pk, name="accept", actor=None, now=LATER)
    response = client.post(url(request_here, "moves"), {"move": "refuse", "reason": "Le mur est privé, <i>voir</i>."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "L’état de la demande ne le permet plus" in page
    assert "Le mur est privé, &lt;i&gt;voir&lt;/i&gt;." in page
    assert "refuse" not in response.context["detail"].moves
    assert response.context["detail"].request.state == "accepted"


def test_a_missing_reason_is_a_409_and_the_form_stays_open(signed_in, request_here, town):
    town.department("parks")
    response = signed_in().post(url(request_here, "moves"), {"move": "redirect", "department": "parks"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "motif" in page
    assert '<option value="parks" selected>' in " ".join(page.split())
    assert request_here.events.count() == 1


@pytest.mark.parametrize("department", ["", "unknown"])
def test_a_redirection_to_nowhere_is_refused_and_keeps_its_reason(signed_in, request_here, department):
    facts = {"move": "redirect", "reason": "Ailleurs.", "department": department}
    response = signed_in().post(url(request_here, "moves"), facts)
    assert response.status_code in (409, 422)
    assert "Ailleurs.</textarea>" in response.content.decode()


@pytest.mark.parametrize(("role", "name"), [("agent", "accept"), ("technician", "redirect"), ("analyst", "cancel")])
def test_a_move_that_is_not_theirs_is_refused(signed_in, request_here, role, name):
    response = signed_in(role).post(url(request_here, "moves"), {"move": name, "reason": "x"})
    assert response.status_code == 403
    assert request_here.events.count() == 1


def test_an_unknown_move_is_a_404_and_a_move_is_not_made_by_reading(signed_in, request_here):
    client = signed_in()
    assert client.post(url(request_here, "moves"), {"move": "vanish"}).status_code == 404
    assert client.get(url(request_here, "moves"), {"move": "accept"}).status_code == 405


def test_a_script_is_answered_in_json(signed_in, request_here):
    client = signed_in()
    json_only = {"headers": {"Accept": "application/json"}}
    done = client.post(url(request_here, "moves"), {"move": "accept"}, **json_only)
    assert done.json() == {"reference": request_here.reference, "sentence": "Demande acceptée", "visible": True}
    refused = client.post(url(request_here, "moves"), {"move": "accept"}, **json_only)
    assert refused.status_code == 409
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "ne le permet plus" in refused.json()["title"]


def test_a_note_is_added_and_an_empty_one_is_not(signed_in, request_here):
    client = signed_in("technician")
    assert client.post(url(request_here, "notes"), {"text": "Vu sur place."}).status_code == 302
    assert request_here.events.get(kind=Event.Kind.NOTED).text == "Vu sur place."
    refused = client.post(url(request_here, "notes"), {"text": "   "})
    assert refused.status_code == 422
    assert request_here.events.filter(kind=Event.Kind.NOTED).count() == 1


def test_who_only_looks_adds_no_note(signed_in, request_here):
    client = signed_in("analyst")
    assert "Ajouter une note" not in client.get(url(request_here)).content.decode()
    assert client.post(url(request_here, "notes"), {"text": "x"}).status_code == 403


def test_forms_need_their_token(request_here, town):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(town.person("regulator"))
    assert strict.post(url(request_here, "moves"), {"move": "accept"}).status_code == 403


# --- Photos ---------------------------------------------------------------------------------------------------


@pytest.fixture
def photographed(town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    town.rule("cleaning")
    agent, key = town.person("agent", username="photographer"), uuid4()
    picture = io.BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(picture, "JPEG")
    photo = photos.receive(upload=SimpleUploadedFile("a.jpg", picture.getvalue()), key=key, uploaded_by=agent)
    request = town.request(FOUNTAIN, author=agent, key=key)
    photo.refresh_from_db()
    assert photo.request == request
    return photo


def photo_url(photo) -> str:
    return url(photo.request, "photos", str(photo.pk))


def test_a_photo_goes_to_who_may_see_its_request(signed_in, photographed):
    response = signed_in().get(photo_url(photographed))
    content = b"".join(response.streaming_content)
    assert Image.open(io.BytesIO(content)).size == (1600, 900)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("private")
    assert signed_in("member", department="elsewhere").get(photo_url(photographed)).status_code == 404


def test_its_small_picture_is_small(signed_in, photographed):
    response = signed_in().get(photo_url(photographed) + "?size=small")
    assert max(Image.open(io.BytesIO(response.content)).size) == LONGEST_SIDE_PX
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_photo_of_another_request_is_not_found_under_this_one(signed_in, photographed, town):
    other = town.request(FOUNTAIN)
    assert signed_in().get(url(other, "photos", str(photographed.pk))).status_code == 404


@pytest.mark.parametrize("size", ["", "?size=small"])
def test_a_photo_whose_file_is_gone_is_a_404(signed_in, photographed, size):
    photographed.file.storage.delete(photographed.file.name)
    assert signed_in().get(photo_url(photographed) + size).status_code == 404


def test_strangers_sign_in_before_they_see_a_photo(client, photographed):
    assert client.get(photo_url(photographed)).status_code == 302


def test_the_page_shows_its_photos_small(signed_in, photographed):
    assert (photographed.width, photographed.height) == (1600, 900)
    page = signed_in().get(url(photographed.request)).content.decode()
    assert f'src="{photo_url(photographed)}?size=small"' in page
    assert "Photo 1 du lieu" in page
