"""Folders that one holds while the others wait, or leave alone. What a killed process held is free again at once."""

import datetime
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """True when nobody else holds it until the block ends; False when it is gone, or, without `wait`, held."""
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:  # gone, or no folder of ours
        yield False
        return
    try:
        yield _locked(place, wait=wait) and _still(folder, place)
    finally:
        os.close(place)


def remove_old(folders: Iterable[Path], *, before: datetime.datetime) -> None:
    """Remove those last written before then, except the ones somebody holds."""
    for folder in folders:
        if _written_before(folder, before):
            with held(folder, wait=False) as ours:
                if ours:
                    shutil.rmtree(folder, ignore_errors=True)


def _locked(place: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still(folder: Path, place: int) -> bool:
    """Whether it was not removed while this waited for it."""
    try:
        return os.path.samestat(os.fstat(place), folder.lstat())
    except FileNotFoundError:
        return False


def _written_before(folder: Path, when: datetime.datetime) -> bool:
    try:
        written = folder.lstat().st_mtime
    except FileNotFoundError:  # by another who looked at the same moment
        return False
    return datetime.datetime.fromtimestamp(written, tz=datetime.UTC) < when
