"""A requester's own choice: said at intake, changed from a message with one press, without an account."""

import re

import pytest

from interventions.events.models import Event
from interventions.informing import choices
from interventions.informing.services import tell
from interventions.requests.models import Requester
from interventions.requests.services import Contact, move
from tests.town import NOW

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org", phone="06 12 34 56 78")

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_here(town, mail_settings):
    town.rule("cleaning")
    return town.request(contact=ZOE)


@pytest.fixture
def address(request_here):
    return choices.address(request_here.requester_id).removeprefix("https://demandes.ville.example")


def notify() -> str:
    return Requester.objects.get().notify


def latest() -> Event:
    return Event.objects.filter(public=True).latest("id")


def test_a_mail_program_ends_it_with_one_press(request_here, letterbox, client, address):
    """RFC 8058: no cookie, no token, no redirection, this body."""
    tell(event_id=latest().pk, now=NOW)
    (letter,) = letterbox.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"] == f"<https://demandes.ville.example{address}>"
    client.handler.enforce_csrf_checks = True

    answer = client.post(address, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert notify() == "none"
    move(request_id=request_here.pk, name="accept", actor=None, now=NOW)
    assert tell(event_id=latest().pk, now=NOW) is False
    assert len(letterbox.letters) == 1


def test_without_https_a_press_is_not_offered(request_here, letterbox, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    tell(event_id=latest().pk, now=NOW)
    (letter,) = letterbox.letters
    assert letter["List-Unsubscribe-Post"] is None
    assert letter["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/prevenir/")


def test_opening_the_link_changes_nothing(client, address):
    for _visit in range(2):
        page = client.get(address)
        assert page.status_code == 200
    assert client.head(address).status_code == 200
    assert notify() == "email"
    assert "Nous vous prévenons par courriel" in page.content.decode()


def test_a_person_presses_a_button_and_may_come_back(client, address):
    answer = client.post(address, {"notify": "none"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = client.get(address).content.decode()
    assert "Nous ne vous écrivons plus" in page
    assert re.search(r'value="email"[^<]*>', page)
    client.post(address, {"notify": "email"})
    assert notify() == "email"


def test_sms_is_offered_where_it_can_be_sent(client, address, settings):
    assert 'value="sms"' not in client.get(address).content.decode()
    settings.SMS_URL = "https://gateway.example/"
    assert 'value="sms"' in client.get(address).content.decode()


def test_the_page_is_for_nobody_else(client, address):
    page = client.get(address)
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    for personal in ("Zoé", "zoe@", "06 12", "612345678"):
        assert personal not in page.content.decode()


def test_an_address_cannot_be_made_up(client, address, request_here):
    key = address.removeprefix("/prevenir/").removesuffix("/")
    number, _dot, signature = key.partition(".")
    assert (int(number), len(signature)) == (request_here.requester_id, 43)
    others = [f"{int(number) + 1}.{signature}", number, f"{number}.", f"{number}.{signature[:-1]}", "x" * 300, "1.é"]
    for other in others:
        answer = client.post(f"/prevenir/{other}/", {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 404
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert notify() == "email"


@pytest.mark.parametrize("sent", [{}, {"notify": "pigeon"}, {"notify": ""}])
def test_what_is_no_choice_changes_nothing(client, address, sent):
    assert client.post(address, sent).status_code == 422
    assert notify() == "email"


def test_who_logs_for_a_person_who_wants_nothing_says_so(town, letterbox):
    request = town.request(contact=Contact(email="zoe@example.org", notify="none"))
    assert tell(event_id=latest().pk, now=NOW) is False
    assert letterbox.letters == []
    assert request.requester.unreached_at is None
