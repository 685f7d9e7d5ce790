"""How many requests a second the server logs, beside how many it answers at all."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.gis.geos import Point

from gisplatform import tokens
from gisplatform.models import User
from interventions.requests.models import ServiceRequest
from tests.bench import town_of_500_zones
from tests.bench.server import served
from tests.machine import sent

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
CALLERS, CALLS = 8, 50  # at once; each
ROUNDS = 3


def post(port: int, path: str, token: str, body: bytes, times: int) -> None:
    """The same call again and again on one connection; as little as can be done on our side."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        for _time in range(times):
            line.sendall(head + body)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += received(line)
            names, _blank, read = answer.partition(b"\r\n\r\n")
            assert names.startswith(b"HTTP/1.1 201"), answer[:1000]
            fields = dict(each.lower().split(b": ", 1) for each in names.split(b"\r\n")[1:])
            missing = int(fields[b"content-length"]) - len(read)
            while missing > 0:
                missing -= len(received(line))


def received(line: socket.socket) -> bytes:
    block = line.recv(65536)
    if not block:
        raise ConnectionError("the server hung up")
    return block


def rate(port: int, path: str, token: str, body: bytes) -> float:
    """Answers a second to CALLERS who each wait for theirs; the best of a few rounds."""
    found = []
    with ThreadPoolExecutor(CALLERS) as callers:
        for _round in range(ROUNDS):
            began = time.perf_counter()
            list(callers.map(lambda _caller: post(port, path, token, body, CALLS), range(CALLERS)))
            found.append(CALLERS * CALLS / (time.perf_counter() - began))
    return max(found)


def test_logging_over_http(ledger, tmp_path, free_port):
    town_of_500_zones.build()
    user = User.objects.create_superuser("bench", password="bench")
    token = tokens.issue(user=user)
    place = [440_000 + 7_500.0, 6_890_000 + 7_500.0]
    body = json.dumps(sent(Point(*place, srid=2154), category="c1")).encode()
    with served(free_port, tmp_path / "server.log"):
        empty = rate(free_port, "/api/v1/nothing", token, body)
        ours = rate(free_port, "/api/v1/requests", token, body)
    assert ServiceRequest.objects.count() == ROUNDS * CALLERS * CALLS
    # As every line: cost beside cost, the seconds of one answer.
    ledger.add(
        f"a request logged by POST, {CALLERS} at once", value=1000 / ours, unit="ms", bar=20,
        limit_name="a POST that does nothing, same server", limit_value=1000 / empty,
    )  # fmt: skip
