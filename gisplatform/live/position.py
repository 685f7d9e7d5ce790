"""Where somebody is in the stream of news: the id of a server-sent event.

A number would not do. Rows become visible when their transactions commit, which is not the order of their numbers:
whoever has read up to 12 may be shown 11 later. A position is a snapshot of PostgreSQL instead: it says of every
transaction whether it had committed by then. After it come the news whose transaction had not and has since.
"""

import itertools
import re
from dataclasses import dataclass
from typing import Self

SNAPSHOT = r"[0-9]{1,20}:[0-9]{1,20}:(?:[0-9]{1,20}(?:,[0-9]{1,20})*)?"
WRITTEN = re.compile(rf"(?P<seen>{SNAPSHOT})(?:~(?P<within>{SNAPSHOT})~(?P<upto>[0-9]{{1,18}}))?", re.ASCII)
LONGEST = 16_000  # several hundred transactions under way


@dataclass(frozen=True)
class Position:
    """All of the snapshot `seen`; and, in the midst of what came at once, of the snapshot `within` up to a number."""

    seen: str
    within: str | None = None
    upto: int | None = None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `str()` of a position wrote; None for anything else."""
        found = WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
        if found is None or not _is_a_snapshot(found["seen"]) or not _is_a_snapshot(found["within"] or "1:1:"):
            return None
        return cls(found["seen"], found["within"], int(found["upto"]) if found["upto"] else None)

    def __str__(self) -> str:
        return self.seen if self.within is None else f"{self.seen}~{self.within}~{self.upto}"

    @property
    def begins(self) -> int:
        """The first transaction that may have been under way."""
        return int(self.seen.split(":")[0])

    @property
    def ends_before(self) -> int:
        """The first transaction that had not begun."""
        return int((self.within or self.seen).split(":")[1])


def _is_a_snapshot(text: str) -> bool:
    """What PostgreSQL takes for one: under way are, in order, transactions from the first to the last."""
    first, last, under_way = text.split(":")
    numbers = [int(each) for each in under_way.split(",") if each]
    return (
        0 < int(first) <= int(last) < 2**63
        and all(int(first) <= each < int(last) for each in numbers)
        and all(one < other for one, other in itertools.pairwise(numbers))
    )
