"""What a process that reads a stranger's file may still do: compute for a while, and write in one folder.

The kernel holds it (Landlock, where it has it; Linux 5.13 and later): no file but those named, and from Linux 6.7 on no
connection. Without Landlock the limits stand alone, and GDAL's own settings (`apart.GDAL`) keep it from other files.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION, BENEATH = 1, 1
NO_NEW_PRIVILEGES, DIE_WITH_PARENT = 38, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
# How many rights over files each version of Landlock knows; over connections, from the fourth on, two.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
LATEST_FILE_RIGHTS, CONNECTION_RIGHTS = 16, 0b11
PYTHON = {sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/dev/null", "/dev/urandom", "/proc/self"}

libc = ctypes.CDLL(None, use_errno=True)


class Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("connections", ctypes.c_uint64)]


class Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def confine(*, readable: Iterable[Path], writable: Path, cpu_s: int, memory_bytes: int, file_bytes: int) -> None:
    """Take from this process, for good, all but those files and so much time, memory and disk."""
    libc.prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, cpu_s)
    _limit(resource.RLIMIT_FSIZE, file_bytes)
    _limit(resource.RLIMIT_AS, _mapped_bytes() + memory_bytes)
    _shut_in([*map(Path, PYTHON), *readable], writable)


def landlock_version() -> int:
    """0 where the kernel has none."""
    return max(0, libc.syscall(CREATE_RULESET, None, 0, VERSION))


def _limit(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _mapped_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _shut_in(readable: Iterable[Path], writable: Path) -> None:
    version = landlock_version()
    if not version:
        return
    every = (1 << FILE_RIGHTS.get(version, LATEST_FILE_RIGHTS)) - 1
    rules = Ruleset(every, CONNECTION_RIGHTS if version >= 4 else 0)
    size = ctypes.sizeof(rules) if version >= 4 else 8
    ruleset = _done(libc.syscall(CREATE_RULESET, ctypes.byref(rules), size, 0))
    for path in readable:
        _allow(ruleset, path, READ_FILE | (READ_DIR | EXECUTE if path.is_dir() else 0))
    _allow(ruleset, writable, every & ~EXECUTE)
    _done(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _done(libc.syscall(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    if not path.exists():
        return
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    _done(libc.syscall(ADD_RULE, ruleset, BENEATH, ctypes.byref(Beneath(rights, place)), 0))
    os.close(place)


def _done(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "the process could not be confined")
    return answer
