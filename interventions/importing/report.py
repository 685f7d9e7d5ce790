"""What an import did: counts, and each refused row with its reason."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO


@dataclass
class Refusals:
    """Refused rows in the order of the file; kept on the disk, for a bad file has millions."""

    count: int = 0
    _kept: IO[str] = field(default_factory=lambda: tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 (gone with the report)

    def add(self, *, line: int, reason: str) -> None:
        self.count += 1
        self._kept.write(json.dumps({"line": line, "reason": reason}, ensure_ascii=False) + "\n")

    def __iter__(self) -> Iterator[dict[str, int | str]]:
        self._kept.seek(0)
        yield from map(json.loads, self._kept)


@dataclass
class Report:
    """`recognised`: what the file turned out to be (encoding, separator, order of the dates)."""

    recognised: dict[str, str]
    imported: int = 0
    skipped: int = 0  # known from an earlier run, or twice in the file
    to_sort: int = 0  # of those imported
    created_categories: list[str] = field(default_factory=list)
    refused: Refusals = field(default_factory=Refusals)
