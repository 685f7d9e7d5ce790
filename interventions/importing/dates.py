"""Dates as files write them, and which order of day and month a file means."""

import datetime
import re
from collections.abc import Iterable

from django.utils import timezone

WRITTEN = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(\d{1,2})[:h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?"
)


class Dates:
    """Reads the dates of one file. Without a time zone they are in the platform's."""

    def __init__(self, samples: Iterable[str]) -> None:
        """`samples` decide between day and month first; where nothing tells, the day comes first, as in France."""
        first = second = numbered = 0
        for text in samples:
            if match := WRITTEN.fullmatch(text.strip()):
                numbered += 1
                first, second = first + (int(match[1]) > 12), second + (int(match[2]) > 12)
        self.month_first = second > first
        # What a person is shown: year, month and day by the letters of the standard.
        self.order = "YYYY-MM-DD" if not numbered else "MM/DD/YYYY" if self.month_first else "DD/MM/YYYY"

    def read(self, text: str) -> datetime.datetime | None:
        """The moment, None of what is no date."""
        text = text.strip()
        try:
            moment = self._numbered(text) or datetime.datetime.fromisoformat(text.replace("/", "-"))
            return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())
        except ValueError:
            return None

    def _numbered(self, text: str) -> datetime.datetime | None:
        match = WRITTEN.fullmatch(text)
        if not match:
            return None
        day, month = (match[2], match[1]) if self.month_first else (match[1], match[2])
        hour = int(match[4] or 0)
        if match[7]:
            if not 1 <= hour <= 12:
                raise ValueError(text)
            hour = hour % 12 + (12 if match[7] in "Pp" else 0)
        return datetime.datetime(int(match[3]), int(month), int(day), hour, int(match[5] or 0), int(match[6] or 0))  # noqa: DTZ001 (the caller gives the zone)
