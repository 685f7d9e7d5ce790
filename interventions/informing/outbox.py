"""The rows of the outbox: which message of a step goes to whom, and what became of it."""

import datetime
import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager

from django.db import transaction

from gisplatform.mailing import attempts
from gisplatform.mailing.failures import Refused
from interventions.events.models import Event
from interventions.events.record import record
from interventions.informing.models import Message
from interventions.requests.models import Notify, Requester, ServiceRequest
from interventions.requests.reach import Way, is_refused

logger = logging.getLogger(__name__)


def held(event_id: int, request_id: int, *, wait: bool = False) -> AbstractContextManager[bool]:
    """Alone with what this step tells this requester; False when another process, alive, is at it."""
    return attempts.alone(f"interventions.message:{event_id}:{request_id}", wait=wait)


def pending(
    event: Event, request: ServiceRequest, ways: Sequence[Way], *, now: datetime.datetime
) -> tuple[Message, str] | None:
    """The message of this step that has still to go, made where there is none, and its address.

    None when one went, or when no way is left.
    """
    rows = list(Message.objects.filter(event=event, request=request))
    addresses = dict(ways)
    for row in rows:
        if row.outcome not in Message.COUNTS:
            continue
        if row.outcome:
            return None
        if row.channel in addresses:
            row.request = request
            return row, addresses[row.channel]
        end(row, Message.Outcome.UNWANTED, now=now)
    tried = {row.channel for row in rows}
    way = next((way for way in ways if way[0] not in tried), None)
    if way is None:
        return None
    return Message.objects.create(event=event, request=request, channel=way[0]), way[1]


def no_way(event: Event, request: ServiceRequest, *, now: datetime.datetime) -> None:
    """Nobody is written to: what waited ends, and staff hear of an address known to be nobody's."""
    for waiting in Message.objects.filter(event=event, request=request, outcome=""):
        end(waiting, Message.Outcome.UNWANTED, now=now)
    requester = request.requester
    if requester is None or requester.notify == Notify.NONE or requester.unreached_at is not None:
        return
    if requester.email and is_refused(requester.email):
        with transaction.atomic():
            Requester.objects.filter(pk=requester.pk).update(email_refused_at=now, unreached_at=now)
            record(request_id=request.pk, kind=Event.Kind.UNREACHED, now=now, actor=None)


def overtaking(message: Message) -> Message | None:
    """The newest SMS to the same person that came after this one: nobody wants two at once."""
    later = Message.objects.filter(request=message.request_id, channel=Notify.SMS, event__gt=message.event_id)
    return later.filter(outcome__in=["", Message.Outcome.SENT]).order_by("-event").first()


def sent(message: Message, *, now: datetime.datetime) -> None:
    with transaction.atomic():
        message.sent_at = now
        end(message, Message.Outcome.SENT, now=now)
        record(request_id=message.request_id, kind=Event.Kind.TOLD, now=now, actor=None)
        reached = Requester.objects.filter(requests=message.request_id, unreached_at__isnull=False)
        reached.update(unreached_at=None)
    facts = {"event": message.event_id, "request": message.request_id, "way": message.channel}
    logger.info("requester told", extra={"message_id": message.pk, **facts})


def refused(message: Message, refusal: Refused, *, now: datetime.datetime) -> None:
    """Nobody reads it. Where nobody is at the address, it is not written to again, whoever gives it."""
    _unreached(message, Message.Outcome.REFUSED, code=refusal.code, nobody=refusal.nobody, now=now)


def given_up(message: Message, *, now: datetime.datetime) -> None:
    _unreached(message, Message.Outcome.GIVEN_UP, code="", nobody=False, now=now)


def _unreached(message: Message, outcome: Message.Outcome, *, code: str, nobody: bool, now: datetime.datetime) -> None:
    by_mail = message.channel == Notify.EMAIL
    began_at = message.sending_at or message.sent_at or now
    requesters = Requester.objects.filter(requests=message.request_id)
    with transaction.atomic():
        message.refusal = code[:40]
        end(message, outcome, now=now)
        # What comes back from an address that was corrected meanwhile says nothing of the one that took its place.
        if not (by_mail and requesters.filter(email_since__gt=began_at).exists()):
            requesters.update(unreached_at=now, **({"email_refused_at": now} if nobody and by_mail else {}))
            record(request_id=message.request_id, kind=Event.Kind.UNREACHED, now=now, actor=None)
    logger.warning("requester not reached", extra={"message_id": message.pk, "outcome": outcome.value, "code": code})


def end(message: Message, outcome: Message.Outcome, *, now: datetime.datetime, by: Message | None = None) -> None:
    if message.sending_at is not None and outcome in (Message.Outcome.OVERTAKEN, Message.Outcome.UNWANTED):
        attempts.doubt(message, why="whoever sent it died", first_by=message.sending_by)
    message.outcome, message.ended_at, message.overtaken_by = outcome, now, by
    fields = ["outcome", "ended_at", "overtaken_by", "sent_at", "refusal", "doubtful"]
    message.save(update_fields=fields)
    if by is not None:
        logger.info("message passed over", extra={"message_id": message.pk, "for": by.pk})
