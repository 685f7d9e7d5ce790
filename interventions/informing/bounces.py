"""Delivery reports (RFC 3464): mails that a server elsewhere took from ours and could not deliver."""

import datetime
import logging
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.utils import getaddresses

from django.db import transaction
from procrastinate.contrib.django import app

from gisplatform.mailing import refusals
from gisplatform.mailing.failures import Refused
from interventions.events.record import NEWS
from interventions.informing import outbox, returned
from interventions.informing.models import Message as Sent

logger = logging.getLogger(__name__)

# Where the address that a mail came back to stands, whatever program hands it on.
ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "Apparently-To")


@dataclass(frozen=True)
class Report:
    """`action` is failed, delayed, delivered, relayed or expanded; `status` as 5.1.1."""

    action: str
    status: str


def receive(mail: EmailMessage, *, now: datetime.datetime, came_to: str = "") -> str:
    """Note what a mail to the address of returns says; in one word, what it was.

    `other` for what is no report or names no message of ours, `delivered`, `delayed`, `failed`, or `known`. What failed
    goes another way where its requester has one.
    """
    named = [returned.message_of(each) for each in [came_to, *_addresses(mail)]]
    message_id = next((each for each in named if each is not None), None)
    report = read(mail)
    if message_id is None or report is None:
        return "other"
    if report.action not in ("failed", "delayed"):
        return "delivered"
    row = Sent.objects.filter(pk=message_id).first()
    if row is None:
        return "other"
    # It may be back before its sending has been noted.
    with outbox.held(row.event_id, row.request_id, wait=True):
        message = Sent.objects.select_related("request__requester").get(pk=message_id)
        if message.outcome in (Sent.Outcome.REFUSED, Sent.Outcome.GIVEN_UP):
            return "known"
        if report.action == "delayed":
            message.delayed_at = now
            message.save(update_fields=["delayed_at"])
            return "delayed"
        nobody = refusals.nobody(code=0, words=report.status, addressed=False)
        # Together: noted alone, the way that is left would never be tried.
        with transaction.atomic():
            outbox.refused(message, Refused(report.status, nobody=nobody), now=now)
            app.configure_task(NEWS).defer(event_id=message.event_id, request_id=message.request_id)
    return "failed"


def read(mail: EmailMessage) -> Report | None:
    """The worst that a delivery report says of any address; None for every other mail."""
    found = [
        Report(str(block["Action"]).strip().lower(), refusals.finer(str(block["Status"] or "")))
        for part in mail.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
        if block["Action"]
    ]
    order = ["failed", "delayed", "relayed", "expanded", "delivered"]
    known = [each for each in found if each.action in order]
    return min(known, key=lambda each: order.index(each.action), default=None)


def _blocks(part: Message) -> list[Message]:
    blocks = part.get_payload()
    return [block for block in blocks if isinstance(block, Message)] if isinstance(blocks, list) else []


def _addresses(mail: EmailMessage) -> list[str]:
    headers = [str(value) for name in ADDRESSED for value in mail.get_all(name, [])]
    return [address for _name, address in getaddresses(headers)]
