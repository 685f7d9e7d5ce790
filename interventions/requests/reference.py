"""References as people read them out: year, number, check digit, as in 2026-000123-7."""

import datetime
import re
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.utils import timezone

WHOLE = re.compile(r"[0-9]{4}-[0-9]{6,12}-[0-9]")
NUMBER_UNLESS_KNOWN = """
    SELECT nextval('interventions_reference')
    WHERE NOT EXISTS (SELECT FROM interventions_servicerequest WHERE key = %s)
"""


def next_reference(now: datetime.datetime, *, key: UUID) -> str | None:
    """The next free reference; None when a request was already made with `key`. One statement.

    Numbers come from a sequence: never reused, gaps where a request was given up.
    """
    with connection.cursor() as cursor:
        cursor.execute(NUMBER_UNLESS_KNOWN, [key])
        row = cursor.fetchone()
    return compose(timezone.localdate(now).year, row[0]) if row else None


def next_references(moments: Sequence[datetime.datetime]) -> list[str]:
    """A free reference for each moment, in their order. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('interventions_reference') FROM generate_series(1, %s)", [len(moments)])
        numbers = [number for (number,) in cursor.fetchall()]
    return [compose(timezone.localdate(moment).year, number) for moment, number in zip(moments, numbers, strict=True)]


def compose(year: int, number: int) -> str:
    digits = f"{year:04}{number:06}"
    return f"{year:04}-{number:06}-{check_digit(digits)}"


def is_reference(text: str) -> bool:
    """Whether it is written as a whole reference, its check digit included."""
    return WHOLE.fullmatch(text) is not None and compose(int(text[:4]), int(text[5:-2])) == text


def check_digit(digits: str) -> int:
    """Luhn's check digit (ISO/IEC 7812-1, annex B): it catches one wrong digit and most swapped neighbours."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -sum(number // 10 + number % 10 for number in doubled) % 10
