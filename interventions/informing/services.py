"""Telling requesters: one mail for one event to each of them, once."""

import datetime
import logging

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from interventions.events.models import Event
from interventions.events.record import record
from interventions.informing import mail
from interventions.informing.models import Message
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest

logger = logging.getLogger(__name__)


def tell(*, event_id: int, now: datetime.datetime, request_id: int | None = None) -> bool:
    """Mail this event to its requester, or to the one of a request that joined its own (`request_id`).

    False when there is nobody to tell or they were told before, or when the request has left the other meanwhile.
    Raises smtplib.SMTPException or OSError when the mail server does not take it: nothing is marked, try again later.
    """
    events = Event.objects.select_related(
        "request__category", "request__department__authority", "request__requester", "other__department__authority"
    )
    event = events.filter(pk=event_id, public=True).first()
    if event is None:
        return False
    request = event.request
    if request_id is not None and request_id != request.pk:
        request = ServiceRequest.objects.select_related("category", "requester").get(pk=request_id)
        if request.state != State.DUPLICATE:
            return False
    if not _can_be_written_to(request):
        return False
    # The message stands in the outbox even while the mail server does not answer.
    message, _created = Message.objects.get_or_create(event=event, request=request)
    with transaction.atomic():
        # A second worker with the same job waits here, then finds it sent.
        message = Message.objects.select_for_update().get(pk=message.pk)
        if message.sent_at is not None:
            return False
        # Between the mail server's yes and our commit a power cut would have it sent again: the same Message-ID
        # lets the requester's mail program see that it is the same.
        mail.compose(event, request).send()
        message.sent_at = now
        message.save(update_fields=["sent_at"])
        record(request_id=request.pk, kind=Event.Kind.TOLD, now=now, actor=None)
    logger.info("requester told", extra={"event": event_id, "request": request.pk})
    return True


def _can_be_written_to(request: ServiceRequest) -> bool:
    requester = request.requester
    if requester is None or not requester.email:
        return False
    try:
        validate_email(requester.email)
    except ValidationError:
        logger.warning("address cannot be written to", extra={"request": request.pk, "requester": requester.pk})
        return False
    return True
