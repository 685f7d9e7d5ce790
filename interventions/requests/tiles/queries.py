"""What a tile of requests holds, for whom, under which filters."""

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db.models import BigIntegerField, Case, CharField, Count, F, Max, Min, Sum, Value, When
from django.db.models.functions import Cast
from django.http import QueryDict

from gisplatform import sql
from gisplatform.geo import WEB_MERCATOR
from gisplatform.tiles import Tile
from interventions.requests.filters import RequestFilter
from interventions.requests.lifecycle import AWAITED
from interventions.requests.models import ServiceRequest
from interventions.requests.tiles.extent import Extent
from interventions.requests.tiles.grid import (
    BY_CATEGORY_UP_TO,
    BY_STATE,
    OVERVIEW,
    POINTS_FROM,
    SPOT_BITS,
    Cell,
    Window,
)
from interventions.requests.tiles.models import MapCell, MapChange, MapKind

# The filters that cells are told apart by; the two last need those that know their category.
KEPT = {"state", "department", "authority", "mine", "family", "category"}
OF_CATEGORY = {"family", "category"}
DATED = {"received_from", "received_to"}
NEAR = 12  # from this zoom on, a tile is so small that its requests are found by their place
REACH = 64 / 4096  # of a side: how far over the edge shapes are drawn
# What is late, and rare changes beside the requests (a department given to another authority), are seen after so long.
FRESH_S = 600
NO_STATE = Value("", output_field=CharField())


class Asked:
    """The filters of an address, for a person. `errors` are the form's; then nothing is to be drawn."""

    def __init__(self, query: QueryDict, *, request: Any) -> None:
        self.query, self.request = query, request
        self.errors: Any = {}
        self.names: set[str] = set()
        # A map without filters is asked for most: its tiles spare the form.
        if any(name in RequestFilter.base_filters for name in query):
            form = RequestFilter(query, queryset=ServiceRequest.objects.none(), request=request).form
            given = form.cleaned_data if form.is_valid() else {}
            self.errors = form.errors
            self.names = {name for name, value in given.items() if value not in (None, "", [])}

    @property
    def name(self) -> str:
        """Differs for who sees or asks something else."""
        user = self.request.user
        sight = (user.pk, user.department_id, sorted(user.role_codes), user.is_superuser)
        asked = [(name, self.query.getlist(name)) for name in sorted(self.names)]
        return hashlib.sha256(repr((sight, asked)).encode()).hexdigest()

    def among(self, rows: Any) -> Any:
        """Those of the rows this person may see, under the filters."""
        visible = rows.visible_to(self.request.user)
        if not self.names:
            return visible
        return RequestFilter(self.query, queryset=visible, request=self.request).qs

    @property
    def by_category(self) -> bool:
        return bool(self.names & OF_CATEGORY)

    def kept_at(self, level: int) -> bool:
        """Do the cells of this level know what is asked?"""
        return self.names <= KEPT and (not self.by_category or level <= BY_CATEGORY_UP_TO)


@dataclass(frozen=True)
class Revision:
    """`name` differs as soon as a change of any request is seen; `waiting`: some are not folded into the cells."""

    name: tuple[int, int]
    waiting: bool


def tile_of(asked: Asked, tile: Tile, *, across: int, now: datetime.datetime, seen: Revision) -> bytes:
    """The Mapbox Vector Tile of these requests: `across` cells in a row, or each request from POINTS_FROM on.

    While no change waits to be folded into the cells, they say it all.
    """
    if tile.z >= POINTS_FROM:
        return _points(asked, tile, now=now)
    window, by_state = Window.of(tile, across=across), across == BY_STATE
    if asked.kept_at(window.level) and not seen.waiting:
        return _of_kinds(_kinds(asked, seen), window, by_category=asked.by_category, by_state=by_state)
    return _counts(cells(asked, window, by_state=by_state), window)


def cells(asked: Asked, window: Window, *, by_state: bool = False) -> list[Cell]:
    """The cells of the window that hold some of these requests, with their states when asked. One query."""
    if asked.kept_at(window.level):
        kept, noted = _kept(asked, window), _noted(asked, window)
        rows = _each_state(kept, by_state).union(_each_state(noted, by_state), all=True)
    else:
        rows = _one_state(_grouped(asked, window), by_state)
    # A cell and what changed in it since come apart.
    alike: dict[tuple[int, int, str | None], list[int]] = {}
    for x, y, state, *sums in rows:
        known = alike.get((x, y, state))
        alike[x, y, state] = [a + b for a, b in zip(known, sums, strict=True)] if known else sums
    found: dict[tuple[int, int], Cell] = {}
    for (x, y, state), (count, sum_x, sum_y) in alike.items():
        if count:
            cell = found.get((x, y))
            if cell is None:
                found[x, y] = Cell(x, y, count, sum_x, sum_y, state)
            else:
                cell.count, cell.sum_x, cell.sum_y = cell.count + count, cell.sum_x + sum_x, cell.sum_y + sum_y
                cell.state = None
    return list(found.values())


def extent(asked: Asked) -> Extent:
    """Where these requests are. One query."""
    return Extent.of(cells(asked, Window(Tile(0, 0, 0), OVERVIEW)))


def revision() -> Revision:
    """One query."""
    (row,) = sql.rows(sql.load("interventions.requests.tiles", "revision"), {})
    return Revision((int(row["changes"]), int(row["numbers"])), waiting=row["waiting"] > 0)


# Rows to count have cell_x and cell_y; what they add is weight, and the sums of their spots.


def _kept(asked: Asked, window: Window) -> Any:
    """From the cells."""
    kept = MapCell.objects.filter(by_category=asked.by_category, level=window.level, kind__in=asked.among(
        MapKind.objects.filter(by_category=asked.by_category)
    ))  # fmt: skip
    # One search of the index for each column of the tile reads no cell beside it.
    columns = {"x__in": list(window.x)} if len(window.x) <= 64 else _between("x", window.x)
    placed = kept.filter(**columns, **_between("y", window.y)).annotate(cell_x=F("x"), cell_y=F("y"))
    return placed, {"count_": Sum("count"), "sum_x_": Sum("sum_x"), "sum_y_": Sum("sum_y")}


def _noted(asked: Asked, window: Window) -> Any:
    """From the changes not folded into the cells: together with them in one statement, so that none counts twice."""
    changes = asked.among(MapChange.objects.exclude(count=0)).filter(**_in_tile(window))
    count = Cast("count", BigIntegerField())
    return _placed(changes, window), {
        "count_": Sum("count"), "sum_x_": Sum(count * F("spot_x")), "sum_y_": Sum(count * F("spot_y")),
    }  # fmt: skip


def _grouped(asked: Asked, window: Window) -> Any:
    """From the requests themselves, for filters the cells do not know."""
    requests = asked.among(ServiceRequest.objects.all()).filter(**_in_tile(window))
    if window.tile.z >= NEAR and not asked.names & DATED:
        requests = requests.filter(geom__bboverlaps=_square(window.tile))
    return _placed(requests, window), {"count_": Count("pk"), "sum_x_": Sum("spot_x"), "sum_y_": Sum("spot_y")}


def _placed(rows: Any, window: Window) -> Any:
    bits = SPOT_BITS - window.level
    return rows.annotate(cell_x=F("spot_x").bitrightshift(bits), cell_y=F("spot_y").bitrightshift(bits))


def _each_state(counted: Any, by_state: bool) -> Any:
    """A row for each state in a cell."""
    rows, sums = counted
    return (
        rows.order_by()
        .values("cell_x", "cell_y", state_=F("state") if by_state else NO_STATE)
        .annotate(**sums)
        .values_list("cell_x", "cell_y", "state_", *sums)
    )


def _one_state(counted: Any, by_state: bool) -> Any:
    """A row for each cell, its state null when there are several."""
    rows, sums = counted
    grouped = rows.order_by().values("cell_x", "cell_y").annotate(**sums)
    if not by_state:
        return grouped.annotate(state_=NO_STATE).values_list("cell_x", "cell_y", "state_", *sums)
    together = grouped.annotate(least_=Min("state"), most_=Max("state"))
    alone = Case(When(least_=F("most_"), then=F("least_")), default=None)
    return together.annotate(state_=alone).values_list("cell_x", "cell_y", "state_", *sums)


def _in_tile(window: Window) -> dict[str, int]:
    return {**_between("spot_x", window.spots_x), **_between("spot_y", window.spots_y)}


def _between(name: str, numbers: range) -> dict[str, int]:
    return {f"{name}__gte": numbers.start, f"{name}__lt": numbers.stop}


def _kinds(asked: Asked, seen: Revision) -> list[int]:
    """The kinds of requests that are asked for: the same for all tiles of a map, while no request changes."""
    key = "tiles.kinds.{}.{}-{}".format(asked.name, *seen.name)
    kinds: list[int] | None = cache.get(key)
    if kinds is None:
        kinds = list(asked.among(MapKind.objects.filter(by_category=asked.by_category)).values_list("pk", flat=True))
        cache.set(key, kinds, timeout=FRESH_S)
    return kinds


def _of_kinds(kinds: list[int], window: Window, *, by_category: bool, by_state: bool) -> bytes:
    parameters = {
        "kinds": kinds,
        "by_category": by_category,
        "by_state": by_state,
        "level": window.level,
        "west": window.x.start,
        "east": window.x.stop - 1,
        "north": window.y.start,
        "south": window.y.stop - 1,
        "x": window.tile.x,
        "y": window.tile.y,
        "side": len(window.spots_x),
    }
    return bytes(sql.rows(sql.load("interventions.requests.tiles", "kept"), parameters)[0]["tile"])


def _counts(found: list[Cell], window: Window) -> bytes:
    places = [window.place(*cell.middle) for cell in found]
    parameters = {
        "counts": [cell.count for cell in found],
        "xs": [x for x, _y in places],
        "ys": [y for _x, y in places],
        "states": [cell.state or None for cell in found],
    }
    return bytes(sql.rows(sql.prepared("interventions.requests.tiles", "cells"), parameters)[0]["tile"])


def _points(asked: Asked, tile: Tile, *, now: datetime.datetime) -> bytes:
    near = asked.among(ServiceRequest.objects.all()).filter(geom__bboverlaps=_square(tile))
    parameters = {
        "ids": near.order_by().aggregate(ids=ArrayAgg("pk", default=[]))["ids"],
        **tile.as_parameters(),
        "spots": SPOT_BITS,
        "now": now,
        "awaited": [*AWAITED],
    }
    return bytes(sql.rows(sql.prepared("interventions.requests.tiles", "points"), parameters)[0]["tile"])


def _square(tile: Tile) -> Polygon:
    """The tile and what reaches into it: enough to find all of its requests by the index, before they are looked at."""
    square = Polygon.from_bbox(tile.bounds_m(REACH))
    square.srid = WEB_MERCATOR
    return square
