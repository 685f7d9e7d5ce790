"""Which moves of a simulation a person sees, and how many there are from where to where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Count, Q

from gisplatform import sql
from gisplatform.models import User
from gisplatform.roles import Scope
from interventions.requests.models import ServiceRequest

NONE = "-"  # in an address: no department, that is, to sort
SIDES = ("from", "to")
# Which moves: those of rules, which re-routing makes; among them those the change alone makes, and doubtful ones; and
# those it would not make.
MADE = Q(by_person=False, at_work=False)
KINDS = {
    "moved": MADE,
    "own": MADE & Q(anyway=False),
    "doubtful": MADE & Q(doubtful=True),
    "by_person": Q(by_person=True),
    "at_work": Q(at_work=True),
}
SETS = {"open": Q(is_open=True), "period": Q(in_period=True)}
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


class MoveQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Moves of requests this person may see; who sees every request sees them all, without looking at each."""
        if user.may("view_requests") and user.scope == Scope.EVERYTHING:
            return self.all()
        return self.filter(request__in=ServiceRequest.objects.visible_to(user))

    def between(self, before: str, after: str, *, by: str) -> Self:
        """From and to the departments or authorities of these codes; "" is any, NONE those to sort."""
        found = self
        for side, code in zip(SIDES, (before, after), strict=True):
            if code == NONE:
                found = found.filter(**{f"{side}_department__isnull": True})
            elif code:
                found = found.filter(**{f"{_path(side, by)}__code": code})
        return found

    def counts(self) -> dict[str, int]:
        """How many of each kind. One query."""
        return self.aggregate(**{kind: Count("pk", filter=condition) for kind, condition in KINDS.items()})

    def matrix(self, *, by: str) -> list[Cell]:
        """How many from each to each, the most first; `by` is department or authority. One query."""
        names = [f"{_path(side, by)}__{column}" for side in SIDES for column in ("code", "name")]
        rows = self.values_list(*names).annotate(requests=Count("pk")).order_by("-requests", names[0], names[2])
        return [
            Cell(Party(one or "", its or ""), Party(other or "", their or ""), requests)
            for one, its, other, their, requests in rows
        ]


def _path(side: str, by: str) -> str:
    return f"{side}_department" if by == "department" else f"{side}_department__authority"


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
