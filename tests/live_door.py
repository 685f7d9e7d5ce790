"""The server as it runs in a city, news included, on the database of a test."""

import http.client
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as configured
from django.db import connection

from gisplatform.serve import processes

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Door:
    url: str
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


def database_url() -> str:
    """The test's own database, for a process beside it."""
    found = connection.settings_dict
    where = f"host={quote(found['HOST'], safe='/')}" + (f"&port={found['PORT']}" if found["PORT"] else "")
    return f"postgresql://{found['USER']}@/{found['NAME']}?{where}"


@contextmanager
def door(port: int, log: Path, *, workers: int = 1, settings_module: str = "tests.live_settings") -> Iterator[Door]:
    """While the block lasts; news are those of the demonstration's own command."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": settings_module, "DATABASE_URL": database_url(),
        "GISPLATFORM_DEBUG": "0", "GISPLATFORM_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "GISPLATFORM_MEDIA_DIR": str(configured.MEDIA_ROOT), "GISPLATFORM_SECRET_KEY": configured.SECRET_KEY,
    }  # fmt: skip
    command = processes(port)["serveur"]
    command[command.index("--workers") + 1] = str(workers)
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    try:
        _wait(port, process, log)
        yield Door(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(240):
        assert process.poll() is None, log.read_text()
        try:
            probe = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            probe.request("GET", "/health/")
            probe.getresponse().read()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture
def live_server_with_news(transactional_db, tmp_path, free_port) -> Iterator[Door]:
    """`.url`: the test's database, served as a city's is. Needs the rows of a test to be committed."""
    with door(free_port, tmp_path / "server.log") as opened:
        yield opened
