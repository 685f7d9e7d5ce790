"""Every kind of mail the platform writes, composed of what the demo holds, as it goes out."""

import datetime
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from gisplatform.mailing import smtp
from gisplatform.models import Department, User
from interventions.events.models import Event
from interventions.informing import mail
from interventions.informing.news import SAID, News
from interventions.noticing import mails
from interventions.noticing.kinds import Kind
from interventions.noticing.models import NoticeMail, Notification
from interventions.requests import services
from interventions.requests.models import ServiceRequest
from interventions.requests.reference import compose
from interventions.rerouting import notices
from interventions.rerouting.models import Notice, Rerouting
from layers.models import LayerVersion


def told(move: str) -> EmailMessage:
    """To the requester, of the latest such event, with a word of the service if any has."""
    kind = {"kind": Event.Kind.SUBMITTED, "other": None} if move == "submitted" else {"move": move}
    found = Event.objects.filter(public=True, request__requester__isnull=False, **kind)
    written = found.exclude(request__requester__email="").order_by("-text", "-id")
    event = written.first() or made(move)
    return gone_out(mail.compose(News.of(event, event.request), to=event.request.requester.email, message_id=1))


def made(name: str) -> Event:
    """One that the demo has not."""
    assert name == "reschedule"
    asked = ServiceRequest.objects.filter(state="accepted", requester__email__gt="").first()
    day = timezone.localdate() + datetime.timedelta(days=9)
    return services.move(
        request_id=asked.pk,
        name=name,
        actor=None,
        now=timezone.now(),
        due_on=day,
        reason="La pluie empêche de peindre.",
    )


def notice() -> EmailMessage:
    """To a company, of the latest work it was given; it has not read of it yet."""
    mail_of = NoticeMail.objects.get(person__username="prestataire")
    latest = Notification.objects.filter(person=mail_of.person, kind=Kind.ENTRUSTED).latest("id")
    Notification.objects.filter(person=mail_of.person).update(mail=None)
    Notification.objects.filter(pk=latest.pk).update(mail=mail_of, read_at=None)
    return gone_out(mails.compose(mail_of, now=timezone.now()))


def digest() -> EmailMessage:
    """To who evaluates: what waits, news of several kinds, and a pass among them."""
    mail_of = NoticeMail.objects.get(person__username="regulateur")
    mail_of.digest_on = timezone.localdate()
    passed()
    Notification.objects.filter(person=mail_of.person).update(mail=mail_of, read_at=None)
    return gone_out(mails.compose(mail_of, now=timezone.now()))


def rerouted() -> EmailMessage:
    """To who evaluates, of requests that new zones have moved."""
    return gone_out(notices.compose(passed()))


def passed() -> Notice:
    """A pass that has ended, and its mail to who evaluates."""
    regulator, now = User.objects.get(username="regulateur"), timezone.now()
    rerouting = Rerouting.objects.create(
        version=LayerVersion.objects.get(layer__code="proprete"),
        ordered_at=now,
        day=now.date(),
        begun_at=now,
        ended_at=now,
    )
    one, other = (Department.objects.get(code=code) for code in ("proprete-urbaine", "espaces-verts"))
    rerouting.moves.create(from_department=one, to_department=other, moved=12, at_work=2)
    rerouting.moves.create(from_department=other, to_department=None, moved=1)
    notices.write(rerouting)
    return Notice.objects.get(rerouting=rerouting, person=regulator)


def gone_out(composed: EmailMultiAlternatives | None) -> EmailMessage:
    assert composed is not None
    return message_from_bytes(smtp.whole(composed), policy=default)


STAFF = {"notice": notice, "digest": digest, "rerouted": rerouted}
KINDS = ("submitted", *SAID, *STAFF)


def letter(kind: str) -> EmailMessage:
    return STAFF[kind]() if kind in STAFF else told(kind)


def html(written: EmailMessage) -> str:
    return str(written.get_body(("html",)).get_content())


def text(written: EmailMessage) -> str:
    return str(written.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def alike(part: str) -> str:
    """With the same secrets and numbers each time, so that a picture changes when the mail does."""
    part = re.sub(r"(/suivi|/prevenir)/[-\w.]+/", r"\1/Xw1c0nZ0x3l9aV5uH2pQrT7k/", part)
    for number, reference in enumerate(dict.fromkeys(re.findall(r"\d{4}-\d{6}-\d", part)), start=1):
        part = part.replace(reference, compose(2026, 590 + number))
    return re.sub(r"(/notifications/|rerouted=)\d+", r"\g<1>1407", part)
