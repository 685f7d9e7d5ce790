"""What changes an intervention; what it does to its requests goes through their own service."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.contrib.gis.db.models import Union
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import MoveRefused
from gisplatform.models import Department, User
from interventions.events.models import Event
from interventions.events.record import record
from interventions.requests import services as requests
from interventions.requests.lifecycle import MOVES as REQUEST_MOVES
from interventions.requests.lifecycle import UNDECIDED
from interventions.requests.models import Attachment, ServiceRequest
from interventions.requests.reference import compose
from interventions.work.lifecycle import LIVE, MOVES, State
from interventions.work.models import Intervention


def accept(
    *,
    request_id: int,
    executed_by: Department | None,
    actor: User,
    now: datetime.datetime,
    reason: str = "",
    instructions: str = "",
) -> Intervention:
    """Accept a request as the rules proposed and pour it into the interventions, in one transaction.

    `executed_by` is the department that answers when not given; a company then waits for a manager. Raises MoveRefused
    when the request is no longer to be evaluated, or when nobody answers for it yet.
    """
    with transaction.atomic():
        request = ServiceRequest.objects.select_for_update().select_related(None).get(pk=request_id)
        if request.state in UNDECIDED and request.department_id is None:
            raise MoveRefused(_("Nobody answers for this request yet: redirect it first."))
        requests.move(request_id=request_id, name="accept", actor=actor, now=now, reason=reason)
        return pour(request_ids=[request_id], executed_by=executed_by, actor=actor, now=now, instructions=instructions)


def pour(
    *,
    request_ids: Iterable[int],
    executed_by: Department | None,
    actor: User | None,
    now: datetime.datetime,
    instructions: str = "",
) -> Intervention:
    """One intervention for these accepted requests, ordered by the department of the first.

    It lies where they lie, is due when the first of them is, and takes the place of what was ordered for them before.
    """
    with transaction.atomic():
        rows = list(
            ServiceRequest.objects.select_for_update(of=("self",))
            .select_related("department")
            .filter(pk__in=list(request_ids))
            .order_by("id")
        )
        department = rows[0].department
        if department is None:
            raise MoveRefused(_("Nobody answers for this request yet: redirect it first."))
        by = executed_by or department
        _take_back(rows, actor=actor, now=now)
        intervention = Intervention.objects.create(
            reference=_next_reference(now),
            state=State.TO_VALIDATE if by.kind == Department.Kind.CONTRACTOR else State.TO_DO,
            department=department,
            executed_by=by,
            geom=ServiceRequest.objects.filter(pk__in=[row.pk for row in rows]).aggregate(place=Union("geom"))["place"],
            instructions=instructions,
            ordered_at=now,
            ordered_by=actor,
            due_at=min((row.due_at for row in rows if row.due_at), default=None),
        )
        intervention.requests.set(rows)
        return intervention


def move(
    *,
    intervention_id: int,
    name: str,
    actor: User | None,
    now: datetime.datetime,
    text: str = "",
    photos_key: UUID | None = None,
    key: UUID | None = None,
) -> Intervention:
    """Make one move of the table, by somebody whose right to it was checked; the same `key` again makes no other.

    Its requests move with it where their state allows; `text` is read by the requesters. Photos this person sent under
    `photos_key` become the intervention's. Raises MoveRefused when the state does not allow it.
    """
    made = MOVES[name]
    if made.needs_reason and not text.strip():
        raise MoveRefused(_("Give the reason: those who carry it out will read it."))
    with transaction.atomic():
        intervention = Intervention.objects.select_for_update().get(pk=intervention_id)
        if key is not None and intervention.moved_with == key:
            return intervention
        if intervention.state not in made.origins:
            raise MoveRefused
        intervention.state, intervention.moved_with = made.to, key
        if name == "validate":
            intervention.validated_at, intervention.validated_by = now, actor
        elif name == "start":
            intervention.started_at = now
        else:
            intervention.ended_at, intervention.report = now, text
        intervention.save()
        if photos_key is not None:
            Attachment.objects.filter(key=photos_key, uploaded_by=actor, request=None, intervention=None).update(
                intervention=intervention
            )
        for request in intervention.requests.order_by("id"):
            # One that a person moved by hand meanwhile stays where they put it.
            if made.on_requests and request.state in REQUEST_MOVES[made.on_requests].origins:
                requests.move(
                    request_id=request.pk, name=made.on_requests, actor=actor, now=now, reason=text,
                    intervention_id=intervention.pk,
                )  # fmt: skip
            else:
                _tell(intervention, request, move=name, actor=actor, now=now, text=text)
        return intervention


def _take_back(rows: list[ServiceRequest], *, actor: User | None, now: datetime.datetime) -> None:
    known = Intervention.objects.filter(requests__in=rows, state__in=LIVE).values("pk")
    for former in Intervention.objects.select_for_update().filter(pk__in=known).order_by("id"):
        for request in former.requests.filter(pk__in=[row.pk for row in rows]):
            _tell(former, request, move="cancel", actor=actor, now=now)
        former.requests.remove(*rows)
        if not former.requests.exists():
            former.state = State.CANCELLED
            former.save(update_fields=["state"])


def _tell(
    work: Intervention,
    request: ServiceRequest,
    *,
    move: str,
    actor: User | None,
    now: datetime.datetime,
    text: str = "",
) -> None:
    """A move of the work that moves its request no further is an event all the same: others look at it."""
    record(
        request_id=request.pk, kind=Event.Kind.WORKED, move=move, actor=actor, now=now, text=text,
        intervention_id=work.pk,
    )  # fmt: skip


def _next_reference(now: datetime.datetime) -> str:
    """As a request's, with an I in front and numbers of its own: I-2026-000012-3."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('interventions_work_reference')")
        (number,) = cursor.fetchone()
    return f"I-{compose(timezone.localdate(now).year, number)}"
