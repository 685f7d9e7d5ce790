"""The address a mail comes back to when it cannot be delivered: it names the message, and nobody else can write one."""

import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

NAMED = re.compile(r"\+m(\d{1,18})-([0-9a-f]{20})$", re.IGNORECASE)
SIGNED = 20  # hexadecimal figures


def address(message_id: int) -> str:
    """`returns+m123-…@city.example`; the sender's own address where no other is set."""
    if not settings.BOUNCE_ADDRESS:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+m{message_id}-{_signature(message_id)}@{domain}"


def message_of(address: str) -> int | None:
    """The id of the message that an address names; None when it is not one of ours."""
    found = NAMED.search(address.rpartition("@")[0])
    if found is None or not constant_time_compare(_signature(int(found[1])), found[2].lower()):
        return None
    return int(found[1])


def _signature(message_id: int) -> str:
    return salted_hmac("interventions.informing.returned", str(message_id)).hexdigest()[:SIGNED]
