"""Mails to requesters: a real SMTP server on loopback, the real job queue, one mail for one event."""

import datetime
import re
import smtplib
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from gisplatform.mailing import patience
from interventions.events.models import Event
from interventions.events.record import NEWS
from interventions.informing import news
from interventions.informing.models import Message
from interventions.informing.services import tell
from interventions.requests.lifecycle import MOVES
from interventions.requests.services import Contact, move, note, submit
from tests import town as model_town
from tests.letterbox import Letterbox, work
from tests.town import NOW, point

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed_town(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")  # not Django's table: it is not emptied after a test
    return model_town.build()


def said(letter: EmailMessage) -> str:
    """The plain text, with ordinary blanks and line ends."""
    return letter.get_body(("plain",)).get_content().replace("\u00a0", " ").replace("\r\n", "\n")


def retry_now() -> None:
    """Let the jobs that wait for another attempt be due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def jobs():
    """Those that carry news to requesters; others tell staff."""
    return ProcrastinateJob.objects.filter(task_name=NEWS)


def statuses() -> list[str]:
    return list(jobs().order_by("id").values_list("status", flat=True))


def test_the_acknowledgement_arrives_and_its_link_opens_the_tracking_page(committed_town, letterbox, client):
    committed_town.rule("cleaning")
    request = committed_town.request(contact=ZOE, address="3 rue Écuyère, Caen")
    work()
    (letter,) = letterbox.letters
    assert letter["X-Envelope-To"] == "zoe@example.org"
    assert letter["Subject"] == f"Demande {request.reference} – enregistrée : Graffitis"
    assert letter["Message-ID"] == f"<event-{Event.objects.get(kind='submitted').pk}@demandes.ville.example>"
    text = said(letter)
    html = letter.get_body(("html",)).get_content()
    assert "le service Cleaning doit y répondre au plus tard le samedi 7 mars" in text
    assert "3 rue Écuyère, Caen" in text
    for body in (text, html):
        links = set(re.findall(r"https://demandes\.ville\.example(/[^\s\"<]*)", body))
        assert {link for link in links if link.startswith("/suivi/")} == {
            reverse("tracking", args=[request.tracking_token])
        }
        assert len(links) == 2  # the other one is to be told no more
        for link in links:
            page = client.get(link)
            assert page.status_code == 200
            assert request.reference in page.content.decode()
    assert "<img" not in html


def test_the_mail_is_recorded_where_only_staff_read(committed_town, letterbox):
    request = committed_town.request(contact=ZOE)
    work()
    told = request.events.get(kind=Event.Kind.TOLD)
    assert told.public is False
    assert Message.objects.get().sent_at == told.at
    assert statuses() == ["succeeded"]  # being told is no news to tell


def test_the_mail_server_comes_back_and_the_mail_arrives_once(committed_town, mail_settings):
    request = committed_town.request(contact=ZOE)
    work()
    assert Message.objects.get().sent_at is None
    (job,) = jobs()
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at > timezone.now()

    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    server.start()
    try:
        work()
        assert box.letters == []  # not before its time
        retry_now()
        work()
        retry_now()
        work()
    finally:
        server.stop()
    assert len(box.letters) == 1
    assert statuses() == ["succeeded"]
    assert request.events.filter(kind=Event.Kind.TOLD).count() == 1


def test_a_mail_refused_for_now_is_tried_again(committed_town, letterbox):
    letterbox.refuse = ["451 4.3.0 too busy"]
    committed_town.request(contact=ZOE)
    work()
    assert (letterbox.letters, statuses()) == ([], ["todo"])
    retry_now()
    work()
    assert (len(letterbox.letters), statuses()) == (1, ["succeeded"])


def test_a_mail_refused_for_good_is_not_tried_again(committed_town, letterbox):
    letterbox.refuse = ["550 5.1.1 no such person"]
    request = committed_town.request(contact=ZOE)
    work()
    assert (letterbox.letters, statuses()) == ([], ["succeeded"])
    message = Message.objects.get()
    assert (message.sent_at, message.outcome, message.refusal) == (None, "refused", "550 5.1.1")
    assert list(request.events.values_list("kind", flat=True)) == ["submitted", "unreached"]


def test_what_could_not_be_sent_for_a_day_is_given_up_and_said(committed_town, mail_settings):
    request = committed_town.request(contact=ZOE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [patience.ATTEMPTS - 1])
    work()
    assert statuses() == ["failed"]
    assert Message.objects.get().outcome == "given_up"
    request.requester.refresh_from_db()
    assert request.requester.unreached_at is not None


def test_the_attempts_spread_over_about_a_day():
    def waits(attempts: int) -> int | None:
        job = type("Job", (), {"attempts": attempts})
        decision = patience.Patience().get_retry_decision(exception=ConnectionRefusedError(), job=job)
        return decision and round((decision.retry_at - timezone.now()).total_seconds())

    planned = [waits(attempts) for attempts in range(patience.ATTEMPTS)]
    assert planned[:2] == [5, 25]
    assert planned[-1] is None
    assert 20 <= sum(filter(None, planned)) / 3600 <= 30


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (smtplib.SMTPServerDisconnected(), True),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), True),
        (smtplib.SMTPSenderRefused(450, b"later", "us"), True),
        (smtplib.SMTPDataError(554, b"no"), False),
        (smtplib.SMTPRecipientsRefused({"z": (550, b"unknown")}), False),
        (smtplib.SMTPRecipientsRefused({"z": (450, b"full")}), True),
    ],
)
def test_which_refusals_are_tried_again(error, again):
    job = type("Job", (), {"attempts": 0})
    assert bool(patience.Patience().get_retry_decision(exception=error, job=job)) is again


def test_a_job_run_twice_sends_one_mail(committed_town, letterbox):
    committed_town.request(contact=ZOE)
    event = Event.objects.get(kind=Event.Kind.SUBMITTED)
    app.configure_task("interventions.news").defer(event_id=event.pk)
    work()
    assert statuses() == ["succeeded", "succeeded"]
    assert len(letterbox.letters) == 1
    assert tell(event_id=event.pk, now=NOW) is False


def test_what_is_rolled_back_is_told_to_nobody(committed_town, letterbox):
    with transaction.atomic():
        committed_town.request(contact=ZOE)
        transaction.set_rollback(True)
    work()
    assert statuses() == []
    assert letterbox.letters == []


@pytest.mark.parametrize("contact", [None, Contact(name="Zoé", phone="02 31 00 00 01")])
def test_who_left_no_address_is_not_written_to(committed_town, letterbox, contact):
    committed_town.request(contact=contact)
    work()
    assert statuses() == ["succeeded"]
    assert letterbox.letters == []
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "address", ["zoe@example.org\nBcc: all@example.org", "zoe@example.org, all@example.org", "zoe", "<zoe@example.org>"]
)
def test_an_address_that_is_none_is_not_written_to(committed_town, letterbox, address):
    committed_town.request(contact=Contact(email=address))
    work()
    assert statuses() == ["succeeded"]
    assert letterbox.letters == []


def test_no_header_can_be_slipped_in(committed_town, letterbox):
    category = committed_town.categories["graffiti"]
    category.name = "Graffitis\r\nBcc: all@example.org"
    category.save()
    committed_town.request(contact=ZOE, address="3 rue Écuyère\r\nBcc: all@example.org")
    work()
    (letter,) = letterbox.letters
    assert letter["Bcc"] is None
    assert letter["X-Envelope-To"] == "zoe@example.org"
    assert "Graffitis Bcc: all@example.org" in letter["Subject"]


def test_what_people_wrote_is_escaped_in_the_html(committed_town, letterbox):
    request = committed_town.request(contact=ZOE, address="<script>alert(1)</script>")
    work()
    move(request_id=request.pk, name="cancel", actor=None, now=NOW, reason="<b>Déjà</b> fait & vu")
    work()
    html = letterbox.letters[1].get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;b&gt;Déjà&lt;/b&gt; fait &amp; vu" in html
    assert "<b>Déjà</b> fait & vu" in said(letterbox.letters[1])


def test_the_life_of_a_request_is_told_move_by_move(committed_town, letterbox):
    committed_town.rule("cleaning")
    parks = committed_town.department("parks")
    request = committed_town.request(contact=ZOE)
    for name, facts in [
        ("redirect", {"reason": "Le mur est au parc.", "department": parks}),
        ("accept", {}),
        ("plan", {"reason": "Passage prévu mardi."}),
        ("start", {}),
        ("finish", {}),
        ("close", {}),
    ]:
        move(request_id=request.pk, name=name, actor=None, now=NOW, **facts)
    work()
    told = [(letter["Subject"], said(letter)) for letter in letterbox.letters]
    news = [re.search(r"– (.*) : ", subject).group(1) for subject, _text in told]
    assert news == [
        "enregistrée", "transférée à un autre service", "acceptée", "travaux prévus", "travaux commencés",
        "travaux terminés", "close",
    ]  # fmt: skip
    redirected, planned = told[1][1], told[3][1]
    assert "le service Parks (Ville modèle)" in redirected
    assert "Le mur est au parc." in redirected
    assert "Passage prévu mardi." in planned
    assert len({letter["Message-ID"] for letter in letterbox.letters}) == len(told)


def test_another_date_is_told_with_the_one_before_and_why(committed_town, letterbox):
    committed_town.rule("cleaning")
    request = committed_town.request(contact=ZOE)
    work()
    facts = {"reason": "La pluie empêche de peindre.", "due_on": datetime.date(2026, 3, 12)}
    move(request_id=request.pk, name="reschedule", actor=None, now=NOW, **facts)
    work()
    letter = letterbox.letters[1]
    assert "nouvelle date" in letter["Subject"]
    assert (
        "Nouvelle date annoncée : jeudi 12 mars.\n\n"
        "La date a changé ; auparavant, nous avions annoncé le samedi 7 mars.\n\n"
        "Le motif :\nLa pluie empêche de peindre."
    ) in said(letter)


def test_a_refusal_gives_its_reason(committed_town, letterbox):
    request = committed_town.request(contact=ZOE)
    work()
    move(request_id=request.pk, name="refuse", actor=None, now=NOW, reason="Le mur est privé.")
    work()
    text = said(letterbox.letters[1])
    assert "Nous ne pouvons pas donner suite à votre demande." in text
    assert "Le motif :\nLe mur est privé." in text


def test_notes_are_never_told(committed_town, letterbox):
    agent = committed_town.person("agent")
    request = committed_town.request(contact=ZOE)
    work()
    note(request_id=request.pk, actor=agent, text="Personne difficile.", now=NOW)
    work()
    assert len(letterbox.letters) == 1
    private = Event.objects.get(kind=Event.Kind.NOTED)
    assert tell(event_id=private.pk, now=NOW) is False


def test_logs_name_nobody(committed_town, letterbox, caplog):
    caplog.set_level("INFO")
    committed_town.request(contact=ZOE, address="3 rue Écuyère, Caen", description="Tag injurieux")
    work()
    assert "requester told" in caplog.text
    ours = [record for record in caplog.records if record.name != "mail.log"]  # that is the test's own mail server
    said = " ".join(str(value) for record in ours for value in record.__dict__.values())
    for secret in ("zoe", "Zoé", "Écuyère", "injurieux"):
        assert secret not in said


def test_every_public_move_has_its_mail():
    assert {name for name, each in MOVES.items() if each.public} == set(news.SAID)


def test_the_mail_of_a_web_request_without_author_goes_too(committed_town, letterbox):
    submit(
        author=None, category=committed_town.categories["bins"], geom=point((500, 500)), channel="web",
        key="8d2e5a0e-6f5e-4c6c-9b3c-1f0d6f6b7a11", now=NOW, contact=ZOE,
    )  # fmt: skip
    work()
    assert len(letterbox.letters) == 1
