"""The private PostGIS cluster of a development or demonstration machine.

It answers on a unix socket only. `manage.py`, the demo and the tests start it by themselves when DATABASE_URL is
unset; `python -m gisplatform.cluster` does it by hand.
"""

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from gisplatform import cluster_place as where
from gisplatform import env
from gisplatform.cluster_place import ClusterError, Place, run_as

LOCAL = env.path("GISPLATFORM_LOCAL_DIR", Path(__file__).resolve().parent.parent / ".local")
DATABASE = USER = "gisplatform"
PATIENCE = 240  # times half a second: recovering from a crash may take a while

# Fast enough to work with, and durable: a demo's data survives a power cut.
CONFIGURATION = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 256MB
effective_cache_size = 2GB
random_page_cost = 1.1
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 15min
jit = off
timezone = 'UTC'
"""
# Whoever reaches the socket may enter as anyone: its folder and the socket itself are 0700, so that is the
# owner of the cluster and root, who both could read the files anyway. No other door is open.
ACCESS = "local all all trust\n"


def url(local: Path = LOCAL) -> str:
    """The libpq URI of the private cluster's database, whether it runs or not."""
    return _url(where.find(local), DATABASE)


def answers(local: Path = LOCAL) -> bool:
    try:
        psycopg.connect(url(local), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def start(local: Path = LOCAL) -> bool:
    """Makes the cluster if there is none and starts it; True if this call started it."""
    if answers(local):
        return False
    with _alone(local):
        place = _create(local)
        begun = False
        for _ in range(PATIENCE):
            # Looked at each time: after a crash the dead server may keep its number for a while.
            begun = _begin(place) or begun
            try:
                _ensure_database(place)
            except psycopg.OperationalError:
                time.sleep(0.5)
            else:
                return begun
        raise ClusterError(f"PostgreSQL ne répond pas.\n{_tail(place.data / 'postgres.log')}")


def stop(local: Path = LOCAL, *, if_unused: bool = False) -> bool:
    """Stops the cluster; True if it ran. With `if_unused`, leaves it to whoever else is connected."""
    place = where.find(local)
    if not place.data.exists():
        return False
    owner = where.owner_of(place.data)
    with _alone(local):
        if not (place.data / "postmaster.pid").exists() or (if_unused and _used(place)):
            return False
        pg_ctl = str(where.programs(place.data) / "pg_ctl")
        return run_as(owner, [pg_ctl, "stop", "-w", "-m", "fast", "-D", str(place.data)]).returncode == 0


def remove(local: Path = LOCAL) -> None:
    """Stops the cluster and deletes its files and its data."""
    stop(local)
    place = where.find(local)
    shutil.rmtree(place.data, ignore_errors=True)
    shutil.rmtree(place.sockets, ignore_errors=True)
    if where.ELSEWHERE in place.data.parents:
        place.data.parent.rmdir()
    (local / "cluster.json").unlink(missing_ok=True)


def _url(place: Place, database: str) -> str:
    return f"postgresql://{USER}@/{database}?host={quote(str(place.sockets), safe='/')}"


def _used(place: Place) -> bool:
    others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    try:
        with psycopg.connect(_url(place, "postgres"), connect_timeout=5) as connection:
            row = connection.execute(others).fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and row[0] > 0


@contextmanager
def _alone(local: Path) -> Iterator[None]:
    """One process at a time creates, starts or stops; the kernel drops the lock of one that dies."""
    local.mkdir(parents=True, exist_ok=True, mode=0o755)
    with (local / "cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _create(local: Path) -> Place:
    """The cluster's files; made under another name first, so that an interrupted start leaves no half cluster."""
    if where.find(local).data.exists():
        return where.find(local)
    place, owner = where.choose(local), where.account()
    draft = place.data.with_name("pg.part")
    shutil.rmtree(draft, ignore_errors=True)
    where.own_folder(draft, owner)
    made = run_as(
        owner,
        [
            *(str(where.programs(place.data) / "initdb"), "-D", str(draft), "-U", USER, "-A", "trust"),
            # Names sort as French people expect, whatever the machine's locale.
            *("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fr-FR"),
        ],
    )
    if made.returncode:
        raise ClusterError(f"La base n'a pas pu être créée.\n{made.stderr}")
    (draft / "pg_hba.conf").write_text(ACCESS)
    with (draft / "postgresql.conf").open("a") as configuration:
        configuration.write("\ninclude 'gisplatform.conf'\n")
    draft.rename(place.data)
    return place


def _begin(place: Place) -> bool:
    """Starts the server unless it runs; True if this call started it."""
    owner = where.owner_of(place.data)
    pg_ctl = str(where.programs(place.data) / "pg_ctl")
    if run_as(owner, [pg_ctl, "status", "-D", str(place.data)]).returncode == 0:
        return False
    where.own_folder(place.sockets, owner)
    sockets = str(place.sockets).replace("'", "''")
    (place.data / "gisplatform.conf").write_text(CONFIGURATION.format(sockets=sockets))
    log = place.data / "postgres.log"
    begun = run_as(owner, [pg_ctl, "start", "-w", "-D", str(place.data), "-l", str(log)])
    if begun.returncode:
        raise ClusterError(f"PostgreSQL ne démarre pas.\n{begun.stderr}{_tail(log)}")
    return True


def _ensure_database(place: Place) -> None:
    """Makes the database if it is missing; OperationalError while the server starts or recovers."""
    with psycopg.connect(_url(place, "postgres"), autocommit=True, connect_timeout=5) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _tail(log: Path) -> str:
    if not log.exists():
        return ""
    return f"{log} :\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gisplatform.cluster", description="La base PostGIS privée.")
    parser.add_argument("action", choices=["create", "start", "stop", "remove", "url", "run"])
    parser.add_argument("command", nargs=argparse.REMAINDER, help="pour run : la commande à lancer, base démarrée")
    options = parser.parse_args()
    try:
        return _act(options.action, options.command)
    except ClusterError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _act(action: str, command: list[str]) -> int:
    match action:
        case "create":
            if not where.find(LOCAL).data.exists() and start():
                stop(if_unused=True)
        case "start":
            start()
        case "stop":
            stop()
        case "remove":
            remove()
        case "url":
            sys.stdout.write(f"{url()}\n")
        case "run":
            begun = not os.environ.get("DATABASE_URL") and start()
            try:
                return subprocess.run(command, check=False).returncode  # noqa: S603 (our own command line)
            finally:
                if begun:
                    stop(if_unused=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
