"""What a requester sees of their request, and what they may say of it."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet

from interventions.events.models import Event
from interventions.informing import words
from interventions.informing.steps import Step, joined_events, steps
from interventions.requests.lifecycle import AWAITED, OPEN, State
from interventions.requests.models import Attachment, Satisfaction, ServiceRequest

TOKEN = re.compile(r"[-\w]{1,40}", re.ASCII)
MENDED = (State.DONE, State.CLOSED)
# Beside the public ones: what makes the page another one, and is nothing to be written to.
SEEN = (Event.Kind.REJOINED, Event.Kind.ADDED)


@dataclass(frozen=True)
class Tracked:
    request: ServiceRequest
    told: ServiceRequest  # the one whose life is told: the request itself, or the one it has joined
    sentence: str
    promise: str
    redated: str  # how the announced date has changed and why, "" when it has not
    steps: list[Step]
    added: list[Event]  # precisions of this requester
    photos: list[Attachment]  # released to requesters, or sent by this one
    now: datetime.datetime

    @property
    def joined(self) -> str:
        return words.joined(self.told.reference) if self.told is not self.request else ""

    @property
    def may_add(self) -> bool:
        return self.told.state in OPEN

    @property
    def is_mended(self) -> bool:
        """The work is said to be done: the requester may say whether it is, and how content they are."""
        return self.told.state in MENDED

    @property
    def may_reopen(self) -> bool:
        return self.told.state == State.DONE or (self.reopen_until is not None and self.now <= self.reopen_until)

    @property
    def reopen_until(self) -> datetime.datetime | None:
        """Until when a closed request may be reopened from this page; None for one that is not closed."""
        if self.told.state != State.CLOSED or self.told.closed_at is None:
            return None
        return self.told.closed_at + datetime.timedelta(days=settings.REOPEN_DAYS)

    @property
    def satisfaction(self) -> Satisfaction | None:
        return getattr(self.request, "satisfaction", None)


def find(token: str, *, now: datetime.datetime) -> Tracked | None:
    """The request of this token as its requester may see it; None for an unknown one. Three queries."""
    request = request_of(token)
    if request is None:
        return None
    told = request.duplicate_of or request
    worth = Q(public=True) | Q(kind__in=SEEN)
    happened = Event.objects.filter(worth, request__in={request, told}).order_by("id")
    own = [event for event in happened if event.request_id == request.pk and event.kind != Event.Kind.ADDED]
    of_told = [event for event in happened if event.request_id == told.pk and event.kind != Event.Kind.ADDED]
    events = own if told is request else joined_events(own, of_told)
    last_move = events[-1].move if events else ""
    said = words.sentence(state=told.state, department=told.department, due_at=told.due_at)
    if told.state == State.CLOSED and last_move == "answer":
        said = str(words.ANSWERED)
    return Tracked(
        request=request,
        told=told,
        sentence=said,
        promise=words.promise(state=told.state, due_at=told.due_at, now=now),
        redated=_redated(told, of_told),
        steps=steps(events),
        added=[each for each in happened if each.kind == Event.Kind.ADDED and not _of_another(each, request)],
        photos=list(photos_for(request, told)),
        now=now,
    )


def is_known(token: str) -> bool:
    """Whether this token opens a page, and nothing more: one look at an index, none for what cannot be a token."""
    if not TOKEN.fullmatch(token):
        return False
    # By hand: a query set takes longer to write the statement than the database to answer it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM interventions_servicerequest WHERE tracking_token = %s", [token])
        return cursor.fetchone() is not None


def request_of(token: str) -> ServiceRequest | None:
    """One query, none for what cannot be a token."""
    if not TOKEN.fullmatch(token):
        return None
    rows = ServiceRequest.objects.select_related(
        "category", "department__authority", "duplicate_of__department__authority", "satisfaction"
    )
    return rows.with_position().filter(tracking_token=token).first()


def photos_for(request: ServiceRequest, told: ServiceRequest) -> QuerySet[Attachment]:
    """Photos this requester may see: those of the place first, then those of the work."""
    about = Q(request__in={request, told}) | Q(intervention__requests__in={request, told})
    own = Q(request=request, from_requester=True)
    found = Attachment.objects.filter(about & Q(shown_at__isnull=False) | own).distinct()
    return found.order_by(F("intervention").asc(nulls_first=True), "id")


def _of_another(event: Event, request: ServiceRequest) -> bool:
    return event.request_id != request.pk or event.other_id is not None


def _redated(told: ServiceRequest, events: Sequence[Event]) -> str:
    changed = [event for event in events if event.due_from is not None and event.due_to is not None]
    # Told while it still is the date: one that ended has none to wait for.
    if not changed or told.due_at is None or told.state not in AWAITED:
        return ""
    return words.redated(changed[-1])
