"""Wrong tokens: who tries many of them is told to wait, and costs next to nothing while they go on.

A token has 144 random bits: no number of tries finds one, so what is right always opens, for a neighbour behind the
same address too. What is limited is what wrong ones cost. The count lies in the database, where all processes add to
it; that a client is over the limit, each process keeps to itself until the period ends, and writes nothing more.
"""

import datetime
import functools
import logging

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from gisplatform import clients, sql
from interventions.informing.models import WrongTokens

logger = logging.getLogger(__name__)

FREE = 20  # wrong addresses in a period: enough for whoever copies a link by hand, or a whole office behind one address
PERIOD = datetime.timedelta(minutes=10)
KEPT = datetime.timedelta(days=1)


def wait_s(request: HttpRequest, *, now: datetime.datetime) -> int:
    """How many seconds this client is to wait, as far as this process knows; 0 while they need not. No statement."""
    return _seconds(cache.get(_key(_client(request))), now)


def wrong(request: HttpRequest, *, now: datetime.datetime) -> int:
    """Count one more wrong token; how many seconds its client is to wait from now on. One statement."""
    client = _client(request)
    asked = {"client": client, "now": now, "since": now - PERIOD}
    (counted,) = sql.rows(sql.load("interventions.informing", "wrong_token"), asked)
    if counted["count"] <= FREE:
        return 0
    until = counted["begun_at"] + PERIOD
    cache.set(_key(client), until, timeout=PERIOD.total_seconds())
    logger.warning("wrong tracking addresses, client told to wait", extra={"tries": counted["count"]})
    return _seconds(until, now)


def _client(request: HttpRequest) -> str:
    return clients.name(request, purpose="tracking")


def _key(client: str) -> str:
    return f"tracking.wrong.{client}"


def _seconds(until: datetime.datetime | None, now: datetime.datetime) -> int:
    return 0 if until is None or until <= now else max(1, round((until - now).total_seconds()))


@functools.cache
def refusal(language: str) -> bytes:
    """The page that asks to wait, made once."""
    with translation.override(language):
        return render_to_string("tracking/throttled.html").encode()


def forget(*, now: datetime.datetime) -> int:
    """Delete the counts of yesterday and before; how many."""
    deleted, _kinds = WrongTokens.objects.filter(begun_at__lt=now - KEPT).delete()
    return deleted
