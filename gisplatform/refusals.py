"""The refused rows of an import, each with its line and reason, and how a command tells them."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

SHOWN = 20  # told one by one to a person; a machine is told all


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

    def as_json(self, facts: dict[str, Any]) -> Iterator[str]:
        """One JSON object of `facts` and `refused`, in pieces: rows are written as they are read back."""
        yield json.dumps(facts, ensure_ascii=False)[:-1] + ', "refused": ['
        for number, each in enumerate(self):
            yield (", " if number else "") + json.dumps(each, ensure_ascii=False)
        yield "]}\n"

    def as_lines(self) -> Iterator[str]:
        """The first of them as sentences, and how many more there are."""
        for number, each in enumerate(self):
            if number == SHOWN:
                yield _("… and %(count)d more: --json tells them all.") % {"count": self.count - SHOWN}
                return
            yield _("Line %(line)s refused: %(reason)s") % each


def separator_in_words(separator: str) -> str:
    """As a sentence names it: a tabulation cannot be seen."""
    return _("tabulation") if separator == "\t" else separator
