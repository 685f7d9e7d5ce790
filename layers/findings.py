"""Questions about the findings of a check. Their id tells their order: what is worst comes first."""

import json
from typing import Any, Self

from django.contrib.gis.db.models.functions import AsGeoJSON, Transform
from django.db import models
from django.db.models import Count, F, FloatField, Func

from gisplatform.geo import WGS84

PAGE = 100  # rows of a list on a page, and outlines on its map
DECIMALS = 8  # of degrees: a millimetre, as some gaps are hardly wider
AXES = {"lon": "ST_X", "lat": "ST_Y"}


class FindingQuerySet(models.QuerySet):
    def like(self, *, kind: str = "", severity: str = "") -> Self:
        """Those of a kind and of a severity; "" is any."""
        wanted = {"kind": kind, "severity": severity}
        return self.filter(**{name: value for name, value in wanted.items() if value})

    def told(self) -> Self:
        """In their order, without their outlines; each with `lon` and `lat`, a point in it (degrees)."""
        spot = Transform(Func(F("geom"), function="ST_PointOnSurface"), WGS84)
        axes = {name: Func(spot, function=axis, output_field=FloatField()) for name, axis in AXES.items()}
        return self.order_by("pk").defer("geom").annotate(**axes)

    def page(self, *, after: int, size: int | None = None) -> tuple[list[Any], int | None]:
        """At most `size` (PAGE) beyond the id `after`; and the id that the next page follows, None at the end."""
        size = size or PAGE
        rows: list[Any] = list(self.filter(pk__gt=after).order_by("pk").defer("geom")[: size + 1])
        return rows[:size], rows[size - 1].pk if len(rows) > size else None

    def outlines(self, *, after: int) -> dict[str, Any]:
        """Those of a page as a GeoJSON FeatureCollection; properties are severity, lon and lat. One query."""
        outline = AsGeoJSON(Transform("geom", WGS84), precision=DECIMALS)
        rows = self.told().filter(pk__gt=after).values_list("pk", "severity", "lon", "lat", outline)[:PAGE]
        features = [
            {
                "type": "Feature",
                "id": pk,
                "properties": {"severity": severity, "lon": lon, "lat": lat},
                "geometry": json.loads(geometry),
            }
            for pk, severity, lon, lat, geometry in rows
        ]
        return {"type": "FeatureCollection", "features": features}

    def counts(self) -> dict[tuple[str, str], int]:
        """How many of each kind and severity; what does not occur is left out. One query."""
        rows = self.order_by().values_list("kind", "severity").annotate(found=Count("pk"))
        return {(kind, severity): found for kind, severity, found in rows}
