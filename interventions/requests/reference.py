"""References as people read them out: year, number, check digit, as in 2026-000123-7."""

import datetime

from django.db import connection
from django.utils import timezone


def next_reference(now: datetime.datetime) -> str:
    """The next free reference. Numbers come from a sequence: never reused, gaps where a request was given up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('interventions_reference')")
        (number,) = cursor.fetchone()
    return compose(timezone.localdate(now).year, number)


def compose(year: int, number: int) -> str:
    digits = f"{year:04}{number:06}"
    return f"{year:04}-{number:06}-{check_digit(digits)}"


def check_digit(digits: str) -> int:
    """Luhn's check digit (ISO/IEC 7812-1, annex B): it catches one wrong digit and most swapped neighbours."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -sum(number // 10 + number % 10 for number in doubled) % 10
