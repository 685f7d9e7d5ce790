"""SMS to requesters: who gets one, what it says, what the gateway may answer, and when none is sent."""

import re

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from gisplatform.mailing.failures import NotTaken, Unanswered
from interventions.events.models import Event
from interventions.informing import sms
from interventions.informing.models import Message
from interventions.informing.services import tell
from interventions.requests.models import Requester
from interventions.requests.services import Contact, move
from tests.interventions.messages.conftest import local
from tests.interventions.messages.gateway import TOKEN
from tests.town import NOW

ZOE = Contact(name="Zoé Lefèvre", phone="06 12 34 56 78")

pytestmark = pytest.mark.django_db


def latest() -> Event:
    return Event.objects.filter(public=True).latest("id")


def test_who_has_no_email_reads_one_sentence_and_the_link(town, gateway, client):
    town.rule("cleaning")
    request = town.request(contact=ZOE)
    tell(event_id=latest().pk, now=NOW)
    (asked,) = gateway.asked
    assert (asked.facts["to"], asked.token, asked.kind) == ("+33612345678", TOKEN, "application/json")
    assert asked.name == f"event-{latest().pk}@demandes.ville.example"
    text = asked.facts["text"]
    link = f"https://demandes.ville.example/suivi/{request.tracking_token}/"
    assert text == f"Ville modèle : demande {request.reference}, enregistrée. Suivi : {link}"
    assert client.get(link.removeprefix("https://demandes.ville.example")).status_code == 200
    message = Message.objects.get()
    assert (message.channel, message.outcome) == ("sms", "sent")
    assert request.events.filter(kind=Event.Kind.TOLD).count() == 1


def test_the_life_of_a_request_fits_the_signs_of_a_phone(town, gateway):
    authority = town.department("cleaning").authority
    authority.name = "Communauté d’agglomération – Cœur de Forêt"
    authority.save()
    town.rule("cleaning")
    request = town.request(contact=ZOE)
    tell(event_id=latest().pk, now=NOW)
    for name in ("accept", "plan", "start", "finish", "close"):
        move(request_id=request.pk, name=name, actor=None, now=NOW)
        tell(event_id=latest().pk, now=NOW)
    assert len(gateway.texts) == 6
    for text in gateway.texts:
        assert len(text) <= 160
        assert "?" not in text
        assert set(text) <= sms.OF_A_PHONE
        assert re.fullmatch(r"Communauté d'agglomération : demande [-\d]+, [\w é]+\. Suivi : https://\S+", text)


def test_a_gateway_may_want_a_form(town, gateway, settings):
    settings.SMS_AS_FORM, settings.SMS_FROM = True, "VILLE"
    town.request(contact=ZOE)
    tell(event_id=latest().pk, now=NOW)
    (asked,) = gateway.asked
    assert asked.kind == "application/x-www-form-urlencoded"
    assert (asked.facts["to"], asked.facts["from"]) == ("+33612345678", "VILLE")


@pytest.mark.parametrize(
    ("failure", "status"),
    [*((NotTaken, each) for each in (429, 503, 401, 404, 302)), *((Unanswered, each) for each in (500, 502, 504))],
)
def test_it_is_tried_again_under_the_same_name_and_said_where_it_may_have_gone_already(town, gateway, failure, status):
    gateway.statuses = [status]
    town.request(contact=ZOE)
    with pytest.raises(failure, match=str(status)):
        tell(event_id=latest().pk, now=NOW)
    assert tell(event_id=latest().pk, now=NOW)
    assert len({asked.name for asked in gateway.asked}) == 1
    assert Message.objects.get().doubtful is (failure is Unanswered)


def test_what_the_gateway_refuses_for_good_goes_by_mail_where_it_can(town, gateway, letterbox):
    gateway.statuses = [400]
    contact = Contact(email="zoe@example.org", phone="06 12 34 56 78", notify="sms")
    request = town.request(contact=contact)
    tell(event_id=latest().pk, now=NOW)
    assert [(row.channel, row.outcome, row.refusal) for row in Message.objects.order_by("pk")] == [
        ("sms", "refused", "400"), ("email", "sent", ""),
    ]  # fmt: skip
    assert len(letterbox.letters) == 1
    request.requester.refresh_from_db()
    assert request.requester.unreached_at is None


def test_a_gateway_that_does_not_answer_is_asked_again_and_it_is_said(town, gateway, settings, caplog):
    gateway.waits_s, settings.SMS_TIMEOUT_S = 0.6, 0.2
    town.request(contact=ZOE)
    with pytest.raises(Unanswered):
        tell(event_id=latest().pk, now=NOW)
    gateway.waits_s = 0
    assert tell(event_id=latest().pk, now=NOW)
    assert len(gateway.sent) == 1  # it knows the name
    message = Message.objects.get()
    assert (message.doubtful, message.outcome) == (True, "sent")
    assert "message may arrive twice" in caplog.text
    assert TOKEN not in caplog.text


def test_no_gateway_there_leaves_no_doubt(town, gateway, settings, free_port):
    settings.SMS_URL = f"http://127.0.0.1:{free_port}/"
    town.request(contact=ZOE)
    with pytest.raises(NotTaken):
        tell(event_id=latest().pk, now=NOW)
    assert Message.objects.get().doubtful is False


def test_what_happens_at_night_is_told_in_the_morning_and_only_the_newest(town, gateway, by_night, caplog):
    caplog.set_level("INFO")
    night, morning = local("2026-03-02 22:00"), local("2026-03-03 08:00")
    request = town.request(contact=ZOE, now=night)
    first = latest()
    assert tell(event_id=first.pk, now=night) is False
    move(request_id=request.pk, name="accept", actor=None, now=night)
    second = latest()
    assert tell(event_id=second.pk, now=night) is False
    assert gateway.asked == []
    waiting = ProcrastinateJob.objects.filter(args__event_id__in=[first.pk, second.pk]).exclude(scheduled_at=None)
    assert [job.scheduled_at for job in waiting] == [morning, morning]

    told = [tell(event_id=event.pk, now=morning) for event in (first, second)]

    assert told == [False, True]
    (text,) = gateway.texts
    assert "acceptée" in text
    passed, sent = Message.objects.order_by("event")
    assert (passed.outcome, passed.overtaken_by, sent.outcome) == ("overtaken", sent, "sent")
    (said,) = [each for each in caplog.records if each.message == "message passed over"]
    assert said.message_id == passed.pk


def test_mails_go_at_any_hour(town, gateway, by_night, letterbox):
    night = local("2026-03-02 23:00")
    town.request(contact=Contact(email="zoe@example.org"), now=night)
    assert tell(event_id=latest().pk, now=night)
    assert len(letterbox.letters) == 1


def test_who_asked_not_to_be_told_while_it_waited_gets_nothing(town, gateway, by_night):
    night, morning = local("2026-03-02 22:00"), local("2026-03-03 08:00")
    request = town.request(contact=ZOE, now=night)
    tell(event_id=latest().pk, now=night)
    Requester.objects.filter(pk=request.requester_id).update(notify="none")
    assert tell(event_id=latest().pk, now=morning) is False
    assert gateway.asked == []
    assert Message.objects.get().outcome == "unwanted"
