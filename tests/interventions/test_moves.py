"""What is done to a request on its page: moves and notes, by whom, and what is said when it comes too late."""

import datetime

import pytest
from django.test import Client

from gisplatform.models import Authority
from interventions.events.models import Event
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from tests.interventions.conftest import url
from tests.town import NOW

LATER = NOW + datetime.timedelta(hours=2)


def test_the_moves_offered_are_those_possible_now_for_this_person(signed_in, request_here):
    context = signed_in().get(url(request_here)).context
    assert list(context["detail"].direct_moves) == ["accept"]
    assert list(context["detail"].reasoned_moves) == ["redirect", "refuse", "answer", "reschedule", "merge", "cancel"]
    move(request_id=request_here.pk, name="accept", actor=None, now=LATER)
    context = signed_in("member", department="cleaning").get(url(request_here)).context
    assert list(context["detail"].direct_moves) == ["plan", "start", "finish"]


def test_labels_of_moves_are_verbs(signed_in, request_here):
    page = signed_in().get(url(request_here)).content.decode()
    assert 'name="move" value="accept">Accepter</button>' in " ".join(page.split())
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
