"""What one notification says, for the page, the mails and the interface alike."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gisplatform import moments
from gisplatform.models import User
from interventions.events.models import Event
from interventions.noticing.kinds import SORTS, Kind
from interventions.noticing.models import Notification
from interventions.requests.detail import MADE
from interventions.requests.models import ServiceRequest

QUOTED = 200  # letters of what somebody wrote
OF_WORK = "worked"  # an event of the work alone: its text is for who carries it out

# Said whatever the event was.
SAID = {
    Kind.NOT_FIXED: gettext_lazy("The requester says that it is not repaired"),
    Kind.RETURNED: gettext_lazy("Work taken back: do not go there"),
    Kind.ENTRUSTED: gettext_lazy("Work to do"),
    Kind.TO_SORT: gettext_lazy("No department answers this request: it is to be sorted"),
}
RECEIVED = {
    "redirect": gettext_lazy("Request handed to your department"),
    "reopen": gettext_lazy("Request of your department, open again"),
}


@dataclass(frozen=True)
class Line:
    """`subject` is the type of request, `place` may be ""; `text` is what somebody wrote for this reader."""

    notification: Notification
    sentence: str
    reference: str
    subject: str
    place: str
    text: str
    who: str
    due_at: datetime.datetime | None

    @property
    def icon(self) -> str:
        return SORTS[Kind(self.notification.kind)].icon

    @property
    def label(self) -> Any:
        return Kind(self.notification.kind).label

    @property
    def unread(self) -> bool:
        return self.notification.read_at is None and not self.notification.overtaken

    @property
    def url(self) -> str:
        """Marks it read and leads to what it is about."""
        return reverse("notification", args=[self.notification.pk])

    @property
    def hour(self) -> str:
        return moments.hour(self.notification.at)

    @property
    def due(self) -> str:
        """« jeudi 26 novembre », "" where no day is announced or it is of no use here."""
        wanted = self.notification.kind in (Kind.ENTRUSTED, Kind.TO_VALIDATE) and self.due_at is not None
        return moments.day(self.due_at, "l j F") if wanted and self.due_at else ""


def lines(rows: Iterable[Notification]) -> list[Line]:
    """Of notifications read `with_names`: nothing more is queried."""
    return [line(row) for row in rows]


def line(row: Notification) -> Line:
    event, request, work = row.event, row.request, row.intervention
    served: list[ServiceRequest] = list(work.requests.all()) if work is not None else []
    about = [request] if request is not None else served
    return Line(
        notification=row,
        sentence=_sentence(row),
        reference=request.reference if request else work.reference if work else "",
        subject=", ".join(dict.fromkeys(each.category.name for each in about)),
        place=next((each.address for each in about if each.address), ""),
        text=Truncator(event.text).chars(QUOTED) if event and (request or event.kind == OF_WORK) else "",
        who=_name(event) if request is not None else "",
        due_at=work.due_at if work else request.due_at if request else None,
    )


def target(row: Notification, user: User) -> str:
    """The address of what it is about, for its reader."""
    if row.rerouting is not None:
        if row.rerouting.ordered_by_id == user.pk and user.may("view_layers"):
            return reverse("rerouting", args=[row.rerouting_id])
        return f"{reverse('requests')}?rerouted={row.rerouting_id}"
    if row.intervention is not None and (row.request is None or row.kind == Kind.TO_VALIDATE):
        if user.may("company_work"):
            return f"{reverse('contractor')}#{row.intervention.reference}"
        return f"{reverse('work')}?show={row.intervention.state}#{row.intervention.reference}"
    assert row.request is not None
    return reverse("request", args=[row.request.reference])


def _sentence(row: Notification) -> str:
    kind, event = Kind(row.kind), row.event
    if kind in SAID:
        return str(SAID[kind])
    if event is None:
        return _rerouted(row)
    if kind == Kind.TO_VALIDATE and row.intervention is not None:
        return _("Work ordered from %(company)s: to validate") % {"company": row.intervention.executed_by.name}
    if kind == Kind.RECEIVED:
        return str(RECEIVED.get(event.move) or _("New request for your department"))
    if kind == Kind.NOTE:
        return _("Note of %(name)s") % {"name": _name(event)}
    if kind == Kind.REQUESTER:
        return _("No message reaches the requester") if event.kind == "unreached" else _("The requester adds something")
    return str(MADE[event.move])


def _rerouted(row: Notification) -> str:
    version = row.rerouting.version if row.rerouting is not None else None
    named = {"layer": version.layer.name, "version": version.number} if version is not None else {}
    if row.rerouting is not None and row.rerouting.ordered_by_id == row.person_id:
        said = _ended(sum(each.moved for each in row.rerouting.moves.all()))
        if version is None:
            return capfirst(said)
        return _("Layer “%(layer)s”, version %(version)s") % named + "\N{NO-BREAK SPACE}: " + said
    if version is None:
        return _("Requests were looked at again and change department")
    return _("Layer “%(layer)s”, version %(version)s: requests change department") % named


def _ended(count: int) -> str:
    """For who ordered it."""
    if not count:
        return _("requests looked at again, none changes department")
    return ngettext(
        "requests looked at again, %(count)d changes department",
        "requests looked at again, %(count)d change department", count,
    ) % {"count": count}  # fmt: skip


def _name(event: Event | None) -> str:
    actor = event.actor if event is not None else None
    return (actor.get_full_name() or actor.get_username()) if actor is not None else ""
