"""Child processes with a log each: start them, watch them, end them, say what went wrong."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from gisplatform import cluster

LOGS = cluster.LOCAL / "log"
ROOT = Path(__file__).resolve().parent.parent


class ServeError(RuntimeError):
    """The demonstration cannot run; the message, in French, says why."""


class Stopped(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM or `make stop`."""


def prepare(title: str, command: list[str], environment: Mapping[str, str]) -> None:
    sys.stdout.write(f"{title} … ")
    sys.stdout.flush()
    began = time.monotonic()
    process = launch(command[0], [sys.executable, str(ROOT / "manage.py"), *command], environment)
    try:
        code = process.wait()
    except Stopped:
        end({title: process})
        raise
    if code:
        say("échec")
        raise ServeError(f"« manage.py {command[0]} » a échoué :\n{tail(command[0])}")
    say(f"fait en {time.monotonic() - began:.0f} s")


def launch(name: str, command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches us alone and the end comes in order."""
    # The kernel ends it if we are killed outright; only make and Ctrl-C leave us time to do it ourselves.
    leash = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{name}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 (our own commands)
            [*leash, *command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def watch(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise ServeError(f"Le {name} s'est arrêté (code {child.returncode}) :\n{tail(name)}")


def end(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """SIGTERM to all, ten seconds of grace for each, then SIGKILL to the whole group."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def tail(name: str) -> str:
    log = LOGS / f"{name}.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-25:]) + f"\n→ Tout est dans {log}."


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
