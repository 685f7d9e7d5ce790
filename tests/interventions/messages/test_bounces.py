"""What mail servers refuse at once or later: noted, told to staff, and not written to again in vain."""

import datetime
import email
import mailbox
from email.policy import default
from io import BytesIO, StringIO
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gisplatform.mailing import refusals
from interventions.events.models import Event
from interventions.events.record import NEWS
from interventions.informing import bounces, returned
from interventions.informing.models import Message
from interventions.informing.services import tell
from interventions.requests.correcting import correct
from interventions.requests.services import Contact, move
from tests.town import NOW

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org", phone="02 31 00 00 01")
REPORT = """\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon,  2 Mar 2026 10:30:00 +0100

Final-Recipient: rfc822; zoe@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; said so

--cut
Content-Type: text/rfc822-headers

From: Vos demandes <ne-pas-repondre@ville.example>
To: zoe@example.org

--cut--
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(town, letterbox, settings):
    """A request whose requester was sent the acknowledgement."""
    settings.BOUNCE_ADDRESS = "retours@ville.example"
    town.rule("cleaning")
    request = town.request(contact=ZOE)
    tell(event_id=latest().pk, now=NOW)
    return request


def latest() -> Event:
    return Event.objects.filter(public=True).latest("id")


def report(to: str = "", *, action: str = "failed", status: str = "5.1.1") -> email.message.EmailMessage:
    to = to or returned.address(Message.objects.get().pk)
    return email.message_from_string(REPORT.format(to=to, action=action, status=status), policy=default)


def receive(*args, **facts) -> str:
    return bounces.receive(report(*args, **facts), now=timezone.now())


def test_a_mail_is_sent_from_an_address_that_names_it(town, mail_settings, settings):
    envelopes = []

    class Office:
        async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
            envelopes.append(envelope)
            return "250 OK"

    settings.BOUNCE_ADDRESS = "retours@ville.example"
    server = Controller(Office(), hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    server.start()
    try:
        town.request(contact=ZOE)
        tell(event_id=latest().pk, now=NOW)
    finally:
        server.stop()
    (envelope,) = envelopes
    message = Message.objects.get()
    assert envelope.mail_from.startswith(f"retours+m{message.pk}-")
    assert returned.message_of(envelope.mail_from) == message.pk
    letter = email.message_from_bytes(envelope.content, policy=default)
    assert letter["From"].addresses[0].addr_spec == "ne-pas-repondre@ville.example"


def test_an_address_that_does_not_exist_is_noted_and_not_written_to_again(told, town, letterbox):
    assert receive() == "failed"
    message = Message.objects.get()
    assert (message.outcome, message.refusal, message.sent_at) == ("refused", "5.1.1", NOW)
    told.requester.refresh_from_db()
    assert told.requester.email_refused_at is not None
    assert list(told.events.values_list("kind", flat=True)) == ["submitted", "told", "unreached"]

    move(request_id=told.pk, name="accept", actor=None, now=NOW)
    assert tell(event_id=latest().pk, now=NOW) is False
    again = town.request(contact=Contact(name="Une autre", email="Zoe@Example.org"))
    assert tell(event_id=latest().pk, now=NOW) is False

    assert len(letterbox.letters) == 1
    again.requester.refresh_from_db()
    assert again.requester.unreached_at == NOW  # staff see it on this request too


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.3.4"])
def test_a_full_mailbox_or_a_policy_is_not_held_against_the_address(told, letterbox, status):
    assert receive(status=status) == "failed"
    told.requester.refresh_from_db()
    assert (told.requester.email_refused_at, bool(told.requester.unreached_at)) == (None, True)

    move(request_id=told.pk, name="accept", actor=None, now=NOW)
    assert tell(event_id=latest().pk, now=NOW)

    told.requester.refresh_from_db()
    assert told.requester.unreached_at is None
    assert len(letterbox.letters) == 2


def test_a_delay_is_only_noted(told):
    assert receive(action="delayed", status="4.4.7") == "delayed"
    message = Message.objects.get()
    assert (message.outcome, bool(message.delayed_at)) == ("sent", True)
    told.requester.refresh_from_db()
    assert told.requester.unreached_at is None


def test_the_same_report_twice_is_told_once(told):
    assert [receive(), receive()] == ["failed", "known"]
    assert told.events.filter(kind=Event.Kind.UNREACHED).count() == 1


def test_what_bounced_goes_by_sms_where_there_is_a_mobile(town, letterbox, gateway, settings):
    settings.BOUNCE_ADDRESS = "retours@ville.example"
    town.request(contact=Contact(email="zoe@example.org", phone="06 12 34 56 78"))
    tell(event_id=latest().pk, now=NOW)
    assert gateway.asked == []
    told = ProcrastinateJob.objects.filter(task_name=NEWS, args__event_id=latest().pk)
    before = told.count()
    receive()
    assert told.count() == before + 1
    assert tell(event_id=latest().pk, now=NOW)
    assert len(gateway.sent) == 1
    assert tell(event_id=latest().pk, now=NOW) is False


def test_where_the_other_way_cannot_be_queued_the_report_is_read_again_later(told, monkeypatch):
    queue = bounces.app.configure_task

    def out_of_order(name, **facts):
        if name == NEWS:
            raise OperationalError
        return queue(name, **facts)

    monkeypatch.setattr(bounces.app, "configure_task", out_of_order)
    with pytest.raises(OperationalError):
        receive()
    assert Message.objects.get().outcome == Message.Outcome.SENT
    monkeypatch.undo()
    assert receive() == "failed"


def test_what_comes_back_late_is_not_held_against_the_address_that_was_corrected(told, town, letterbox):
    later, agent = NOW + datetime.timedelta(hours=1), town.person("agent")
    correct(request_id=told.pk, changes={"email": "zoe.lefevre@example.org"}, actor=agent, now=later)
    assert receive() == "failed"
    told.requester.refresh_from_db()
    assert (told.requester.email_refused_at, told.requester.unreached_at) == (None, None)
    assert not told.events.filter(kind=Event.Kind.UNREACHED).exists()

    move(request_id=told.pk, name="accept", actor=None, now=later)
    assert tell(event_id=latest().pk, now=later)
    assert letterbox.letters[-1]["X-Envelope-To"] == "zoe.lefevre@example.org"

    # What was sent since speaks of the new one.
    to = returned.address(Message.objects.latest("id").pk)
    assert receive(to) == "failed"
    told.requester.refresh_from_db()
    assert told.requester.email_refused_at is not None


def test_nobody_can_report_in_another_name(told):
    pk = Message.objects.get().pk
    true = returned.address(pk)
    for forged in (
        f"retours+m{pk}-{'0' * 20}@ville.example", true.replace(f"+m{pk}-", f"+m{pk + 1}-"), "retours@ville.example",
        f"retours+m{pk}@ville.example", "",
    ):  # fmt: skip
        assert bounces.receive(report(forged or "x"), now=NOW) == "other"
    assert Message.objects.get().outcome == "sent"


def test_an_absence_notice_is_no_report(told):
    mail = email.message.EmailMessage()
    mail["To"], mail["Subject"] = returned.address(Message.objects.get().pk), "Absence du bureau"
    mail.set_content("Je reviens lundi.")
    assert bounces.receive(mail, now=NOW) == "other"


def test_the_address_may_have_been_written_in_small_letters_or_known_to_the_server_only(told):
    own = returned.address(Message.objects.get().pk)
    assert returned.message_of(own.upper()) == Message.objects.get().pk
    assert bounces.receive(report("retours@ville.example"), now=NOW, came_to=own) == "failed"


@pytest.mark.parametrize(
    ("code", "words", "addressed", "nobody"),
    [
        (550, "5.1.1 no such person", True, True),
        (550, "No such user here", True, True),
        (550, "spam refused", False, False),
        (550, "5.7.1 relaying denied", True, False),
        (552, "5.2.2 mailbox full", True, False),
        (550, "5.2.1 disabled", True, True),
        (550, "5.1.8 sender's domain unknown", True, False),
        (550, "5.1.10 null MX", True, True),
    ],
)
def test_which_refusals_say_that_nobody_is_there(code, words, addressed, nobody):
    assert refusals.nobody(code=code, words=words, addressed=addressed) is nobody


def read(*args: str) -> str:
    out = StringIO()
    call_command("read_bounces", *args, "--json", stdout=out)
    return out.getvalue().strip()


def test_the_command_reads_a_pipe(told, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(report().as_bytes())))
    assert read("-") == '{"failed": 1}'


def test_the_command_reads_files_folders_and_mailboxes(told, tmp_path):
    (tmp_path / "one.eml").write_bytes(report(action="delayed", status="4.4.7").as_bytes())
    assert read(str(tmp_path / "one.eml")) == '{"delayed": 1}'
    assert read(str(tmp_path)) == '{"delayed": 1}'
    many = mailbox.mbox(tmp_path / "mbox")
    many.add(mailbox.mboxMessage(report()))
    many.add(mailbox.mboxMessage(report("somebody@ville.example")))
    many.flush()
    assert read(str(tmp_path / "mbox")) == '{"failed": 1, "other": 1}'


def test_a_maildir_is_read_once(told, tmp_path):
    box = mailbox.Maildir(tmp_path / "Maildir")
    box.add(report(action="delayed", status="4.4.7").as_bytes())
    assert read(str(tmp_path / "Maildir")) == '{"delayed": 1}'
    assert read(str(tmp_path / "Maildir")) == "{}"
    assert len(mailbox.Maildir(tmp_path / "Maildir")) == 1


def test_the_command_says_what_it_cannot_read(db, tmp_path):
    with pytest.raises(CommandError):
        read(str(tmp_path / "missing"))
    (tmp_path / "noise").write_bytes(bytes(range(256)))
    assert read(str(tmp_path / "noise")) == '{"other": 1}'


def test_staff_who_may_see_the_requester_read_that_nothing_reached_them(told, signed_in):
    receive()
    for role, seen in (("regulator", True), ("technician", False)):
        page = signed_in(role).get(f"/demandes/{told.reference}/").content.decode()
        assert ("n’a pas pu être remis" in page) is seen, role


def test_the_list_of_those_who_are_not_reached(told, town, signed_in):
    other = town.request()
    receive()
    page = signed_in("regulator").get("/demandes/?unreached=true").content.decode()
    assert told.reference in page
    assert other.reference not in page
