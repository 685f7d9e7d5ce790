"""Telling the people concerned what a pass has moved: each once, with counts and not request by request.

They are the members of the departments that lost or received requests, and who evaluates for them. Who ordered the
pass finds among their notifications that it has ended, whatever it moved. Requesters hear nothing: what they wait for
has not changed.
"""

import datetime
import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from gisplatform.mailing import texts
from gisplatform.models import User
from interventions.noticing.kinds import How, Kind
from interventions.noticing.services import how_they_hear, tell_of_rerouting
from interventions.rerouting.models import Notice, Rerouting, ReroutingMove

logger = logging.getLogger(__name__)

TELL = "interventions.tell_rerouted"


@dataclass(frozen=True)
class Concern:
    """What of a pass a person is told: the moves from or to the departments they answer for."""

    moves: list[ReroutingMove]
    departments: frozenset[int]
    evaluates: bool

    @property
    def moved(self) -> int:
        return sum(each.moved for each in self.moves)

    @property
    def waiting(self) -> int:
        """How many wait for them now; those that nobody answers, for whoever evaluates."""
        return sum(each.moved for each in self.moves if self._is_theirs(each.to_department_id))

    @property
    def at_work(self) -> int:
        return sum(each.at_work for each in self.moves)

    def _is_theirs(self, department_id: int | None) -> bool:
        return self.evaluates if department_id is None else department_id in self.departments


def write(rerouting: Rerouting) -> int:
    """Tell each person concerned, in the caller's transaction; how many mails go at once.

    All find it among their notifications; who wants it in the mail of the day, or here only, has none of its own.
    """
    people = _concerned(rerouting)
    by = rerouting.ordered_by
    waits = by is not None and by.is_active and by not in people
    hear = how_they_hear(Kind.REROUTED, [*people, by] if by is not None and waits else people)
    if by is not None and waits and hear[by.pk] == How.IMMEDIATE:
        hear[by.pk] = How.HERE  # a mail is for those whose requests moved
    tell_of_rerouting(rerouting_id=rerouting.pk, at=rerouting.ended_at or rerouting.ordered_at, people=hear)
    at_once = [person for person in people if person.email and hear[person.pk] == How.IMMEDIATE]
    told = [Notice(rerouting=rerouting, person=person) for person in at_once]
    for notice in Notice.objects.bulk_create(told):
        app.configure_task(TELL).defer(notice_id=notice.pk)
    return len(told)


def tell(*, notice_id: int, now: datetime.datetime) -> bool:
    """Send it unless it was sent. Raises smtplib.SMTPException or OSError: nothing is marked, try again later."""
    with transaction.atomic():
        # A second worker with the same job waits here, then finds it sent.
        notice = Notice.objects.select_for_update(of=("self",)).select_related("person").get(pk=notice_id)
        if notice.sent_at is not None or not notice.person.is_active:
            return False
        compose(notice).send()
        notice.sent_at = now
        notice.save(update_fields=["sent_at"])
    logger.info("person told of a re-routing", extra={"notice": notice_id, "rerouting": notice.rerouting_id})
    return True


def concern(rerouting: Rerouting, person: User) -> Concern:
    """What this person is told: of all they evaluate for, else of their own department and those under it."""
    if not person.may("view_requests"):
        return Concern([], frozenset(), evaluates=False)
    evaluates = person.may("evaluate_request")
    departments = frozenset((evaluates and person.sight) or person.below)
    moves = rerouting.moves.select_related("from_department", "to_department").order_by("-moved", "id")
    ours = [each for each in moves if {each.from_department_id, each.to_department_id} & departments and each.moved]
    return Concern(ours, departments, evaluates)


def compose(notice: Notice) -> EmailMultiAlternatives:
    rerouting = Rerouting.objects.select_related("version__layer").get(pk=notice.rerouting_id)
    found = concern(rerouting, notice.person)
    with translation.override(settings.LANGUAGE_CODE):
        subject = ngettext(
            "%(count)d request changes department", "%(count)d requests change department", found.moved
        ) % {"count": found.moved}
        if rerouting.version is not None:
            named = {"layer": " ".join(rerouting.version.layer.name.split()), "version": rerouting.version.number}
            subject = _("Layer “%(layer)s”, version %(version)s") % named + "\N{NO-BREAK SPACE}: " + subject
        context = {
            "rerouting": rerouting,
            "concern": found,
            "subject": subject,
            "link": f"{settings.PUBLIC_URL}{reverse('requests')}?rerouted={rerouting.pk}",
        }
        mail = EmailMultiAlternatives(
            subject=subject,
            body=texts.render("mail/rerouted.txt", context),
            to=[notice.person.email],
            headers={
                "Message-ID": f"<notice-{notice.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("mail/rerouted.html", context), "text/html")
    return mail


def _concerned(rerouting: Rerouting) -> list[User]:
    moves = rerouting.moves.filter(moved__gt=0).values_list("from_department_id", "to_department_id")
    departments = {each for pair in moves for each in pair if each is not None}
    near = User.objects.filter(is_active=True, department__authority__departments__in=departments)
    return [person for person in near.distinct().order_by("pk") if concern(rerouting, person).moves]
