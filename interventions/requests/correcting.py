"""How to reach who asked, corrected by staff: nobody is at the address, a number was misheard, a name misspelled."""

import datetime
import logging
from collections.abc import Mapping

from django.db import transaction

from gisplatform.models import User
from interventions.events.models import Event
from interventions.events.record import record
from interventions.requests.models import Notify, Requester, ServiceRequest
from interventions.requests.reach import ways

logger = logging.getLogger(__name__)


def may_correct(user: User) -> bool:
    """Who sees the requester, and writes of requests at all."""
    return user.may("see_requester") and (user.may("log_request") or user.may("evaluate_request"))


def correct(*, request_id: int, changes: Mapping[str, str], actor: User, now: datetime.datetime) -> bool:
    """Write these fields of the requester, and no other: two people at once each keep what they changed.

    Of one field the last one holds. A request whose requester is unknown gets one. False when nothing is new. The next
    messages, those that wait among them, go where this says. The event says that it was corrected, not what to.
    """
    with transaction.atomic():
        # Not its key: an event written meanwhile by who tells the requester would wait, holding the requester.
        request = ServiceRequest.objects.select_for_update(no_key=True).only("pk", "requester_id").get(pk=request_id)
        requester = Requester.objects.select_for_update().filter(pk=request.requester_id).first() or Requester()
        new = {name: value for name, value in changes.items() if getattr(requester, name) != value}
        if not new:
            return False
        _write(requester, new, now=now)
        ServiceRequest.objects.filter(pk=request_id).update(requester=requester, updated_at=now)
        record(request_id=request_id, kind=Event.Kind.CORRECTED, now=now, actor=actor)
    logger.info("requester corrected", extra={"request": request_id, "fields": sorted(new)})
    return True


def _write(requester: Requester, new: Mapping[str, str], *, now: datetime.datetime) -> None:
    """What we send is held not to arrive until there is another way to try, or none is wanted."""
    address, tried = requester.email.casefold(), set(ways(requester))
    for name, value in new.items():
        setattr(requester, name, value)
    if requester.email.casefold() != address:
        requester.email_refused_at, requester.email_since, requester.unreached_at = None, now, None
    elif requester.notify == Notify.NONE or set(ways(requester)) - tried:
        requester.unreached_at = None
    requester.save()
