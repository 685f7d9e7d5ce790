"""News as the wire brings them, from the test itself: the address the pages listen to, on the live server.

The platform's own `/live/` needs its ASGI server; what a page does with news is tested without it.
"""

import json
from collections.abc import Iterator
from threading import Condition
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from gisplatform.pages import public
from gisplatform.urls import handler400, handler403, handler404, handler500
from gisplatform.urls import urlpatterns as platform

__all__ = ["handler400", "handler403", "handler404", "handler500"]


class Wire:
    """All that was told, in order; a position is how much of it was."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.changed = Condition()
        self.cut = 0  # how often all connections were ended

    def tell(self, reference: str, **facts: Any) -> None:
        with self.changed:
            self.told.append({"reference": reference, "kind": "moved", "work": None, "gone": False, **facts})
            self.changed.notify_all()

    def end(self) -> None:
        with self.changed:
            self.cut += 1
            self.changed.notify_all()

    def stream(self, after: int) -> Iterator[str]:
        cut = self.cut
        yield ": begun\n\n"
        while True:
            with self.changed:
                while self.cut == cut and len(self.told) <= after:
                    self.changed.wait()
                if self.cut > cut:
                    return
                news = list(enumerate(self.told))[after:]
                after = len(self.told)
            for number, each in news:
                yield f"id: {number + 1}\ndata: {json.dumps(each)}\n\n"


wire = Wire()


@public
def listen(request: HttpRequest, token: str = "") -> StreamingHttpResponse:
    after = int(request.GET.get("after", len(wire.told)))
    return StreamingHttpResponse(wire.stream(after), content_type="text/event-stream")


urlpatterns = [
    path("live/", listen, name="live"),
    path("suivi/<str:token>/live/", listen, name="tracking-live"),
    *platform,
]
