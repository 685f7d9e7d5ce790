"""The zones of a version held in memory, to find those of many points.

For a whole file the way into the database and back takes longer than the search.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import shapely
from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import AsWKB, Transform

from gisplatform.geo import WGS84
from layers.models import LayerVersion

NONE = -1


class ZoneSearch:
    """Memory grows with the zones, not with the points."""

    def __init__(self, version: LayerVersion) -> None:
        # The order of routing: in an overlap the smaller zone, then the older one.
        ordered = version.zones.annotate(wkb=AsWKB("geom")).order_by("area_m2", "pk")
        rows = list(ordered.values_list("code", "name", "wkb"))
        self.names: list[tuple[str, str]] = [(code, name) for code, name, _wkb in rows]
        self._version = version
        self._shapes = shapely.from_wkb([bytes(wkb) for _code, _name, wkb in rows])
        self._boxes = shapely.bounds(self._shapes).reshape(-1, 4)
        shapely.prepare(self._shapes)

    def find(self, xs: Sequence[float], ys: Sequence[float]) -> list[int]:
        """Where in `names` the zone of each point stands, NONE of a point that no zone holds; the border is inside."""
        order = np.argsort(xs)
        eastwards, northings = np.asarray(xs, float)[order], np.asarray(ys, float)[order]
        found = np.full(len(order), NONE)
        begins = np.searchsorted(eastwards, self._boxes[:, 0])
        ends = np.searchsorted(eastwards, self._boxes[:, 2], side="right")
        for number in reversed(range(len(self.names))):  # those that come first write last
            begin, end, (_west, south, _east, north) = begins[number], ends[number], self._boxes[number]
            strip = northings[begin:end]
            near = begin + np.flatnonzero((strip >= south) & (strip <= north))
            if len(near):
                inside = shapely.intersects_xy(self._shapes[number], eastwards[near], northings[near])
                found[near[inside]] = number
        given = np.empty_like(found)
        given[order] = found
        return [int(each) for each in given.tolist()]

    @cached_property
    def extent(self) -> tuple[float, float, float, float] | None:
        """Of all zones, in degrees."""
        told: tuple[float, float, float, float] | None = self._version.zones.aggregate(
            extent=Extent(Transform("geom", WGS84))
        )["extent"]
        return told
