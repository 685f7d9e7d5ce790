"""Opaque cursors of keyset paging: where a page ended, written into the address of the next."""

import base64
import binascii
import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from gisplatform.errors import PlatformError

LONGEST = 400


class BadCursor(PlatformError):
    """A page's cursor is not one we gave out."""

    message = _("This page address is damaged: start again from the first page.")


def write(facts: list[Any]) -> str:
    """What orders the last row of a page, as text for an address."""
    return base64.urlsafe_b64encode(json.dumps(facts, separators=(",", ":")).encode()).decode().rstrip("=")


def read(cursor: str) -> list[Any]:
    """The facts of a cursor, whatever they are: the caller knows their kinds. Raises BadCursor."""
    if len(cursor) > LONGEST:
        raise BadCursor
    try:
        facts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise BadCursor from None
    if not isinstance(facts, list):
        raise BadCursor
    return facts
