"""What is sent comes in by the door that tells news, whole or not at all: forms, files, and calls of programs."""

import asyncio
import http.client
import json
import re
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from urllib.parse import urlencode

import pytest
from PIL import Image

from gisplatform import asgi, tokens
from interventions.requests.models import Attachment, ServiceRequest
from tests.live_door import Door
from tests.machine import sent
from tests.town import FOUNTAIN

THREADS = 8

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_signs_in(town, live_server_with_news: Door):
    town.person("manager")
    line = http.client.HTTPConnection("127.0.0.1", live_server_with_news.port, timeout=30)
    line.request("GET", "/connexion/")
    answer = line.getresponse()
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    assert secret is not None
    said = {"csrfmiddlewaretoken": secret[1], "username": "manager", "password": "demo"}

    line.request("POST", "/connexion/", urlencode(said), {
        "Content-Type": "application/x-www-form-urlencoded", "Origin": live_server_with_news.url,
        "Cookie": answer.headers["Set-Cookie"].partition(";")[0],
    })  # fmt: skip

    assert line.getresponse().status == 302


def posted(port: int, token: str, body: bytes, kind: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("POST", "/api/v1/requests", body, {"Authorization": f"Bearer {token}", "Content-Type": kind})
    answer = line.getresponse()
    return answer.status, answer.read()


def in_parts(photo: bytes, **fields: str) -> tuple[bytes, str]:
    """A form whose last part is a photo."""
    parts = [
        f'--xyz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{each}\r\n' for name, each in fields.items()
    ]
    head = '--xyz\r\nContent-Disposition: form-data; name="photos"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    return "".join([*parts, head]).encode() + photo + b"\r\n--xyz--\r\n", "multipart/form-data; boundary=xyz"


def test_photos_of_several_megabytes_come_in_and_half_of_one_changes_nothing(town, live_server_with_news: Door):
    town.rule("cleaning")
    token, port = tokens.issue(user=town.person("manager")), live_server_with_news.port
    fields = {**sent(FOUNTAIN), "geometry": json.dumps(sent(FOUNTAIN)["geometry"])}
    picture = BytesIO()
    Image.effect_noise((1500, 2000), 90).save(picture, "PNG")
    body, kind = in_parts(picture.getvalue(), **fields)
    assert len(body) > 2_000_000

    head = (
        f"POST /api/v1/requests HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(head.encode() + body[: len(body) // 2])
    status, said = posted(port, token, body, kind)

    assert (status, ServiceRequest.objects.count(), Attachment.objects.count()) == (201, 1, 1), said


def test_a_header_is_not_taken_for_another_that_only_a_proxy_may_set(monkeypatch):
    seen = []

    async def pages(scope, _receive, _send):
        seen.extend(scope["headers"])

    monkeypatch.setattr(asgi, "_pages", pages)
    headers = [(b"x-forwarded-for", b"192.0.2.7"), (b"x_forwarded_for", b"203.0.113.9"), (b"host", b"ville.example")]
    asked = asgi.application({"type": "http", "path": "/", "headers": headers}, None, None)
    with ThreadPoolExecutor(1) as apart:  # the browser's tests leave a loop in this one
        apart.submit(asyncio.run, asked).result()
    assert seen == [headers[0], headers[2]]


def test_whoever_leaves_while_a_page_is_sent_keeps_no_thread(town, live_server_with_news: Door):
    port = live_server_with_news.port
    for _time in range(THREADS + 2):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.sendall(b"GET /static/vendor/maplibre-gl-6.17.0/maplibre-gl.mjs HTTP/1.1\r\nHost: localhost\r\n\r\n")
            line.recv(100)
    answer = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    answer.request("GET", "/health/")
    assert answer.getresponse().status == 200


def test_whoever_reads_slowly_keeps_no_thread(town, live_server_with_news: Door):
    port = live_server_with_news.port
    with ExitStack() as slow:
        for _time in range(THREADS + 2):
            line = slow.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(("127.0.0.1", port))
            line.sendall(b"GET /static/vendor/maplibre-gl-6.17.0/maplibre-gl.mjs HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b" 200 " in line.recv(100)
        answer = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        answer.request("GET", "/health/")
        assert answer.getresponse().status == 200
