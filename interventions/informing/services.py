"""Telling requesters: one message for one event to each of them, by the way they want, once."""

import datetime
import logging

from procrastinate.contrib.django import app

from gisplatform.mailing import attempts, smtp
from gisplatform.mailing.failures import NotTaken, Refused, Unanswered, Undecided
from interventions.events.models import Event
from interventions.events.record import NEWS
from interventions.informing import mail, outbox, quiet, sms
from interventions.informing.models import Message
from interventions.informing.news import News
from interventions.requests.lifecycle import State
from interventions.requests.models import Notify, ServiceRequest
from interventions.requests.reach import Way, ways

logger = logging.getLogger(__name__)

# Of a request, what is long to read and not told.
UNREAD = ("geom", "geom_3857", "words", "description")


def tell(*, event_id: int, now: datetime.datetime, request_id: int | None = None, last: bool = False) -> bool:
    """Tell this event to its requester, or to the one of a request that joined its own (`request_id`).

    False when there is nobody to tell or they were told before, when the request has left the other meanwhile, or when
    it waits for the morning. Raises NotTaken or Unanswered when it has to be tried again later; the `last` time it is
    given up. What was refused for good goes the other way, where there is one.
    """
    found = _found(event_id, request_id)
    if found is None:
        return False
    event, request = found
    possible = ways(request.requester)
    if not possible:
        outbox.no_way(event, request, now=now)
        return False
    with outbox.held(event.pk, request.pk) as alone:
        if not alone:
            raise NotTaken("another process is at it")
        try:
            return _told(event, request, possible, now)
        except Undecided as failure:
            if last and failure.message is not None:
                outbox.given_up(failure.message, now=now)
            raise


def _found(event_id: int, request_id: int | None) -> tuple[Event, ServiceRequest] | None:
    """The event, and the request whose requester hears of it; None when nobody does."""
    # A request that is joined is read when it is told of: few are.
    events = Event.objects.select_related("request__category", "request__department__authority", "request__requester")
    unread = [f"request__{name}" for name in UNREAD]
    event = events.defer(*unread).filter(pk=event_id, public=True).first()
    if event is None:
        return None
    if request_id in (None, event.request_id):
        return event, event.request
    follower = ServiceRequest.objects.select_related("category", "requester").defer(*UNREAD).get(pk=request_id)
    return (event, follower) if follower.state == State.DUPLICATE else None


def _told(event: Event, request: ServiceRequest, possible: list[Way], now: datetime.datetime) -> bool:
    # Each refusal ends one message, and takes its way from those that are left.
    while (found := outbox.pending(event, request, possible, now=now)) is not None:
        message, to = found
        if message.channel == Notify.SMS and not _may_go(message, now):
            return False
        try:
            _send(News.of(event, request), message, to=to, now=now)
        except Refused as refusal:
            outbox.refused(message, refusal, now=now)
        else:
            outbox.sent(message, now=now)
            return True
    return False


def _may_go(message: Message, now: datetime.datetime) -> bool:
    """Whether this SMS goes now: not at night, and not when a later step has made it stale."""
    later = outbox.overtaking(message)
    if later is not None:
        outbox.end(message, Message.Outcome.OVERTAKEN, now=now, by=later)
        return False
    ends_at = quiet.until(now)
    if ends_at is not None:
        again = app.configure_task(NEWS, schedule_at=ends_at)
        again.defer(event_id=message.event_id, request_id=message.request_id)
        logger.info("message waits", extra={"message_id": message.pk, "until": ends_at.isoformat()})
    return ends_at is None


def _send(news: News, message: Message, *, to: str, now: datetime.datetime) -> None:
    """Written first: what cannot be written is not begun, and an attempt that began was said to the server."""
    by = attempts.here()
    try:
        if message.channel == Notify.EMAIL:
            letter = mail.compose(news, to=to, message_id=message.pk)
            attempts.begin(message, now=now, by=by)
            smtp.send(letter)
        else:
            text = sms.compose(news)
            attempts.begin(message, now=now, by=by)
            sms.send(to=to, text=text, name=news.name)
    except NotTaken as failure:
        attempts.not_taken(message)
        failure.message = message
        raise
    except Unanswered as failure:
        attempts.unanswered(message)
        failure.message = message
        raise
