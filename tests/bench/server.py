"""A server process as the demo runs it, on the database of the test, and one connection to it that stays open."""

import http.client
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from django.test import Client

from gisplatform.models import User
from gisplatform.serve import processes
from tests.bench.conftest import ROOT


class Visitor:
    def __init__(self, port: int, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.port, self.cookie = port, f"sessionid={client.cookies['sessionid'].value}"
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, address: str) -> bytes:
        self.line.request("GET", address, headers={"Cookie": self.cookie})
        answer = self.line.getresponse()
        body = answer.read()
        assert answer.status == 200, (address, answer.status, body[:500])
        return body


def database_url() -> str:
    """The test's own database, for a process beside it."""
    found = connection.settings_dict
    where = f"host={quote(found['HOST'], safe='/')}" + (f"&port={found['PORT']}" if found["PORT"] else "")
    return f"postgresql://{found['USER']}@/{found['NAME']}?{where}"


@contextmanager
def served(port: int, log: Path) -> Iterator[None]:
    """While the block lasts."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.served", "DATABASE_URL": database_url(),
        "GISPLATFORM_DEBUG": "0", "GISPLATFORM_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    with log.open("wb") as said:
        process = subprocess.Popen(processes(port)["serveur"], cwd=ROOT, env=environment, stdout=said, stderr=said)
    try:
        for _attempt in range(240):
            assert process.poll() is None, log.read_text()
            try:
                probe = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                probe.request("GET", "/health/")
                probe.getresponse().read()
                break
            except OSError:
                time.sleep(0.25)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
