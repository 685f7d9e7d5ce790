"""How many moves there are from where to where, and each as a feature of a map."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Count

from gisplatform import sql
from interventions.simulating.moves import NONE, SIDES, MoveQuerySet, path

AT_ONCE = 2_000  # features made by one statement


class Party(NamedTuple):
    """A department or an authority; empty where nobody answers: to sort."""

    code: str
    name: str

    @property
    def key(self) -> str:
        return self.code or NONE


@dataclass(frozen=True)
class Cell:
    before: Party
    after: Party
    requests: int


def matrix(moves: MoveQuerySet, *, by: str) -> list[Cell]:
    """How many from each to each, the most first; `by` is department or authority. One query."""
    names = [f"{path(side, by)}__{column}" for side in SIDES for column in ("code", "name")]
    rows = moves.values_list(*names).annotate(requests=Count("pk")).order_by("-requests", names[0], names[2])
    return [
        Cell(Party(one or "", its or ""), Party(other or "", their or ""), requests)
        for one, its, other, their, requests in rows
    ]


def table(cells: list[Cell]) -> dict[str, Any]:
    """Cells laid out, most first: `tos` head the columns, a row is whence, a cell or None for each column, the sum."""
    gone, come = (_sums((getattr(cell, side), cell.requests) for cell in cells) for side in ("before", "after"))
    found = {(cell.before, cell.after): cell for cell in cells}
    return {
        "tos": list(come),
        "rows": [(one, [found.get((one, other)) for other in come], total) for one, total in gone.items()],
        "sums": list(come.values()),
        "total": sum(gone.values()),
    }


def _sums(parts: Iterable[tuple[Party, int]]) -> dict[Party, int]:
    found: dict[Party, int] = {}
    for party, requests in parts:
        found[party] = found.get(party, 0) + requests
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def features(moves: MoveQuerySet, *, at_most: int | None = None) -> Iterator[str]:
    """Each move as a GeoJSON feature, in text; the first ones only when `at_most` is given."""
    ids = moves.order_by("pk").values_list("pk", flat=True)[:at_most].iterator(chunk_size=AT_ONCE)
    while some := list(islice(ids, AT_ONCE)):
        for row in sql.rows(sql.load("interventions.simulating", "features"), {"ids": some}):
            yield row["feature"]
