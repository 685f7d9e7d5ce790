"""The process that reads files: one that waits, with everything loaded, and a confined copy of it for each file."""

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pyogrio
from django.utils import translation
from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading import opened, parcel
from layers.reading.apart import DRIVERS
from layers.reading.archives import MAX_BYTES
from layers.reading.confined import confine

LONGEST_ORDER = 65_536  # bytes
DEEPEST_CALLS = 400


def serve(line: int) -> None:
    """Orders come over the socket `line`, each with a pipe that stays open as long as its copy lives."""
    if others := set(pyogrio.list_drivers()) - DRIVERS:
        raise SystemExit(f"GDAL would open other kinds of files: {', '.join(sorted(others))}")
    gc.collect()
    gc.freeze()  # what is loaded is shared with the copies, and not looked through by each
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who asked waits for the pipe
    asked = socket.socket(fileno=line)
    while True:
        message, held, _flags, _address = socket.recv_fds(asked, LONGEST_ORDER, 1)
        if not message:
            return
        pid = os.fork()
        if not pid:
            asked.close()
            _carry_out(json.loads(message))
            os._exit(0)  # without tidying up what belongs to the one it is a copy of
        os.write(held[0], pid.to_bytes(4, "big"))
        os.close(held[0])


def _carry_out(order: dict[str, Any]) -> None:
    path, folder = Path(order["path"]), Path(order["folder"])
    translation.activate(order["language"])
    too_large = _("The file needs more memory than one layer is given: simplify its outlines, or give it in parts.")
    too_deep = _("The file is nested too deeply to be a layer: export it again.")
    sys.setrecursionlimit(DEEPEST_CALLS)  # less than the one that asked can follow
    confine(
        readable=[path.parent, path.resolve().parent],
        writable=folder,
        cpu_s=order["seconds"] + 5,  # whoever waits ends it before, and can say so; this is for when nobody does
        memory_bytes=order["memory_bytes"],
        file_bytes=MAX_BYTES,
    )
    try:
        source = opened.read(
            path,
            folder,
            file_name=order["file_name"],
            source_layer=order["source_layer"],
            encoding=order["encoding"],
        )
        parcel.send(source, folder)
    except UnreadableFile as error:
        parcel.send_refusal(error, folder)
    except MemoryError:
        parcel.send_refusal(UnreadableFile(too_large), folder)
    except RecursionError:
        parcel.send_refusal(UnreadableFile(too_deep), folder)
