"""The zones in force as vector tiles."""

import datetime

from django.contrib.gis.db.models import Extent
from django.core.cache import cache
from django.shortcuts import get_object_or_404

from gisplatform import sql
from gisplatform.tiles import Bounds, Tile, in_degrees
from layers.models import LayerVersion

# What a client may read from each zone.
FIELDS = {"id": "Number", "code": "String", "name": "String"}


def version_in_force(code: str, *, on: datetime.date) -> LayerVersion:
    """The version of the layer valid on that day; Http404 when there is none."""
    return get_object_or_404(LayerVersion.objects.in_force(on).select_related("layer"), layer__code=code)


def version_of(code: str, number: int) -> LayerVersion:
    """That version of the layer, published or not; Http404 when there is none."""
    return get_object_or_404(LayerVersion.objects.select_related("layer"), layer__code=code, number=number)


def tile_of(version: LayerVersion, tile: Tile) -> bytes:
    """The Mapbox Vector Tile of the version's zones in that square; empty where there is none."""
    parameters = {"version_id": version.pk, "name": version.layer.code, **tile.as_parameters()}
    return bytes(sql.rows(sql.load("layers", "tile"), parameters)[0]["tile"])


def bounds_of(version: LayerVersion) -> Bounds | None:
    """West, south, east, north of the version's zones in degrees; kept, as the zones of a version do not change."""
    key = f"layers.bounds.{version.pk}"
    bounds: Bounds | None = cache.get(key)
    if bounds is None:
        extent = version.zones.aggregate(extent=Extent("geom_3857"))["extent"]
        bounds = in_degrees(extent) if extent else None
        cache.set(key, bounds, timeout=3600)
    return bounds
