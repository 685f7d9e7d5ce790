"""The refused rows of an import, each with its line and reason."""

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
