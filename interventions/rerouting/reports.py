"""What a pass has found, or would: counts by pair of departments, for a machine and for a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gisplatform.models import Department
from interventions.rerouting.models import Rerouting


@dataclass(frozen=True)
class Pair:
    """Codes of two departments (None: nobody): requests that move, and those that stay for work or for a person."""

    before: str | None
    after: str | None
    moved: int
    at_work: int
    by_person: int


@dataclass(frozen=True)
class Report:
    looked_at: int
    pairs: list[Pair]

    @classmethod
    def of(cls, rerouting: Rerouting) -> "Report":
        rows = rerouting.moves.values("moved", "at_work", "by_person", "from_department_id", "to_department_id")
        return cls._of(
            [{**row, "from_id": row["from_department_id"], "to_id": row["to_department_id"]} for row in rows],
            rerouting.looked_at,
        )

    @classmethod
    def of_rehearsal(cls, rows: Iterable[dict[str, Any]], *, looked_at: int) -> "Report":
        return cls._of(rows, looked_at)

    @classmethod
    def _of(cls, rows: Iterable[dict[str, Any]], looked_at: int) -> "Report":
        codes: dict[int | None, str | None] = {None: None, **dict(Department.objects.values_list("pk", "code"))}
        pairs = [
            Pair(codes[row["from_id"]], codes[row["to_id"]], row["moved"], row["at_work"], row["by_person"])
            for row in rows
        ]
        return cls(looked_at, sorted(pairs, key=lambda pair: (-pair.moved, pair.before or "", pair.after or "")))

    @property
    def moved(self) -> int:
        return sum(pair.moved for pair in self.pairs)

    @property
    def at_work(self) -> int:
        return sum(pair.at_work for pair in self.pairs)

    @property
    def by_person(self) -> int:
        return sum(pair.by_person for pair in self.pairs)

    def as_json(self) -> dict[str, Any]:
        return {
            "looked_at": self.looked_at,
            "moved": self.moved,
            "kept": {"at_work": self.at_work, "by_person": self.by_person},
            "matrix": [
                {"from": pair.before, "to": pair.after, "requests": pair.moved} for pair in self.pairs if pair.moved
            ],
        }

    def as_lines(self, names: Mapping[str, str]) -> list[str]:
        lines = [
            ngettext("%(n)d request looked at:", "%(n)d requests looked at:", self.looked_at) % {"n": self.looked_at}
        ]
        for pair in self.pairs:
            if pair.moved:
                before, after = (names[code] if code else _("nobody") for code in (pair.before, pair.after))
                lines.append(f"  {pair.moved} : {before} → {after}")
        lines.append(
            _("%(moved)d moved; %(work)d stay because work has begun, %(person)d because a person chose.")
            % {"moved": self.moved, "work": self.at_work, "person": self.by_person}
        )
        return lines
