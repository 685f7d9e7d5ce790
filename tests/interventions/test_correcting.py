"""How to reach who asked, corrected on the page of the request: by whom, what is written, and what it leaves behind."""

import datetime
import logging

import pytest

from gisplatform.models import Authority
from interventions.events.models import Event
from interventions.informing.services import tell
from interventions.requests.correcting import correct
from interventions.requests.models import Requester, ServiceRequest
from interventions.requests.services import move
from tests.interventions.conftest import url
from tests.town import NOW

WAS = {"name": "Zoé Lefèvre", "phone": "02 31 00 00 01", "email": "zoe@example.org", "notify": "email"}
NOBODY = {"name": "", "phone": "", "email": "", "notify": "email"}
SECRETS = ("Zoé", "zoe", "zoé", "Lefèvre", "@", "02 31")
REFUSED = "550 5.1.1 no such person"


def typed(was: dict = WAS, **new: str) -> dict[str, str]:
    """What the form sends when its reader, to whom it showed `was`, has typed `new`."""
    return {**was, **new, **{f"initial-{name}": value for name, value in was.items()}}


def send(client, request: ServiceRequest, was: dict = WAS, **new: str):
    return client.post(url(request, "coordonnees"), typed(was, **new))


def contact(request: ServiceRequest) -> dict[str, str]:
    return Requester.objects.values("name", "phone", "email", "notify").get(requests=request)


def unreachable(request: ServiceRequest) -> Requester:
    """Nobody is at the address of its requester."""
    requester = Requester.objects.get(requests=request)
    requester.email_refused_at = requester.unreached_at = NOW
    requester.save()
    return requester


@pytest.mark.parametrize("role", ["agent", "regulator", "manager", "member"])
def test_who_sees_the_requester_corrects_them(signed_in, request_here, role):
    client = signed_in(role, department="cleaning")
    assert "Corriger les coordonnées" in client.get(url(request_here)).content.decode()
    answer = send(client, request_here, email="zoe.lefevre@example.org", phone="06 12 34 56 78")
    assert (answer.status_code, answer["Location"]) == (302, url(request_here))
    assert contact(request_here) == {**WAS, "email": "zoe.lefevre@example.org", "phone": "06 12 34 56 78"}
    assert "Coordonnées enregistrées" in client.get(url(request_here)).content.decode()


@pytest.mark.parametrize("role", ["technician", "analyst", "contractor"])
def test_who_does_not_see_them_or_writes_nothing_does_not(signed_in, request_here, role):
    client = signed_in(role)
    assert send(client, request_here, email="autre@example.org").status_code == 403
    assert "/coordonnees/" not in client.get(url(request_here)).content.decode()
    assert contact(request_here) == WAS


def test_a_request_of_another_authority_does_not_exist(signed_in, request_here, town):
    town.department("elsewhere", authority=Authority.objects.create(code="county", name="Département"))
    client = signed_in("regulator", department="elsewhere")
    assert send(client, request_here, email="autre@example.org").status_code == 404
    assert contact(request_here) == WAS


def test_nobody_without_an_account(client, request_here):
    assert "/connexion/" in send(client, request_here, email="autre@example.org")["Location"]
    assert contact(request_here) == WAS


@pytest.mark.parametrize(
    ("new", "field", "sentence"),
    [
        ({"email": "zoe(at)example.org"}, "email", "Écrivez nom@domaine.fr"),
        ({"email": f"{'z' * 60}@{'e' * 60}.{'x' * 60}.{'a' * 60}.{'m' * 60}.org"}, "email", "254 caractères"),
        ({"phone": "0" * 31}, "phone", "30 caractères"),
        ({"name": "Z" * 121}, "name", "120 caractères"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_what_was_typed_stays(signed_in, request_here, new, field, sentence):
    answer = send(signed_in(), request_here, **{"name": "Zoé Lefebvre", **new})
    page = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 422
    at = page[page.index(f'id="contact-{field}_error"') :]
    assert sentence in at[: at.index("</p>")]
    form = page[page.index('id="to-contact"') :]
    assert form[: form.index(">")].endswith("open")
    assert f'value="{new[field]}"' in form
    assert 'name="initial-name" value="Zoé Lefèvre"' in form
    assert contact(request_here) == WAS


def test_a_script_is_told_the_field(signed_in, request_here):
    sent = typed(email="zoe")
    answer = signed_in().post(url(request_here, "coordonnees"), sent, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["email"]
    done = typed(email="autre@example.org")
    answer = signed_in("manager").post(url(request_here, "coordonnees"), done, headers={"Accept": "application/json"})
    assert answer.json() == {
        "reference": request_here.reference, "sentence": "Coordonnées enregistrées.", "visible": True,
    }  # fmt: skip


def test_an_address_known_to_be_nobodys_is_not_taken_again(signed_in, request_here, town):
    Requester.objects.create(email="perdu@example.org", email_refused_at=NOW)
    client = signed_in()
    answer = send(client, request_here, email="Perdu@Example.org")
    assert answer.status_code == 422
    assert "Rien n’arrive à cette adresse" in answer.content.decode()
    # The one that stands already does not prevent the rest from being put right.
    unreachable(request_here)
    assert send(client, request_here, name="Zoé Lefebvre").status_code == 302
    assert contact(request_here) == {**WAS, "name": "Zoé Lefebvre"}


def test_the_event_says_that_it_was_corrected_and_not_what_to(signed_in, request_here, caplog):
    client = signed_in()
    with caplog.at_level(logging.INFO):
        send(client, request_here, email="zoe.lefevre@example.org", name="Zoé Lefebvre")
    event = request_here.events.latest("id")
    assert (event.kind, event.actor, event.public, event.text) == (Event.Kind.CORRECTED, client.user, False, "")
    logged = [str(vars(each)) for each in caplog.records if each.name.startswith("interventions")]
    assert [each for each in logged if "requester corrected" in each]
    assert [secret for secret in SECRETS for each in logged if secret in each] == []
    assert "Coordonnées du demandeur corrigées" in client.get(url(request_here)).content.decode()
    tracked = client.get(f"/suivi/{request_here.tracking_token}/").content.decode()
    assert "Coordonnées" not in tracked


def test_sent_as_it_was_nothing_is_written(signed_in, request_here):
    assert send(signed_in(), request_here).status_code == 302
    assert not request_here.events.filter(kind=Event.Kind.CORRECTED).exists()


def test_two_people_at_once_each_keep_what_they_changed(signed_in, request_here):
    client = signed_in()
    send(client, request_here, email="zoe.lefevre@example.org")
    send(client, request_here, phone="06 12 34 56 78")  # typed on a page that showed the address before
    assert contact(request_here) == {**WAS, "email": "zoe.lefevre@example.org", "phone": "06 12 34 56 78"}


def test_a_request_whose_requester_is_unknown_gets_one(signed_in, town):
    town.rule("cleaning")
    request = town.request()
    client = signed_in()
    assert "Donner des coordonnées" in client.get(url(request)).content.decode()
    refused = send(client, request, NOBODY)
    assert refused.status_code == 422
    assert "Donnez un nom, un téléphone ou un courriel" in refused.content.decode()
    assert send(client, request, NOBODY, email="zoe@example.org", notify="none").status_code == 302
    assert contact(request) == {**NOBODY, "email": "zoe@example.org", "notify": "none"}


def test_all_may_be_taken_out(signed_in, request_here):
    assert send(signed_in(), request_here, **NOBODY).status_code == 302
    assert contact(request_here) == NOBODY


def test_a_wish_for_sms_outlives_the_gateway(signed_in, request_here, settings):
    Requester.objects.filter(pk=request_here.requester_id).update(notify="sms")
    settings.SMS_URL = ""
    page = signed_in().get(url(request_here)).content.decode()
    assert 'value="sms"' in page
    send(signed_in("manager"), request_here, {**WAS, "notify": "sms"}, name="Zoé Lefebvre")
    assert contact(request_here)["notify"] == "sms"


@pytest.mark.parametrize(
    ("changes", "reached"),
    [
        ({"email": "zoe.lefevre@example.org"}, True),
        ({"email": ""}, True),
        ({"phone": "06 12 34 56 78"}, True),
        ({"notify": "none"}, True),
        ({"phone": "02 31 00 00 02"}, False),
        ({"name": "Zoé Lefebvre"}, False),
        ({"email": "Zoe@example.org"}, False),
    ],
)
def test_they_count_as_not_reached_until_there_is_another_way(request_here, town, settings, changes, reached):
    settings.SMS_URL = "https://gateway.example/"
    requester = unreachable(request_here)
    correct(request_id=request_here.pk, changes=changes, actor=town.person("agent"), now=NOW)
    requester.refresh_from_db()
    assert (requester.unreached_at is None) is reached
    assert (requester.email_refused_at is None) is ("email" in changes and reached)


def test_a_program_that_read_it_before_reads_it_again(machine, town, request_here):
    agent, colleague = machine("agent"), town.person("manager")
    before = agent.get(f"requests/{request_here.reference}")
    later = NOW + datetime.timedelta(minutes=1)
    correct(request_id=request_here.pk, changes={"email": "autre@example.org"}, actor=colleague, now=later)
    after = agent.get(f"requests/{request_here.reference}")
    assert before["ETag"] != after["ETag"]
    assert after.json()["properties"]["requester"]["email"] == "autre@example.org"


def latest() -> Event:
    return Event.objects.filter(public=True).latest("id")


def test_the_next_message_arrives_at_the_new_address(signed_in, request_here, letterbox):
    letterbox.refuse = [REFUSED]
    assert tell(event_id=latest().pk, now=NOW) is False
    client = signed_in()
    assert "cette adresse n’existe pas" in client.get(url(request_here)).content.decode()

    send(client, request_here, email="zoe.lefevre@example.org")
    assert "cette adresse n’existe pas" not in client.get(url(request_here)).content.decode()
    move(request_id=request_here.pk, name="accept", actor=client.user, now=NOW)

    assert tell(event_id=latest().pk, now=NOW)
    assert [letter["X-Envelope-To"] for letter in letterbox.letters] == ["zoe.lefevre@example.org"]
