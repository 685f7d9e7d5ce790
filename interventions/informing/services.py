"""Telling requesters: one mail for one event, once."""

import datetime
import logging

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from interventions.events.models import Event
from interventions.events.record import record
from interventions.informing import mail
from interventions.informing.models import Message

logger = logging.getLogger(__name__)


def tell(*, event_id: int, now: datetime.datetime) -> bool:
    """Mail this event to its requester; False when there is nobody to tell or it was told before.

    Raises smtplib.SMTPException or OSError when the mail server does not take it: nothing is marked, try again later.
    """
    event = (
        Event.objects.select_related("request__category", "request__department__authority", "request__requester")
        .filter(pk=event_id, public=True)
        .first()
    )
    if event is None or not _can_be_written_to(event):
        return False
    # The message stands in the outbox even while the mail server does not answer.
    message, _created = Message.objects.get_or_create(event=event)
    with transaction.atomic():
        # A second worker with the same job waits here, then finds it sent.
        message = Message.objects.select_for_update().get(pk=message.pk)
        if message.sent_at is not None:
            return False
        # Between the mail server's yes and our commit a power cut would have it sent again: the same Message-ID
        # lets the requester's mail program see that it is the same.
        mail.compose(event).send()
        message.sent_at = now
        message.save(update_fields=["sent_at"])
        record(request_id=event.request_id, kind=Event.Kind.TOLD, now=now, actor=None)
    logger.info("requester told", extra={"event": event_id, "request": event.request_id})
    return True


def _can_be_written_to(event: Event) -> bool:
    requester = event.request.requester
    if requester is None or not requester.email:
        return False
    try:
        validate_email(requester.email)
    except ValidationError:
        logger.warning("address cannot be written to", extra={"event": event.pk, "requester": requester.pk})
        return False
    return True
