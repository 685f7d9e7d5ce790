"""The stream over HTTP, as an ASGI application: who asks is looked at once, then sent what the hub has for them."""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gisplatform.live.following import Follower
from gisplatform.live.hub import Hub
from gisplatform.live.position import Position

logger = logging.getLogger(__name__)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
# Who asks, or None; may ask the database.
Recognise = Callable[[HttpRequest], Follower | None]

ASKED_AT_ONCE = asyncio.Semaphore(8)
AT_ONCE = 30  # pages of one account, or of one tracking page
HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}
# A proxy before us must hand on each word as it comes.
STREAM = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no", **HEADERS}


async def stream(hub: Hub, recognise: Recognise, scope: Scope, receive: Receive, send: Send, *, unknown: int) -> None:
    """Answer one page until it leaves; `unknown` is the status for whoever is not recognised."""
    if scope["method"] != "GET":
        return await refuse(send, HTTPStatus.METHOD_NOT_ALLOWED, _("News are only read: ask with GET."))
    try:
        follower, after = await _asked(recognise, scope)
    except (SuspiciousOperation, UnicodeError):
        return await refuse(send, HTTPStatus.BAD_REQUEST, _("This cannot be understood."))
    except DatabaseError:
        return await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, _("No news for the moment: try again."))
    if follower is None:
        return await refuse(send, unknown, _("Nobody here by that name: sign in, or check the address."))
    if hub.beside(follower) >= AT_ONCE:
        return await refuse(send, HTTPStatus.TOO_MANY_REQUESTS, _("Too many pages follow at once: close some."))
    hub.start()
    try:
        await hub.join(follower, Position.read(after or ""), asked=after is not None)
    except TimeoutError:
        hub.leave(follower)
        return await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, _("No news for the moment: try again."))
    leaving = asyncio.create_task(_left(follower, receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _headers(STREAM)})
        while words := await follower.next():
            await send({"type": "http.response.body", "body": words, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except OSError:
        logger.debug("live: a page left in the midst of a word")
    finally:
        leaving.cancel()
        hub.leave(follower)


async def refuse(send: Send, status: int, words: str) -> None:
    body = words.encode()
    told = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), **HEADERS}
    await send({"type": "http.response.start", "status": int(status), "headers": _headers(told)})
    await send({"type": "http.response.body", "body": body})


async def _asked(recognise: Recognise, scope: Scope) -> tuple[Follower | None, str | None]:
    """Who asks, and the position they name, if any."""
    request = ASGIRequest(dict(scope), io.BytesIO())
    request.get_host()
    after = request.headers.get("Last-Event-ID") or request.GET.get("after")

    def recognised() -> Follower | None:
        try:
            return recognise(request)
        finally:
            close_old_connections()

    # A thread of its own for each of a few: one that waits for the database does not keep all others waiting.
    async with ASKED_AT_ONCE, ThreadSensitiveContext():
        return await sync_to_async(recognised)(), after


async def _left(follower: Follower, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    follower.end()


def _headers(named: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in named.items()]
