"""A gateway for SMS on loopback, of the shape that docs/production.md asks for."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

TOKEN = "s3cret-token"


@dataclass(frozen=True)
class Asked:
    """One call: its facts, and what came in its headers."""

    facts: dict[str, str]
    name: str
    kind: str
    token: str


class Gateway:
    """`statuses` are its next answers, instead of 202. It sends one SMS for each name, as gateways do."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.sent: dict[str, dict[str, str]] = {}
        self.statuses: list[int] = []
        self.waits_s = 0.0
        self.url = ""

    @property
    def texts(self) -> list[str]:
        return [facts["text"] for facts in self.sent.values()]

    def answer(self, handler: BaseHTTPRequestHandler) -> int:
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        kind = handler.headers["Content-Type"]
        facts = json.loads(body) if kind.endswith("json") else {key: only for key, (only,) in parse_qs(body).items()}
        token = (handler.headers["Authorization"] or "").removeprefix("Bearer ")
        asked = Asked(facts, handler.headers["Idempotency-Key"], kind, token)
        self.asked.append(asked)
        time.sleep(self.waits_s)
        if token != TOKEN:
            return 401
        status = self.statuses.pop(0) if self.statuses else 202
        if status < 300:
            self.sent.setdefault(asked.name, facts)
        return status


@contextmanager
def served() -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = gateway.answer(self)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway.url = f"http://{TOKEN}@127.0.0.1:{server.server_address[1]}/messages"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
