"""Where a call comes from, as far as that can be known."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUSEHOLD_BITS = 64  # of an IPv6 address: what one household or telephone is given


def address(request: HttpRequest) -> str:
    """The network address of who calls; of IPv6 the part that a household has to itself.

    Behind a proxy of ours it is the one that proxy added, the last of X-Forwarded-For: what stands before it may have
    been written by anybody. "" when nothing is known.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or said
    try:
        known = ipaddress.ip_address(said)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((int(known), HOUSEHOLD_BITS), strict=False))


def name(request: HttpRequest, *, purpose: str) -> str:
    """The client in 64 letters that do not give the address back; other letters for another purpose."""
    return salted_hmac(f"gisplatform.clients.{purpose}", address(request), algorithm="sha256").hexdigest()
