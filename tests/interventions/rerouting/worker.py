"""A worker as a process of its own: its steps are so small that there is time to kill it between two or within one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

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
