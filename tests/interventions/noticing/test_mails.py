"""Mails at once: exactly one for each notification that asks for it, whatever happens to the worker."""

import re
import time

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from gisplatform.mailing import smtp
from gisplatform.mailing.failures import NotTaken
from interventions.events.models import Event
from interventions.events.record import NOTICE
from interventions.noticing import outbox
from interventions.noticing.kinds import How, Kind
from interventions.noticing.models import NoticeMail, Notification
from interventions.noticing.services import choose, mark_read, notify
from interventions.requests.services import move
from interventions.work import services as orders
from tests.interventions.messages.crew import Crew, PostOffice, take_up
from tests.letterbox import work
from tests.town import NOW

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "https://demandes.ville.example"


@pytest.fixture
def town(committed):
    town, people = committed
    choose(person=people["member"], chosen={Kind.RECEIVED: How.IMMEDIATE})
    return town


@pytest.fixture
def people(committed):
    return committed[1]


def said(letter, kind="plain") -> str:
    return letter.get_body((kind,)).get_content().replace("\u00a0", " ").replace("\r\n", "\n")


def test_who_wants_it_at_once_has_a_mail_that_leads_there(town, people, letterbox, client):
    request = town.request(author=people["agent"], address="3 rue Écuyère, Caen")
    work()
    (letter,) = letterbox.letters
    assert letter["X-Envelope-To"] == "member@ville.example"
    assert letter["Subject"] == f"Nouvelle demande pour votre service : {request.reference} Graffitis"
    assert letter["List-Unsubscribe"] == f"<{SITE}/notifications/reglages/>"
    client.force_login(people["member"])
    for body in (said(letter), said(letter, "html")):
        assert "3 rue Écuyère, Caen" in body
        links = set(re.findall(r"https://[^\s\"<]*", body))
        assert f"{SITE}/notifications/reglages/" in links
        (link,) = links - {f"{SITE}/notifications/reglages/"}
        assert client.get(link.removeprefix(SITE)).url == f"/demandes/{request.reference}/"
    assert "<img" not in said(letter, "html")


def test_the_company_reads_of_its_work_and_nothing_of_the_request(town, people, letterbox):
    town.categories["graffiti"].delay_days = 1
    town.categories["graffiti"].save()
    request = town.request(author=people["agent"], category=town.categories["graffiti"])
    by = people["contractor"].department
    made = orders.accept(request_id=request.pk, executed_by=by, actor=people["regulator"], now=NOW, reason="Vite")
    orders.move(intervention_id=made.pk, name="validate", actor=people["manager"], now=NOW, text="Bon pour accord")
    work()
    (letter,) = [each for each in letterbox.letters if each["X-Envelope-To"] == "contractor@ville.example"]
    assert letter["Subject"] == f"Travail à faire : {made.reference} Graffitis"
    assert "Avant le : mardi 3 mars" in said(letter)
    for hidden in (request.reference, "Bon pour accord", "Manager", "Vite"):
        assert hidden not in said(letter)


def test_who_wants_it_otherwise_has_no_mail_at_once(town, people, letterbox):
    choose(person=people["member"], chosen={Kind.RECEIVED: How.DIGEST})
    town.request(author=people["agent"])
    work()
    assert letterbox.letters == []
    assert Notification.objects.get().how == How.DIGEST


def test_a_job_run_twice_sends_one_mail(town, people, letterbox):
    request = town.request(author=people["agent"])
    work()
    app.configure_task(NOTICE).defer(event_id=request.events.first().pk)
    app.configure_task("interventions.notice_mail").defer(mail_id=NoticeMail.objects.get().pk)
    work()
    assert len(letterbox.letters) == 1
    assert Notification.objects.count() == 1


def test_what_is_rolled_back_is_told_to_nobody(town, people, letterbox):
    with transaction.atomic():
        town.request(author=people["agent"])
        transaction.set_rollback(True)
    work()
    assert not Notification.objects.exists()


def test_what_was_read_meanwhile_is_not_written_about(town, people, letterbox):
    letterbox.refuse = ["451 4.3.0 too busy"]
    town.request(author=people["agent"])
    work()
    mark_read(Notification.objects.all(), now=NOW)
    ProcrastinateJob.objects.filter(status="todo").update(scheduled_at=None)
    work()
    assert letterbox.letters == []
    assert NoticeMail.objects.get().outcome == "unwanted"


def test_what_they_may_not_see_any_more_is_not_written_about(town, people, letterbox):
    request = town.request(author=people["agent"])
    notify(event_ids=[request.events.first().pk], now=NOW)
    to = town.department("parks")
    move(request_id=request.pk, name="redirect", actor=people["regulator"], now=NOW, reason="Un parc.", department=to)
    mail = NoticeMail.objects.get()
    assert outbox.send(mail_id=mail.pk, now=NOW) is False
    mail.refresh_from_db()
    assert (mail.outcome, letterbox.letters) == ("unwanted", [])


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example\nBcc: all@example.org"])
def test_who_has_no_address_is_not_written_to(town, people, letterbox, address):
    people["member"].email = address
    people["member"].save()
    town.request(author=people["agent"])
    work()
    assert letterbox.letters == []
    assert NoticeMail.objects.get().outcome == "unwanted"


def test_a_refusal_for_good_is_noted_and_logged(town, people, letterbox, caplog):
    letterbox.refuse = ["550 5.1.1 no such person"]
    town.request(author=people["agent"])
    work()
    assert NoticeMail.objects.get().outcome == "refused"
    assert "person not reached" in caplog.text
    assert "ville.example" not in "".join(str(vars(each)) for each in caplog.records if "notic" in each.name)


def test_an_attempt_is_committed_before_the_server_is_spoken_to(town, people, letterbox, monkeypatch):
    seen: list[tuple] = []
    rows = NoticeMail.objects.filter(sending_at__isnull=False)
    monkeypatch.setattr(smtp, "_say", lambda *_mail: seen.extend(rows.values_list("outcome", "ended_at")))
    town.request(author=people["agent"])
    work()
    assert seen == [("", None)]


def test_one_not_taken_is_sent_later_without_a_doubt(town, people, letterbox):
    letterbox.refuse = ["451 4.3.0 too busy"]
    town.request(author=people["agent"])
    work()
    mail = NoticeMail.objects.get()
    assert (mail.outcome, mail.sending_at) == ("", None)
    assert outbox.send(mail_id=mail.pk, now=NOW)
    assert NoticeMail.objects.get().doubtful is False


def test_at_last_it_is_given_up(town, people, letterbox):
    town.request(author=people["agent"])
    letterbox.refuse = ["451 4.3.0 too busy"]
    notify(event_ids=list(Event.objects.values_list("pk", flat=True)), now=NOW)
    with pytest.raises(NotTaken):
        outbox.send(mail_id=NoticeMail.objects.get().pk, now=NOW, last=True)
    assert NoticeMail.objects.get().outcome == "given_up"


class Office(PostOffice):
    """Counts the mails to staff."""

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        (mail,) = re.findall(rb"^Message-ID: <notices-(\d+)@", envelope.content, re.MULTILINE | re.IGNORECASE)
        self.came[int(mail)] += 1
        self.first(int(mail))
        return "250 OK"


def test_a_worker_killed_while_it_sends_loses_nothing_and_a_doubt_is_named(town, people, mail_settings, tmp_path):
    office = Office()
    server = Controller(office, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    server.start()
    for _number in range(12):
        town.request(author=people["agent"])
    try:
        with Crew(tmp_path / "log", mail_port=mail_settings.EMAIL_PORT) as crew:
            office.first = lambda _mail: crew.kill() if len(office.came) in (3, 8) and crew.deaths < 2 else None
            for death in (1, 2):
                wait(lambda death=death: crew.deaths >= death)
                crew.replaced()
            wait(lambda: NoticeMail.objects.filter(outcome="sent").count() == 12, meanwhile=take_up)
            doubts = crew.doubts()
    finally:
        server.stop()
    assert set(office.came) == set(NoticeMail.objects.values_list("pk", flat=True))
    assert Notification.objects.count() == 12
    assert {mail for mail, times in office.came.items() if times > 1} <= doubts
    assert doubts == set(NoticeMail.objects.filter(doubtful=True).values_list("pk", flat=True))


def wait(until, *, meanwhile=lambda: None, at_most_s: float = 30) -> None:
    limit = time.monotonic() + at_most_s
    while not until():
        assert time.monotonic() < limit
        meanwhile()
        time.sleep(0.05)
