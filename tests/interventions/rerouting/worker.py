"""A worker as a process of its own: its steps are so small that there is time to kill it between two or within one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.bench.server import database_url

ROOT = Path(__file__).parents[3]


class Worker:
    """Begun when it is made; `log` is what it says, of all that write to the same."""

    def __init__(self, log: Path, *, a_step: int, mail_port: int) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gisplatform.settings",
            "DATABASE_URL": database_url(),
            "GISPLATFORM_EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }
        self.log = log
        with log.open("ab") as said:
            command = [sys.executable, "-m", "tests.interventions.rerouting.small_steps", str(a_step)]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_fault: object) -> None:
        """It does not outlive the test."""
        if self.process.poll() is None:
            self.kill()

    def wait(self, until: Callable[[], bool], *, at_most_s: float = 40) -> None:
        limit = time.monotonic() + at_most_s
        while not until():
            assert self.process.poll() is None, self.log.read_text()
            if time.monotonic() > limit:
                pytest.fail(self.log.read_text()[-4000:])
            time.sleep(0.02)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def half_a_minute_passes() -> None:
    """For the queue: a dead worker gives no sign, and what it held is looked for."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")
    if not ProcrastinateJob.objects.filter(status="todo", task_name="gisplatform.take_up").exists():
        app.configure_task("gisplatform.take_up").defer(timestamp=0)
