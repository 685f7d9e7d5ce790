"""Keyset paging: pages that neither skip nor repeat a row while requests keep coming in."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, Func, OrderBy, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gisplatform import cursors
from gisplatform.cursors import BadCursor

PAGE = 50
COUNT_AT_MOST = 10_000
WALKED = 15_000  # rows of an order looked at for a page before the filters are asked the other way round


@dataclass(frozen=True)
class Page:
    """Rows in the order of the list; `after` and `before` are the cursors of the neighbours, "" when there is none."""

    rows: list[Any]
    after: str
    before: str


@dataclass(frozen=True)
class Count:
    """How many rows a list has; `number` is only the least there are unless they were counted to the `end`."""

    number: int
    end: bool

    def __str__(self) -> str:
        number = number_format(self.number, force_grouping=True)
        return number if self.end else _("more than %(number)s") % {"number": number}


@dataclass(frozen=True)
class Order:
    """An instant column and its direction, ties by id (descending). Rows without the instant come last.

    `index` is the one that holds all rows in this order.
    """

    column: str
    descending: bool
    index: str
    nullable: bool = False  # said only where true: NULLS LAST would keep the index from being used

    def columns(self, *, backwards: bool, indexed: bool = True) -> list[OrderBy]:
        """What to order by; not `indexed`, it is the same order in a form that no index has."""
        nulls: dict[str, Any] = {"nulls_first" if backwards else "nulls_last": True} if self.nullable else {}
        column: Any = F(self.column)
        if not indexed:
            column = ExpressionWrapper(column + Value(datetime.timedelta()), DateTimeField())
        first = column.desc(**nulls) if self.descending != backwards else column.asc(**nulls)
        return [first, F("id").asc() if backwards else F("id").desc()]

    def parts(self) -> list["Part"]:
        """All rows: those with the instant, then those without."""
        without = Q(**{f"{self.column}__isnull": True})
        return [Part(~without), Part(without, dated=False)] if self.nullable else [Part(Q())]

    def beyond(self, *, at: datetime.datetime | None, row_id: int, backwards: bool) -> list["Part"]:
        """The rows after (or before) the one with this instant and this id."""
        tie = Q(id__gt=row_id) if backwards else Q(id__lt=row_id)
        without = Q(**{f"{self.column}__isnull": True})
        if at is None:
            here = Part(without & tie, dated=False)
            return [here, Part(~without)] if backwards else [here]
        side = "lt" if self.descending != backwards else "gt"
        # The first condition alone is a range of the index; the second settles the ties.
        further = Part(Q(**{f"{self.column}__{side}e": at}) & (Q(**{f"{self.column}__{side}": at}) | tie))
        return [further] if backwards or not self.nullable else [further, Part(without, dated=False)]


@dataclass(frozen=True)
class Part:
    """Some rows of an order, before those of the next part. Joined by OR they would be no range of the index.

    Not `dated`, they are without the instant.
    """

    condition: Q
    dated: bool = True


ORDERS = {
    "latest": Order("submitted_at", descending=True, index="request_latest"),
    "due": Order("due_at", descending=False, index="request_due", nullable=True),
}


def page(
    rows: QuerySet[Any],
    *,
    order: str = "latest",
    orders: Mapping[str, Order] = ORDERS,
    cursor: str = "",
    size: int = PAGE,
    span: QuerySet[Any] | None = None,
) -> Page:
    """One page of `rows`, by the `order` of that name among `orders`. Raises BadCursor.

    `span` are all the rows between whose dates the page is looked for, where there may be very many (see `_first`).
    One query; up to three more where the wanted are rare or the rows without the instant begin.
    """
    by = orders[order]
    backwards, parts = False, by.parts()
    if cursor:
        backwards, at, row_id = _read(cursor, order)
        parts = by.beyond(at=at, row_id=row_id, backwards=backwards)
    found: list[Any] = []
    for part in parts:
        if len(found) <= size:
            among = span.filter(part.condition) if span is not None and part.dated else None
            wanted = rows.filter(part.condition)
            found += _first(size + 1 - len(found), wanted, by=by, backwards=backwards, among=among)
    more, told = len(found) > size, found[:size]
    if backwards:
        told.reverse()
    if not told:
        return Page(told, "", "")
    return Page(
        told,
        after=_write(order, told[-1], by, backwards=False) if more or backwards else "",
        before=_write(order, told[0], by, backwards=True) if (more if backwards else cursor) else "",
    )


def _first(wanted: int, rows: QuerySet[Any], *, by: Order, backwards: bool, among: QuerySet[Any] | None) -> list[Any]:
    """The first rows of an order.

    The planner takes what is frequent to be frequent everywhere, and walks along the order until it has met enough of
    it: past half a million rows when what is looked for was frequent two winters ago. So it is first offered the first
    WALKED rows of the order only. When they do not hold enough and it would walk on, what is looked for is found before
    it is ordered; unless there is very much of it and an index of part of the rows leads along the order.
    """
    columns = by.columns(backwards=backwards)
    ordered = rows.order_by(*columns)
    if among is None:
        return list(ordered[:wanted])
    walk = among.order_by(*columns).values(by.column)[WALKED : WALKED + 1]
    side, end = ("gte", "-infinity") if by.descending != backwards else ("lte", "infinity")
    # The edge of what is walked, null where that is all; said with the rows, so as to be known without another query.
    near = ordered.annotate(edge=Subquery(walk)).filter(
        **{f"{by.column}__{side}": Coalesce(Subquery(walk), _Instant(end))}
    )
    found = list(near[:wanted])
    if len(found) == wanted or (found[0].edge if found else walk.first()) is None:
        return found
    plan = ordered[:wanted].explain()
    if f" using {by.index} " in plan or ("Sort Key" not in plan and count(rows).end):
        ordered = rows.order_by(*by.columns(backwards=backwards, indexed=False))
    return list(ordered[:wanted])


class _Instant(Func):
    """Before or after every other; Python has no such instant."""

    template = "'%(function)s'::timestamptz"
    output_field = DateTimeField()

    def __init__(self, name: str) -> None:
        super().__init__(function=name)


def count(rows: QuerySet[Any]) -> Count:
    """How many, up to COUNT_AT_MOST: a larger set is not counted to its end. One query."""
    return told(rows.order_by()[: COUNT_AT_MOST + 1].count())


def told(number: int) -> Count:
    """A number that was counted, as lists say it."""
    return Count(min(number, COUNT_AT_MOST), end=number <= COUNT_AT_MOST)


def _write(order: str, row: Any, by: Order, *, backwards: bool) -> str:
    at = getattr(row, by.column)
    facts = [order, int(backwards), at.isoformat() if at else None, row.pk]
    return cursors.write(facts)


def _read(cursor: str, order: str) -> tuple[bool, datetime.datetime | None, int]:
    try:
        written_for, backwards, at, row_id = cursors.read(cursor)
        instant = None if at is None else datetime.datetime.fromisoformat(at)
        if written_for != order or backwards not in (0, 1) or not isinstance(row_id, int):
            raise BadCursor
        if instant is not None and instant.tzinfo is None:
            raise BadCursor
    except (ValueError, TypeError):
        raise BadCursor from None
    return bool(backwards), instant, row_id
