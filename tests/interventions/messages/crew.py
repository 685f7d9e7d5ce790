"""What the tests of killed workers need: a crew that goes on whoever dies, and a mail server that counts."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from interventions.events.models import Event
from interventions.informing.models import Message
from tests.bench.server import database_url

ROOT = Path(__file__).parents[3]
NAMED = re.compile(rb"^Message-ID: <event-(\d+)@", re.MULTILINE | re.IGNORECASE)
DEAD_S = 1


class PostOffice:
    """Takes every mail and keeps the number of its event. `first` is called with it before the answer is given."""

    def __init__(self, first: Callable[[int], None] = lambda _event: None) -> None:
        self.came: Counter[int] = Counter()
        self.first = first

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        (event,) = NAMED.findall(envelope.content)
        self.came[int(event)] += 1
        self.first(int(event))
        return "250 OK"


class Crew:
    """One worker at a time, which may be killed; the jobs it held are taken up a second later."""

    def __init__(self, log: Path, *, mail_port: int, concurrency: int = 1) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gisplatform.settings",
            "DATABASE_URL": database_url(),
            "GISPLATFORM_EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "GISPLATFORM_WORKER_DEAD_S": str(DEAD_S),
        }
        self.log = log
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.interventions.messages.killable", str(concurrency)],
                cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=said, start_new_session=True,
            )  # fmt: skip
        self.worker = self._next()
        self.deaths = 0

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_fault: object) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill(self) -> None:
        os.kill(self.worker, signal.SIGKILL)
        self.deaths += 1

    def replaced(self) -> None:
        """Wait until another has taken the place of the one that was killed."""
        self.worker = self._next()

    def finish(self, *, at_most_s: float) -> None:
        """Until nothing is left to send, with the jobs of the dead taken up meanwhile."""
        limit = time.monotonic() + at_most_s
        while Message.objects.exclude(outcome="").count() < Event.objects.filter(public=True).count():
            if time.monotonic() > limit:
                pytest.fail(self.log.read_text()[-4000:])
            take_up()
            time.sleep(0.2)

    def doubts(self) -> set[int]:
        """Ids of the messages that the log names as perhaps sent twice."""
        found = re.findall(r"message may arrive twice message_id=(\d+)", self.log.read_text())
        return {int(each) for each in found}

    def _next(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


def take_up() -> None:
    try:
        app.configure_task("gisplatform.take_up").defer(timestamp=0)
    except AlreadyEnqueued:
        return


def check(crew: Crew, office: PostOffice, *, messages: int) -> tuple[int, int]:
    """Each came once, or the log names it; none is lost. How many are in doubt, and how many of them came twice."""
    rows = {row.event_id: row for row in Message.objects.all()}
    assert set(office.came) == set(rows)
    assert len(rows) == messages
    assert {row.outcome for row in rows.values()} == {"sent"}
    twice = {rows[event].pk for event, times in office.came.items() if times > 1}
    named = crew.doubts()
    assert twice <= named
    assert named == {row.pk for row in rows.values() if row.doubtful}
    assert Event.objects.filter(kind=Event.Kind.TOLD).count() == messages
    return len(named), len(twice)
