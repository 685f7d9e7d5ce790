"""Which moves of a simulation a page shows: all of it stands in the address."""

from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict

from interventions.simulating.moves import KINDS, SETS, MoveQuerySet

PAGE = 50
WORDS = {"by": ("department", "authority"), "among": tuple(SETS), "kind": tuple(KINDS)}


@dataclass(frozen=True)
class Asked:
    """`before` and `after` are codes of departments, or of authorities where `by` says so; "" is any.

    A word nobody knows is as none at all.
    """

    by: str = "department"
    among: str = "open"
    kind: str = "moved"
    before: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        words = {name: str(query[name]) for name, known in WORDS.items() if query.get(name) in known}
        before, after = (query.get(name, "").replace("\x00", "")[:120] for name in ("from", "to"))
        return cls(**words, before=before, after=after)

    def chosen(self, moves: MoveQuerySet) -> MoveQuerySet:
        return moves.filter(SETS[self.among], KINDS[self.kind]).between(self.before, self.after, by=self.by)

    def address(self, **changes: Any) -> str:
        """Of the page with these changes; what is usual is not said."""
        other = replace(self, **{name: value for name, value in changes.items() if hasattr(self, name)})
        told = {"by": other.by, "among": other.among, "kind": other.kind}
        told = {name: value for name, value in told.items() if value != WORDS[name][0]}
        told |= {name: value for name, value in (("from", other.before), ("to", other.after)) if value}
        told |= {name: value for name, value in changes.items() if not hasattr(self, name)}
        return f"?{urlencode(told)}"


@dataclass(frozen=True)
class Page:
    """Moves in their order; `previous` and `next` are addresses of the neighbours, "" where there is none."""

    rows: list[Any]
    previous: str
    next: str


def page(moves: MoveQuerySet, asked: Asked, *, query: QueryDict) -> Page:
    """The moves beyond the one of id `beyond` in the address, or before that of `until`. One query."""
    backwards = query.get("until", "").isdecimal()
    edge = query.get("until" if backwards else "beyond", "")
    rows = asked.chosen(moves).order_by("-pk" if backwards else "pk")
    if edge.isdecimal():
        rows = rows.filter(**{"pk__lt" if backwards else "pk__gt": int(edge[:18])})
    found = list(rows.select_related("request__category", "from_department", "to_department")[: PAGE + 1])
    more, told = len(found) > PAGE, found[:PAGE]
    if backwards:
        told.reverse()
    if not told:
        return Page(told, "", "")
    earlier = more if backwards else edge.isdecimal()
    return Page(
        told,
        previous=asked.address(until=told[0].pk) if earlier else "",
        next=asked.address(beyond=told[-1].pk) if more or backwards else "",
    )
