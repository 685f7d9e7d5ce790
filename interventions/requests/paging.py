"""Keyset paging: pages that neither skip nor repeat a row while requests keep coming in."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OrderBy, Q, QuerySet

from gisplatform import cursors
from gisplatform.cursors import BadCursor
from interventions.requests.queries import ServiceRequestQuerySet

PAGE = 50
COUNT_AT_MOST = 1000


@dataclass(frozen=True)
class Page:
    """Rows in the order of the list; `after` and `before` are the cursors of the neighbours, "" when there is none."""

    rows: list[Any]
    after: str
    before: str


@dataclass(frozen=True)
class Order:
    """An instant column and its direction, ties by id (descending). Rows without the instant come last."""

    column: str
    descending: bool
    nullable: bool = False  # said only where true: NULLS LAST would keep the index from being used

    def columns(self, *, backwards: bool) -> list[OrderBy]:
        nulls: dict[str, Any] = {"nulls_first" if backwards else "nulls_last": True} if self.nullable else {}
        column = F(self.column)
        first = column.desc(**nulls) if self.descending != backwards else column.asc(**nulls)
        return [first, F("id").asc() if backwards else F("id").desc()]

    def beyond(self, *, at: datetime.datetime | None, row_id: int, backwards: bool) -> Q:
        """The rows after (or before) the one with this instant and this id."""
        tie = Q(id__gt=row_id) if backwards else Q(id__lt=row_id)
        without = Q(**{f"{self.column}__isnull": True})
        if at is None:
            return (without & tie) | ~without if backwards else without & tie
        side = "lt" if self.descending != backwards else "gt"
        # The first condition alone is a range of the index; the second settles the ties.
        further = Q(**{f"{self.column}__{side}e": at}) & (Q(**{f"{self.column}__{side}": at}) | tie)
        return further if backwards or not self.nullable else further | without


ORDERS = {
    "latest": Order("submitted_at", descending=True),
    "due": Order("due_at", descending=False, nullable=True),
}


def page(
    rows: QuerySet[Any],
    *,
    order: str = "latest",
    orders: Mapping[str, Order] = ORDERS,
    cursor: str = "",
    size: int = PAGE,
) -> Page:
    """One page of `rows`, by the `order` of that name among `orders`. One query. Raises BadCursor."""
    by = orders[order]
    backwards, wanted = False, rows
    if cursor:
        backwards, at, row_id = _read(cursor, order)
        wanted = rows.filter(by.beyond(at=at, row_id=row_id, backwards=backwards))
    found = list(wanted.order_by(*by.columns(backwards=backwards))[: size + 1])
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


def count(requests: ServiceRequestQuerySet) -> int:
    """How many, at most COUNT_AT_MOST + 1: a larger set is not counted to its end. One query."""
    return requests.order_by()[: COUNT_AT_MOST + 1].count()


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
