"""The door for everything: pages, interfaces and tiles by the WSGI application in threads, news as they come beside."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from a2wsgi import WSGIMiddleware

from gisplatform.wsgi import application as pages

# What follows asks for the rooms, which the line above has readied.
# isort: split
from django.conf import settings
from psycopg.conninfo import make_conninfo

from gisplatform.live.door import stream
from gisplatform.live.hub import Hub
from interventions.live import callers
from interventions.live.news import Events

THREADS = 8  # that answer pages, in each process
TRACKED = re.compile(r"/suivi/([^/]+)/live/")


def _database() -> str:
    """Where the hub's one connection goes: where Django's go, without their pool."""
    found: dict[str, Any] = settings.DATABASES["default"]
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    facts = {key: str(found[name]) for key, name in named.items() if found[name]}
    others = {key: str(value) for key, value in found["OPTIONS"].items() if key != "pool"}
    # A machine that has gone without a word is noticed, and nobody waits for it for ever.
    watchful = {"keepalives_idle": "10", "keepalives_interval": "5", "tcp_user_timeout": "10000"}
    return make_conninfo(**{**watchful, **others, **facts, "application_name": "gisplatform live"})


hub = Hub(database=_database(), source=Events(callers.look_again), look_again_s=settings.LIVE_LOOK_S)
_pages = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Any) -> None:
    if scope["type"] == "lifespan":
        return await _lifespan(receive, send)
    if scope["type"] == "http":
        # To what follows X_Forwarded_For and X-Forwarded-For are one name, and a proxy sets the second one alone.
        scope = {**scope, "headers": [each for each in scope["headers"] if b"_" not in each[0]]}
        if scope["path"] == "/live/":
            return await stream(hub, callers.account, scope, receive, send, unknown=401)
        if tracked := TRACKED.fullmatch(scope["path"]):
            recognise = partial(callers.requester, token=tracked[1])
            return await stream(hub, recognise, scope, receive, send, unknown=404)

    async def read() -> Any:
        """The next piece of the body: of a coroutine, which is what threads can wait for; all of it, or an error."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the visitor left before all was sent")
        return message

    await _pages(scope, read, send)  # type: ignore[arg-type]
    return None


async def _lifespan(receive: Callable[[], Awaitable[Any]], send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.stop()
            return await send({"type": "lifespan.shutdown.complete"})
