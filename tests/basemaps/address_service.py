"""A service of addresses on loopback, of the same shape as the national one, that answers what it is told to."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.town import degrees


def feature(name: str, place: tuple[float, float] = (4000, 500), **facts: Any) -> dict[str, Any]:
    """As both services tell an address; `name` with its number."""
    number, _, street = name.partition(" ")
    properties = {
        "label": f"{name} 14998 Ailleurs", "score": 0.94, "housenumber": number, "street": street, "name": name,
        "postcode": "14998", "citycode": "14998", "city": "Ailleurs", "type": "housenumber", **facts,
    }  # fmt: skip
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": degrees(place)},
        "properties": {key: value for key, value in properties.items() if value is not None},
    }


class AddressService:
    """`asked`: (path, parameters) of each question. `features` are its answer, `status` and `body` say otherwise."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.features: list[Any] = []
        self.status = 200
        self.body: bytes | None = None
        self.waits_s = 0.0
        self.drips = False  # one byte at a time, each before a time-out of its own would end
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        self.asked.append((parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}))
        time.sleep(self.waits_s)
        body = self.body
        if body is None:
            body = json.dumps({"type": "FeatureCollection", "version": "draft", "features": self.features}).encode()
        handler.send_response(self.status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for byte in range(0, len(body), 1 if self.drips else len(body) or 1):
            handler.wfile.write(body[byte : byte + (1 if self.drips else len(body))])
            handler.wfile.flush()
            time.sleep(0.1 if self.drips else 0)


@contextmanager
def served() -> Iterator[AddressService]:
    service = AddressService()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked is gone: what the tests are about
                service.answer(self)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
