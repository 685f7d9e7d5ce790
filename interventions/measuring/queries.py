"""Counts of requests. All are counted among the requests given: those of a list, under its filters.

Four counts go together: received, how many there are; open and closed, by their state now (received = open + closed);
late, those of the open ones somebody still awaits past the announced date.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import PointOnSurface, SnapToGrid, Transform
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
)  # fmt: skip
from django.db.models.functions import JSONObject

from gisplatform.geo import WGS84
from interventions.requests.lifecycle import AWAITED, ENDED, OPEN, State
from interventions.requests.queries import ServiceRequestQuerySet
from layers.models import Zone
from layers.zones import ZoneQuerySet

MEASURES = ("received", "open", "late", "closed")
# What requests are told apart by: the key of a row, and its name.
BY = {
    "authority": ("department__authority__code", "department__authority__name"),
    "department": ("department__code", "department__name"),
    "family": ("category__family__code", "category__family__name"),
    "category": ("category__code", "category__name"),
    "state": ("state", "state"),
}
DAY_S = 86_400
FINE_CELL_M, FINE_UP_TO = 10, 20_000  # a map of so many requests shows each within 10 m
CELLS_ACROSS = 256


@dataclass(frozen=True)
class Row:
    """Counts of what has this key. None: nobody answers yet, or no zone holds it."""

    key: str | None
    name: str
    received: int = 0
    open: int = 0
    late: int = 0
    closed: int = 0


@dataclass(frozen=True)
class Figures:
    received: int
    open: int
    late: int
    closed: int
    days_to_close: float | None  # the median, of those that are closed


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def median_days(among: Q | None = None) -> Any:
    """The median time to close, in days; of those `among`. Seconds are sorted several times faster than intervals."""
    took = F("closed_at") - F("submitted_at")
    seconds = Func(took, template="date_part('epoch', %(expressions)s)", output_field=FloatField())
    return Median(seconds, filter=among) / Value(float(DAY_S))


def counts(now: datetime.datetime) -> dict[str, Aggregate]:
    return {
        # Not by their key, which the indexes of these figures do not hold.
        "received": Count("submitted_at"),
        "open": Count("submitted_at", filter=Q(state__in=OPEN)),
        "late": Count("submitted_at", filter=Q(state__in=AWAITED, due_at__lt=now)),
        "closed": Count("submitted_at", filter=Q(state__in=ENDED)),
    }


def figures(requests: ServiceRequestQuerySet, *, now: datetime.datetime) -> Figures:
    """One query."""
    return Figures(**requests.aggregate(**counts(now), days_to_close=median_days()))


def breakdown(requests: ServiceRequestQuerySet, *, by: str, now: datetime.datetime) -> list[Row]:
    """A row for each key of `by` (BY) that occurs, the most received first. One query."""
    key, name = BY[by]
    rows = requests.order_by().values(told_key=F(key), told_name=F(name)).annotate(**counts(now))
    found = [Row(key=row.pop("told_key"), name=row.pop("told_name") or "", **row) for row in rows]
    if by == "state":
        found = [Row(**{**vars(row), "name": str(dict(State.choices)[row.key or ""])}) for row in found]
    return in_order(found)


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The most received first."""
    return sorted(rows, key=lambda row: (-row.received, row.name, row.key or ""))


def by_zone(requests: ServiceRequestQuerySet, *, layer: str, on: datetime.date, now: datetime.datetime) -> list[Row]:
    """A row for each code of the layer's zones in force that day, and one without key for what meets none of them.

    A request counts in every zone it meets, border included, once for each code. Driven from the zones, each looking
    up its requests in the GiST index of their places; looking up the zones of each request takes several times as long.
    Three queries, and one for each number of zones that requests have in common.
    """
    zones = Zone.objects.in_force(on).filter(version__layer__code=layer)
    inside = requests.filter(geom__intersects=OuterRef("geom"))
    if zones.values("code").annotate(pieces=Count("pk")).filter(pieces__gt=1).exists():
        # Several zones share a code: what an earlier one holds is not counted again.
        inside = inside.exclude(Exists(_earlier(zones)))
    told = Subquery(_together(inside, now))
    rows: dict[str, Row] = {}
    held = [np.array([], dtype=np.int64)]
    for code, name, found in zones.annotate(told=told).order_by("id").values_list("code", "name", "told"):
        held.append(np.array(found["ids"] or [], dtype=np.int64))
        before = rows.get(code, Row(key=code, name=name))
        rows[code] = Row(key=code, name=before.name, **{each: getattr(before, each) + found[each] for each in MEASURES})
    known = in_order(rows.values())
    outside = _outside(requests, known, np.concatenate(held), now)
    return [*known, Row(key=None, name="", **outside)] if outside["received"] else known


def _outside(
    requests: ServiceRequestQuerySet, rows: Iterable[Row], held: np.ndarray, now: datetime.datetime
) -> dict[str, int]:
    """Counts of what meets no zone: all, without those of the rows, each once. `held` are their ids."""
    left = requests.aggregate(**counts(now))
    for row in rows:
        left = {each: left[each] - getattr(row, each) for each in MEASURES}
    ids, zones = np.unique(held, return_counts=True)
    for number in np.unique(zones[zones > 1]):
        again = requests.filter(pk__in=ids[zones == number].tolist()).aggregate(**counts(now))
        left = {each: left[each] + (int(number) - 1) * again[each] for each in MEASURES}
    return {each: max(0, number) for each, number in left.items()}  # a request may move on between two queries


def _earlier(zones: ZoneQuerySet) -> ZoneQuerySet:
    """From inside a request inside a zone: zones with its code, an earlier number, and the same request."""
    zone = {name: OuterRef(OuterRef(name)) for name in ("version", "code", "id")}
    return zones.filter(
        version=zone["version"], code=zone["code"], id__lt=zone["id"], geom__intersects=OuterRef("geom")
    )


def _together(requests: ServiceRequestQuerySet, now: datetime.datetime) -> Any:
    """The four counts and the `ids` as one value: a sub-select has one column."""
    # The constant is what Django groups by: all rows make one.
    one = requests.order_by().annotate(one=Value(1)).values("one")
    return one.annotate(told=JSONObject(**counts(now), ids=ArrayAgg("pk"))).values("told")


def cells(requests: ServiceRequestQuerySet) -> list[tuple[float, float, int]]:
    """Where they crowd: longitude, latitude and count of each square of a grid that holds some.

    The squares are of 10 m for 20,000 requests, wider for more, so that a file stays light. Two queries, or three.
    """
    if requests.count() <= FINE_UP_TO:
        size = FINE_CELL_M
    else:
        west, south, east, north = requests.aggregate(extent=Extent("geom"))["extent"]
        size = max(FINE_CELL_M, round(max(east - west, north - south) / CELLS_ACROSS))
    cell = Transform(SnapToGrid(PointOnSurface("geom"), size), WGS84)
    rows = requests.order_by().annotate(
        lon=Func(cell, function="ST_X", output_field=FloatField()),
        lat=Func(cell, function="ST_Y", output_field=FloatField()),
    )
    found = rows.values_list("lon", "lat").annotate(held=Count("pk")).order_by("lon", "lat")
    return [(round(lon, 5), round(lat, 5), held) for lon, lat, held in found]
