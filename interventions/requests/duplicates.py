"""The same problem told by several callers: each keeps a request of their own, and all but one join that one.

The one they join is the principal; it never joins another. A constraint of the database refuses chains; what is here
keeps anybody from meeting it: requests join and leave one at a time, and rows are locked in the order of their ids.
"""

import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gisplatform.errors import MoveRefused
from gisplatform.models import User
from interventions.events.models import Event
from interventions.events.record import record
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet

# Moves that make a request join another, or leave it.
LINKING = ("merge", "reopen")
LOCK = 0x67697364  # ours among the advisory locks of this database


class CannotJoin(MoveRefused):
    """The request named is not one that can be joined."""


def find(reference: str, *, visible: ServiceRequestQuerySet) -> ServiceRequest:
    """The request somebody names to be joined, among those they may see.

    Raises CannotJoin when there is none, or when it has itself joined one they may not see.
    """
    named = visible.filter(reference=reference.strip()).first()
    if named is None:
        raise CannotJoin(_("No request you may see has this reference: check it, or choose one close by."))
    if named.duplicate_of_id is not None and not visible.filter(pk=named.duplicate_of_id).exists():
        raise CannotJoin(_("That request has itself joined one that you may not see: ask the central technician."))
    return named


def hold(*, request_id: int | None, named_id: int | None) -> ServiceRequest | None:
    """Lock what a joining or a leaving touches until the transaction ends; returns the principal.

    `named_id` is the request to be joined: where it has itself joined another, that one is the principal. Without it
    `request_id` is to leave the one it joined, if any. `request_id` is None for a request still to be logged.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    looked_at = {each for each in (request_id, named_id) if each is not None}
    joined: dict[int | None, int | None]
    joined = dict(ServiceRequest.objects.filter(pk__in=looked_at).values_list("pk", "duplicate_of"))
    principal_id = joined[request_id] if named_id is None else joined[named_id] or named_id
    to_lock = {each for each in (request_id, principal_id) if each is not None}
    locked = ServiceRequest.objects.select_for_update().filter(pk__in=to_lock).order_by("pk")
    return next((each for each in locked if each.pk == principal_id), None)


def followers(request: ServiceRequest) -> list[int]:
    """The requests that joined this one, the first first."""
    return list(request.duplicates.order_by("pk").values_list("pk", flat=True))


def join(request: ServiceRequest, principal: ServiceRequest, *, actor: User | None, now: datetime.datetime) -> None:
    """Make `request` join `principal`, both locked by `hold`; the caller saves `request` and records its own event.

    What had joined `request` joins `principal` with it. Raises CannotJoin.
    """
    if principal.pk == request.pk:
        raise CannotJoin(_("A request joins neither itself nor one that has joined it."))
    if principal.state == State.CANCELLED:
        raise CannotJoin(_("That request was cancelled: nothing more will come of it."))
    for follower in followers(request):
        ServiceRequest.objects.filter(pk=follower).update(duplicate_of=principal, updated_at=now)
        record(request_id=follower, kind=Event.Kind.REJOINED, now=now, actor=actor, other_id=principal.pk)
    request.duplicate_of = principal
    _tell_principal(principal, request, Event.Kind.JOINED_BY, actor, now)


def leave(request: ServiceRequest, principal: ServiceRequest, *, actor: User | None, now: datetime.datetime) -> None:
    """Take `request` back from `principal`, both locked by `hold`; the caller saves `request`."""
    request.duplicate_of = None
    _tell_principal(principal, request, Event.Kind.LEFT_BY, actor, now)


def check_alone(request: ServiceRequest) -> None:
    """Raises MoveRefused when others have joined this request: to give it up is not for its first caller alone."""
    references = list(request.duplicates.order_by("pk").values_list("reference", flat=True))
    if references:
        raise MoveRefused(
            _("Other callers wait for it (%(references)s): detach their requests first, or refuse this one.")
            % {"references": ", ".join(references)}
        )


def _tell_principal(
    principal: ServiceRequest, other: ServiceRequest, kind: Event.Kind, actor: User | None, now: datetime.datetime
) -> None:
    # What is told of it has changed, and with it its version.
    ServiceRequest.objects.filter(pk=principal.pk).update(updated_at=now)
    record(request_id=principal.pk, kind=kind, now=now, actor=actor, other_id=other.pk)
