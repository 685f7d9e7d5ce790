"""What changes a request. Every way in (page, REST, field, imports) calls these."""

import datetime
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import KeyReused, MoveRefused
from gisplatform.models import Department, User
from interventions.events.models import Event
from interventions.events.record import record
from interventions.glossary.models import Category
from interventions.requests import duplicates
from interventions.requests.lifecycle import ENDED, MOVES, State
from interventions.requests.models import Attachment, Notify, Requester, ServiceRequest
from interventions.requests.reference import next_reference
from interventions.routing.decide import decide
from interventions.routing.models import Decision, Reason


@dataclass(frozen=True)
class Contact:
    """Who asks and how to reach them; any part may be empty. `notify`: how they want to be told."""

    name: str = ""
    email: str = ""
    phone: str = ""
    notify: str = Notify.EMAIL

    def __bool__(self) -> bool:
        return bool(self.name or self.email or self.phone)


def submit(
    *,
    author: User | None,
    category: Category,
    geom: GEOSGeometry,
    channel: str,
    key: UUID,
    now: datetime.datetime,
    contact: Contact | None = None,
    issued_by: Department | None = None,
    joins: ServiceRequest | None = None,
    with_photos: bool = True,
    **facts: Any,
) -> ServiceRequest:
    """Log a request, route it and tell its requester: one transaction.

    `geom` is in the storage CRS. `facts` are plain columns of ServiceRequest: description, address, accuracy_m,
    place_source, captured_at, nature. `issued_by` is the department it is logged for, the author's own when not given.
    The same `key` from the same author returns the request it made the first time; from another, raises KeyReused.
    Photos received under `key` become the request's; `with_photos=False` spares the statement where none can be
    waiting. A suggestion is not routed: it goes to triage, `to_sort`. One that `joins` another tells of the same
    problem: it is a duplicate from the start, its requester hears what becomes of that one. Raises CannotJoin.
    """
    reference = next_reference(now, key=key)
    if reference is None:
        return _made_with(key, author)
    try:
        with transaction.atomic():
            principal = duplicates.hold(request_id=None, named_id=joins.pk) if joins else None
            request = ServiceRequest.objects.create(
                reference=reference,
                key=key,
                tracking_token=secrets.token_urlsafe(18),
                category=category,
                geom=geom,
                channel=channel,
                author=author,
                issued_by=issued_by or (author.department if author else None),
                requester=Requester.objects.create(**vars(contact)) if contact else None,
                submitted_at=now,
                updated_at=now,
                due_at=due_at(category=category, now=now),
                **facts,
            )
            if request.nature == ServiceRequest.Nature.INCIDENT:
                _route(request, now)
            if principal is not None:
                duplicates.join(request, principal, actor=author, now=now)
                request.state, request.closed_at = State.DUPLICATE, now
                request.save(update_fields=["state", "closed_at", "duplicate_of"])
            if with_photos:
                Attachment.objects.filter(key=key, uploaded_by=author, request=None).update(request=request)
            record(
                request_id=request.pk,
                kind=Event.Kind.SUBMITTED,
                now=now,
                actor=author,
                to_state=request.state,
                other_id=request.duplicate_of_id,
                public=True,
            )
    except IntegrityError:
        # Posted twice at once: the other one came first and its request is the answer.
        if not ServiceRequest.objects.filter(key=key).exists():
            raise
        return _made_with(key, author)
    return request


def due_at(*, category: Category, now: datetime.datetime) -> datetime.datetime | None:
    """When an answer is announced to who asks at `now`; None when the category announces nothing."""
    return now + datetime.timedelta(days=category.delay_days) if category.delay_days else None


def _made_with(key: UUID, author: User | None) -> ServiceRequest:
    request = ServiceRequest.objects.with_names().get(key=key)
    if request.author_id != (author.pk if author else None):
        raise KeyReused
    return request


def _route(request: ServiceRequest, now: datetime.datetime) -> None:
    """Decide, and bring the object in step with what the statement wrote."""
    (answer,) = decide([request.pk], now=now)
    request.decision_id, request.department_id = answer.decision_id, answer.department_id
    request.state = State.TO_EVALUATE if answer.department_id else State.TO_SORT


def move(
    *,
    request_id: int,
    name: str,
    actor: User | None,
    now: datetime.datetime,
    reason: str = "",
    department: Department | None = None,
    joins: ServiceRequest | None = None,
    due_on: datetime.date | None = None,
    key: UUID | None = None,
    intervention_id: int | None = None,
) -> Event:
    """Make one move of the lifecycle table, by somebody whose right to it was checked; returns its event.

    The event keeps `key`, so that a machine that calls twice is known. To merge, `joins` is the request that told of
    the same problem first; reopened, a duplicate leaves it, and the date is announced anew. To reschedule, `due_on` is
    the new day. Who joined a request hears of its public moves. Raises MoveRefused when the state does not allow it, or
    when its reason (to redirect: its department; to merge: the request it joins; to reschedule: the day) is missing.
    """
    made = MOVES[name]
    if made.needs_reason and not reason.strip():
        raise MoveRefused(_("Give the reason: the requester will read it."))
    if name == "redirect" and department is None:
        raise MoveRefused(_("Say which department answers."))
    if name == "merge" and joins is None:
        raise duplicates.CannotJoin(_("Give the reference of the first request."))
    if name == "reschedule" and (due_on is None or due_on < timezone.localdate(now)):
        raise MoveRefused(_("Give the day you announce: today or later."))
    with transaction.atomic():
        principal = hold(request_id=request_id, name=name, joins=joins)
        request = ServiceRequest.objects.select_for_update().get(pk=request_id)
        if request.state not in made.origins:
            raise MoveRefused
        if name == "cancel":
            duplicates.check_alone(request)
        told_too = duplicates.followers(request) if made.public else []
        if name == "merge" and principal is not None:
            duplicates.join(request, principal, actor=actor, now=now)
        elif principal is not None:
            duplicates.leave(request, principal, actor=actor, now=now)
        before, after = request.state, made.to or request.state
        request.state, request.updated_at = after, now
        request.closed_at = now if after in ENDED else None
        announced, request.due_at = request.due_at, _announced(request, name=name, due_on=due_on, now=now)
        if department is not None:
            request.department = department
            request.decision = Decision.objects.create(
                request=request,
                decided_at=now,
                rules_of=timezone.localdate(now),
                decided_by=actor,
                reason=Reason.objects.by_hand(department=department, words=reason),
            )
        request.save(
            update_fields=["state", "updated_at", "closed_at", "department", "decision", "duplicate_of", "due_at"]
        )
        moved = {"due_from": announced, "due_to": request.due_at} if announced != request.due_at else {}
        return record(
            request_id=request_id,
            kind=Event.Kind.MOVED,
            now=now,
            actor=actor,
            move=name,
            from_state=before,
            to_state=after,
            text=reason,
            other_id=principal.pk if principal else None,
            intervention_id=intervention_id,
            public=made.public,
            followers=told_too,
            key=key,
            **moved,
        )


def _announced(
    request: ServiceRequest, *, name: str, due_on: datetime.date | None, now: datetime.datetime
) -> datetime.datetime | None:
    """The date announced once the move is made: chosen by somebody, counted anew when reopened, else as it was."""
    if name == "reschedule" and due_on is not None:
        return timezone.make_aware(datetime.datetime.combine(due_on, datetime.time(23, 59)))
    return due_at(category=request.category, now=now) if name == "reopen" else request.due_at


def hold(*, request_id: int, name: str, joins: ServiceRequest | None) -> ServiceRequest | None:
    """For a move that joins or leaves another request: lock both, in order, and return the one joined: the principal.

    `move` does it itself; who locks the request before calling it, calls this first.
    """
    if name not in duplicates.LINKING:
        return None
    return duplicates.hold(request_id=request_id, named_id=joins.pk if joins else None)


def note(*, request_id: int, actor: User, text: str, now: datetime.datetime, key: UUID | None = None) -> Event:
    """Add a note that only staff read; `key` as in `move`."""
    return record(request_id=request_id, kind=Event.Kind.NOTED, now=now, actor=actor, text=text, key=key)
