"""Where the news of a page begin: a position taken before the page reads anything, so that nothing lies between."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from gisplatform.live.position import Position


class Openings:
    """Middleware: each page that needs an account has its position. Public ones that follow ask for theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        if getattr(view, "login_required", True):
            begin(request)


def begin(request: HttpRequest) -> None:
    """Note where the stream is now, for `{% live %}`. One query, where a browser opens a page and not a part of one.

    A browser says so to addresses it trusts (https, the machine itself). Elsewhere nothing is noted: a page without a
    position reads itself again once.
    """
    if not settings.LIVE or request.headers.get("Sec-Fetch-Dest") != "document":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        (here,) = cursor.fetchone()
    request.live_after = Position(here)  # type: ignore[attr-defined]
