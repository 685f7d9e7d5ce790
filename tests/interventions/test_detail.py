"""One request: what its page tells, and to whom."""

import datetime
import json

import pytest

from gisplatform.models import Authority
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move, note
from tests.interventions.conftest import url
from tests.town import NOW, line

LATER = NOW + datetime.timedelta(hours=2)


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
    assert near_the_edge.decision.reason.doubtful
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


@pytest.mark.parametrize(("role", "seen"), [("agent", True), ("regulator", True), ("analyst", False)])
def test_the_requesters_page_is_linked_for_who_may_hand_it_out(signed_in, request_here, role, seen):
    client = signed_in(role)
    for what in ("", "?format=panel"):
        page = client.get(url(request_here) + what).content.decode()
        assert (request_here.tracking_token in page) is seen


def test_the_timeline_tells_who_did_what_when_and_why(signed_in, request_here, town):
    client = signed_in()
    client.user.first_name, client.user.last_name = "Sylvain", "Marescot"
    client.user.save()
    facts = {"request_id": request_here.pk, "actor": client.user}
    move(name="redirect", now=LATER, reason="C'est au parc.", department=town.department("parks"), **facts)
    note(text="Rappeler le gardien.", now=LATER + datetime.timedelta(minutes=1), **facts)
    detail = client.get(url(request_here)).context["detail"]
    told = [(entry.title, entry.text, entry.public, entry.actor) for entry in detail.timeline]
    assert told == [
        ("Enregistrée", "", True, None),
        ("Transférée à Parks", "C'est au parc.", True, client.user),
        ("Note", "Rappeler le gardien.", False, client.user),
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
        "Parks\u00a0: choisi par une personne, pas par une règle"
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
def test_the_page_takes_at_most_thirteen_statements(signed_in, request_here, role, django_assert_max_num_queries):
    client = signed_in(role, department="cleaning")
    for number in range(6):
        note(request_id=request_here.pk, actor=client.user, text=str(number), now=LATER)
    with django_assert_max_num_queries(13):
        assert client.get(url(request_here)).status_code == 200
