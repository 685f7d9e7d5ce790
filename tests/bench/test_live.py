"""How long news take from the commit to five hundred pages, beside the bare writing of the same bytes to as many."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from gisplatform import tokens
from gisplatform.live import words
from interventions.glossary.models import Category
from interventions.requests.models import ServiceRequest
from interventions.requests.services import submit
from tests import town as model_town
from tests.bench.conftest import ROOT
from tests.letterbox import a_free_port
from tests.live_door import door
from tests.town import FOUNTAIN, point

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
PAGES, ACCOUNTS = 500, 50
A_SECOND, SECONDS, BREAKS = 20, 20, 50
Heard = list[dict[str, list[float]]]


@contextmanager
def crowd(port: int, keys: list[str], *, breaks: int) -> Iterator[list[Heard]]:
    """Five hundred pages while the block lasts; then what each has heard, in the list that is given."""
    command = [sys.executable, "-m", "tests.bench.crowd", str(port), str(PAGES), str(breaks)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n".join([*keys, "", ""]))
    process.stdin.flush()
    assert process.stdout.readline() == "ready\n"
    found: list[Heard] = []
    yield found
    time.sleep(1)
    process.stdin.close()
    found.append(json.load(process.stdout))
    process.wait(timeout=30)


def log(told: Callable[[ServiceRequest], None] = lambda _request: None) -> dict[str, float]:
    """Requests at an even pace by the one way in; when each was committed."""
    category, place = Category.objects.get(code="graffiti"), point(FOUNTAIN)
    committed = {}
    begun = time.time()
    for number in range(A_SECOND * SECONDS):
        time.sleep(max(0, begun + number / A_SECOND - time.time()))
        request = submit(
            author=None, category=category, geom=place, channel="phone", key=uuid4(), now=timezone.now(),
            with_photos=False,
        )  # fmt: skip
        committed[request.reference] = time.time()
        told(request)
    return committed


def p95(heard: Heard, committed: dict[str, float]) -> float:
    waits = sorted(at - committed[each] for page in heard for each, ats in page.items() for at in ats)
    return waits[int(len(waits) * 0.95)]


def test_five_hundred_pages_follow(ledger, tmp_path):
    town = model_town.build()
    town.rule("cleaning")
    people = [town.person("manager", username=f"m{number}") for number in range(ACCOUNTS)]
    keys = [tokens.issue(user=person) for person in people]
    with door(a_free_port(), tmp_path / "server.log") as opened, crowd(opened.port, keys, breaks=BREAKS) as ours:
        committed = log()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), count(*) FILTER (WHERE application_name = 'gisplatform live') FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connections, lines = cursor.fetchone()
    (heard,) = ours
    assert lines == 1
    wrong = sum(abs(len(page.get(each, ())) - 1) for page in heard for each in committed)
    assert wrong == 0, "lost or told twice"
    assert all(page.keys() <= committed.keys() for page in heard), "never told"

    port = a_free_port()
    bare = subprocess.Popen([sys.executable, "-m", "tests.bench.bare", str(port)], cwd=ROOT)
    try:
        _wait_for(port)
        with crowd(port, keys, breaks=0) as theirs, socket.socket(type=socket.SOCK_DGRAM) as line:
            facts = {"kind": "submitted", "move": "", "state": "to_evaluate", "at": "2026-03-02T09:30:00+00:00"}

            def tell(request: ServiceRequest) -> None:
                said = {"reference": request.reference, **facts, "work": None, "gone": False}
                line.sendto(words.event(said, position="123456:123456:"), ("127.0.0.1", port))

            told = log(tell)
    finally:
        bare.terminate()
        bare.wait(timeout=10)
    ledger.add(
        f"news from the commit to {PAGES} pages, {A_SECOND} a second, p95", value=1000 * p95(heard, committed),
        unit="ms", bar=3, limit_name="asyncio writes the same bytes to as many sockets",
        limit_value=1000 * p95(theirs[0], told),
    )  # fmt: skip
    ledger.add(
        f"connections to the database, all together, while {PAGES} pages follow", value=connections,
        unit="connections", bar=0.05, limit_name="pages", limit_value=PAGES,
    )  # fmt: skip
    ledger.add(
        f"news lost or told twice over {BREAKS} breaks", value=wrong, unit="news", bar=0, limit_name="told",
        limit_value=len(committed) * PAGES,
    )  # fmt: skip


def _wait_for(port: int) -> None:
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the bare server does not answer")
