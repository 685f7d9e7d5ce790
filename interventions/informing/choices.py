"""How a requester wants to be told, changed by themselves at an address that only their messages hold; no account."""

import logging

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from interventions.requests.models import Notify, Requester

logger = logging.getLogger(__name__)

SIGNER = Signer(sep=".", salt="interventions.informing.choices")


def address(requester_id: int) -> str:
    return settings.PUBLIC_URL + reverse("notify-choice", args=[SIGNER.sign(str(requester_id))])


def find(key: str) -> Requester | None:
    """Whose address it is, None for one that was not made by us."""
    try:
        requester_id = int(SIGNER.unsign(key))
    except BadSignature:
        return None
    return Requester.objects.filter(pk=requester_id).first()


def choose(requester: Requester, notify: str) -> None:
    """From the next message on, and for those that wait."""
    requester.notify = Notify(notify)
    requester.save(update_fields=["notify"])
    logger.info("requester chose", extra={"requester": requester.pk, "notify": requester.notify})
