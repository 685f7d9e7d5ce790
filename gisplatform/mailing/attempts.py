"""Attempts at sending what lies in an outbox: committed before the server is spoken to, so that a doubt is known.

A row of an outbox has `sending_at`, `sending_by` and `doubtful`. Still being sent when the next attempt begins, whoever
tried died before hearing the answer: it may arrive twice, and the log names it.
"""

import datetime
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

logger = logging.getLogger(__name__)


def here() -> str:
    """Which process tries, as an outbox notes it."""
    return f"{socket.gethostname()}/{os.getpid()}"


@contextmanager
def alone(name: str, *, wait: bool = False) -> Iterator[bool]:
    """Alone with what has this name; False when another process, alive, is at it.

    The lock belongs to the connection: it outlives commits and dies with the process.
    """
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0)) IS NOT NULL", [name])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (mine,) = cursor.fetchone()
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def begin(row: Any, *, now: datetime.datetime, by: str) -> None:
    """Commit that it is being sent. If an attempt had begun and never ended, it may go twice: the log says so."""
    if row.sending_at is not None:
        doubt(row, why="whoever sent it died", first_by=row.sending_by)
    row.sending_at, row.sending_by = now, by[:80]
    row.save(update_fields=["sending_at", "sending_by", "doubtful"])


def doubt(row: Any, *, why: str, **facts: str) -> None:
    """Who gets it twice sees one: both have the same name. Kept with the message, and named in the log."""
    row.doubtful = True
    named = {"message_id": row.pk, "of": row._meta.model_name}
    logger.warning("message may arrive twice", extra={**named, "why": why, **facts})


def not_taken(row: Any) -> None:
    """It is sure that it was not sent: the next attempt leaves no doubt."""
    row.sending_at = None
    row.save(update_fields=["sending_at"])


def unanswered(row: Any) -> None:
    doubt(row, why="no answer", first_by=row.sending_by)
    row.sending_at = None
    row.save(update_fields=["sending_at", "doubtful"])
