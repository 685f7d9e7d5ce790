"""A file is read in a process of its own, which may fail, hang or be misled without harm to the one that asked.

The first reading of a server process starts a reader (`layers/reading/reader.py`), which has everything loaded and
makes a copy of itself for each file: what the copy does ends with it. It ends by itself when nobody is left to ask it.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

# The only ones that may open a file (CSV: outlines as text that hold arcs).
DRIVERS = {
    "GPKG", "ESRI Shapefile", "FlatGeobuf", "KML", "LIBKML", "GML", "MapInfo File", "OpenFileGDB", "CSV",
}  # fmt: skip
ARC_STEP_DEGREES = 0.5  # a circle of 720 sides: 1 cm off it at a radius of 1 km
GDAL = {
    "OGR_ARC_STEPSIZE": str(ARC_STEP_DEGREES),
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "OGR_SQLITE_STATIC_VIRTUAL_OGR": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_NUM_THREADS": "1",
    "CPL_LOG_ERRORS": "OFF",
}
# It never asks the database, and signs nothing; a process that forks has one thread.
NOTHING_OF_OURS = {
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "GISPLATFORM_SECRET_KEY": "unused",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
STARTING_S = 60  # until a new reader takes its first order; no part of the time of a reading
CODE = "import sys, django; django.setup(); from layers.reading import reader; reader.serve(int(sys.argv[1]))"


class TookTooLong(Exception):
    """It was not over after the seconds it was given, and was ended."""


@dataclass(frozen=True)
class Reader:
    process: subprocess.Popen[bytes]
    line: socket.socket
    owner: int


_reader: Reader | None = None
_choosing = threading.Lock()


def have_read(order: dict[str, Any], *, seconds: float) -> None:
    """Have the order carried out; returns when its process is over, whatever became of it. Raises TookTooLong."""
    life, held = os.pipe()
    try:
        try:
            _send(json.dumps(order).encode(), held)
        finally:
            os.close(held)
        if not _waited_for(life, STARTING_S):
            raise TookTooLong
        pid = int.from_bytes(os.read(life, 4), "big")
        if pid and not _waited_for(life, seconds):  # the other end closes when the process ends
            os.kill(pid, signal.SIGKILL)
            os.read(life, 1)
            raise TookTooLong
    finally:
        os.close(life)


def _waited_for(life: int, seconds: float) -> bool:
    return bool(select.select([life], [], [], seconds)[0])


def _send(message: bytes, held: int) -> None:
    """To the reader that runs, or to a new one when that is gone."""
    for reader in (_running(), None):
        try:
            socket.send_fds((reader or _running(anew=True)).line, [message], [held])
        except (BrokenPipeError, ConnectionResetError):
            if reader is None:
                raise
        else:
            return


def _running(*, anew: bool = False) -> Reader:
    global _reader
    with _choosing:
        if anew or _reader is None or _reader.owner != os.getpid() or _reader.process.poll() is not None:
            _reader = _started()
        return _reader


def _started() -> Reader:
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        process = subprocess.Popen(  # noqa: S603 (our own code)
            [sys.executable, "-c", CODE, str(its.fileno())],
            env={**os.environ, **NOTHING_OF_OURS, **GDAL, "OGR_SKIP": ",".join(_other_drivers())},
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            pass_fds=[its.fileno()],
            start_new_session=True,
        )
    return Reader(process, ours, os.getpid())


@cache
def _other_drivers() -> list[str]:
    import pyogrio

    return sorted(set(pyogrio.list_drivers()) - DRIVERS)
