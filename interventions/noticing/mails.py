"""The mails to staff and companies: of one notification, or of a day, grouped by kind, with counts."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gisplatform import moments
from gisplatform.mailing import texts
from gisplatform.models import User
from interventions.noticing.kinds import How, Kind
from interventions.noticing.models import NoticeMail, Notification
from interventions.noticing.queries import Waiting, waiting
from interventions.noticing.services import choices_of
from interventions.noticing.words import Line, lines

NAMED = 5  # notifications of a kind that a digest tells one by one


@dataclass
class Group:
    """The notifications of a kind, the latest first."""

    kind: Kind
    lines: list[Line] = field(default_factory=list)

    @property
    def named(self) -> list[Line]:
        return self.lines[:NAMED]

    @property
    def more(self) -> int:
        return len(self.lines) - NAMED if len(self.lines) > NAMED else 0


def compose(mail: NoticeMail, *, now: datetime.datetime) -> EmailMultiAlternatives | None:
    """The mail as it is to be read now; None when the person cannot be written to or there is nothing left to tell."""
    person = mail.person
    if not person.is_active or not _is_address(person.email):
        return None
    rows = Notification.objects.visible_to(person).filter(mail=mail, read_at=None).with_names().order_by("-at", "-id")
    with translation.override(settings.LANGUAGE_CODE):
        if mail.digest_on is None:
            return next((_of_one(mail, each) for each in lines(rows)), None)
        return _of_the_day(mail, lines(_last_of_each(rows)), _awaited(person, now), now=now)


def grouped(told: Iterable[Line]) -> list[Group]:
    """By kind, the gravest first."""
    groups = {kind: Group(kind) for kind in Kind}
    for each in told:
        groups[Kind(each.notification.kind)].lines.append(each)
    return [group for group in groups.values() if group.lines]


def _of_one(mail: NoticeMail, told: Line) -> EmailMultiAlternatives:
    about = _one_line(f"{told.reference} {told.subject}")
    subject = f"{told.sentence}\N{NO-BREAK SPACE}: {about}" if about else told.sentence
    return _letter(mail, "notice", _one_line(subject), {"line": told, "link": settings.PUBLIC_URL + told.url})


def _of_the_day(
    mail: NoticeMail, told: list[Line], awaited: Waiting | None, *, now: datetime.datetime
) -> EmailMultiAlternatives | None:
    if not told and not awaited:
        return None
    news = ngettext("%(count)d notification", "%(count)d notifications", len(told)) % {"count": len(told)}
    waits = awaited.to_evaluate if awaited else 0
    waiting_too = ngettext("%(count)d request waits", "%(count)d requests wait", waits or 0) % {"count": waits or 0}
    said = ", ".join(part for part, is_said in ((news, told), (waiting_too, waits)) if is_said)
    subject = _("Your %(day)s: %(news)s") % {"day": moments.day(timezone.localtime(now), "l j F"), "news": said}
    context = {"groups": grouped(told), "waiting": awaited, "desk": settings.PUBLIC_URL + reverse("desk")}
    return _letter(mail, "digest", subject, {**context, "link": settings.PUBLIC_URL + reverse("notifications")})


def _letter(mail: NoticeMail, template: str, subject: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    chosen_at = settings.PUBLIC_URL + reverse("notice-settings")
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    about = {**context, "subject": subject, "settings_link": chosen_at, "site": settings.PUBLIC_URL}
    letter = EmailMultiAlternatives(
        subject=subject,
        body=texts.render(f"mail/{template}.txt", about),
        from_email=address,
        to=[mail.person.email],
        headers={
            "From": formataddr((name, address)),
            # The same each time it is sent: who gets it twice sees one.
            "Message-ID": f"<notices-{mail.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{chosen_at}>",
        },
    )
    letter.attach_alternative(render_to_string(f"mail/{template}.html", about), "text/html")
    return letter


def _last_of_each(rows: Iterable[Notification]) -> list[Notification]:
    """Of several about one thing the latest."""
    found: dict[object, Notification] = {}
    for row in rows:
        found.setdefault(
            (row.request_id, row.intervention_id if row.request_id is None else None, row.rerouting_id), row
        )
    return list(found.values())


def _awaited(person: User, now: datetime.datetime) -> Waiting | None:
    """What waits, for who wants to know it every day."""
    wanted = choices_of(person).get(Kind.WAITING) == How.DIGEST
    found = waiting(person, now=now) if wanted else None
    return found if found is not None and found.to_evaluate else None


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _one_line(text: str) -> str:
    return " ".join(text.split())
