"""Workers are killed while they send: each message arrives once, or the log names it; none is lost."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from aiosmtpd.controller import Controller
from django.db import connections

from gisplatform.mailing import smtp
from gisplatform.mailing.failures import NotTaken, Unanswered
from interventions.events.models import Event
from interventions.informing import outbox
from interventions.informing.models import Message
from interventions.informing.services import tell
from interventions.requests.services import Contact
from tests.interventions.messages.crew import Crew, PostOffice, check
from tests.letterbox import Letterbox
from tests.town import NOW

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org")

pytestmark = pytest.mark.django_db(transaction=True)


def submitted() -> Event:
    return Event.objects.get(kind=Event.Kind.SUBMITTED)


@pytest.fixture
def office(mail_settings, quiet_mail_server):
    found = PostOffice()
    server = Controller(found, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    server.start()
    yield found
    server.stop()


def test_workers_killed_at_random_lose_nothing(committed_town, office, mail_settings, tmp_path):
    chance = random.Random(6)
    for number in range(60):
        committed_town.request(contact=Contact(email=f"z{number}@example.org"))
    with Crew(tmp_path / "log", mail_port=mail_settings.EMAIL_PORT, concurrency=2) as crew:
        for moment in sorted(chance.sample(range(2, 50), 3)):
            until = time.monotonic() + 20
            while len(office.came) < moment and time.monotonic() < until:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.02))
            crew.kill()
            crew.replaced()
        crew.finish(at_most_s=20)
    check(crew, office, messages=60)


def test_a_worker_killed_after_the_servers_yes_leaves_a_doubt_that_the_log_names(
    committed_town, office, mail_settings, tmp_path
):
    committed_town.request(contact=ZOE)
    with Crew(tmp_path / "log", mail_port=mail_settings.EMAIL_PORT) as crew:
        office.first = lambda _event: None if crew.deaths else crew.kill()
        while not crew.deaths:
            time.sleep(0.005)
        crew.replaced()
        crew.finish(at_most_s=20)
    assert check(crew, office, messages=1) == (1, 1)


def test_an_attempt_is_committed_before_the_server_is_spoken_to(committed_town, letterbox, monkeypatch):
    committed_town.request(contact=ZOE)
    seen: list[tuple] = []
    monkeypatch.setattr(smtp, "_say", lambda *_mail: seen.extend(Message.objects.values_list("sending_at", "sent_at")))
    assert tell(event_id=submitted().pk, now=NOW)
    assert seen == [(NOW, None)]


def test_an_attempt_that_never_ended_is_made_again_and_named(committed_town, letterbox, caplog):
    request = committed_town.request(contact=ZOE)
    begun = Message.objects.create(event=submitted(), request=request, sending_at=NOW, sending_by="elsewhere/12")
    assert tell(event_id=submitted().pk, now=NOW)
    assert len(letterbox.letters) == 1
    begun.refresh_from_db()
    assert (begun.doubtful, begun.outcome) == (True, "sent")
    (warned,) = [each for each in caplog.records if each.levelname == "WARNING"]
    assert (warned.message_id, warned.first_by) == (begun.pk, "elsewhere/12")


def test_a_message_not_taken_leaves_no_doubt(committed_town, letterbox):
    letterbox.refuse = ["451 4.3.0 too busy"]
    committed_town.request(contact=ZOE)
    with pytest.raises(NotTaken):
        tell(event_id=submitted().pk, now=NOW)
    assert tell(event_id=submitted().pk, now=NOW)
    assert Message.objects.get().doubtful is False


def test_a_server_that_falls_silent_after_the_mail_leaves_a_doubt(committed_town, mail_settings):
    class Silent(Letterbox):
        async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
            await super().handle_DATA(server, session, envelope)
            if len(self.letters) == 1:
                server.transport.abort()
            return "250 OK"

    box = Silent()
    server = Controller(box, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    server.start()
    committed_town.request(contact=ZOE)
    try:
        with pytest.raises(Unanswered):
            tell(event_id=submitted().pk, now=NOW)
        assert tell(event_id=submitted().pk, now=NOW)
    finally:
        server.stop()
    message = Message.objects.get()
    assert (message.doubtful, message.outcome) == (True, "sent")
    assert len({letter["Message-ID"] for letter in box.letters}) == 1
    assert len(box.letters) == 2


def test_one_connection_serves_many_mails_and_another_is_opened_when_it_has_ended(
    committed_town, letterbox, mail_settings
):
    for _number in range(3):
        committed_town.request(contact=ZOE)
    first, second, third = Event.objects.filter(kind=Event.Kind.SUBMITTED).order_by("pk")
    assert tell(event_id=first.pk, now=NOW)
    used = smtp.LINE.backend
    assert tell(event_id=second.pk, now=NOW)
    assert smtp.LINE.backend is used
    used.connection.sock.close()
    assert tell(event_id=third.pk, now=NOW)
    assert len(letterbox.letters) == 3
    assert not Message.objects.filter(doubtful=True).exists()


def test_while_one_process_is_at_it_another_keeps_off(committed_town, letterbox, django_db_blocker):

    request = committed_town.request(contact=ZOE)
    event = submitted()

    def elsewhere() -> str:
        try:
            tell(event_id=event.pk, now=NOW)
        except NotTaken as failure:
            return str(failure)
        finally:
            connections.close_all()
        return "sent"

    with outbox.held(event.pk, request.pk) as alone, ThreadPoolExecutor(1) as apart:
        assert alone
        assert apart.submit(elsewhere).result() == "another process is at it"
    assert letterbox.letters == []
    assert tell(event_id=event.pk, now=NOW)
