"""The offline background as vector tiles, and what a map must know about it before the first."""

from dataclasses import dataclass

from django.contrib.gis.db.models import Extent
from django.core.cache import cache
from django.db.models import Max, QuerySet

from basemaps.models import Landmark
from gisplatform import sql
from gisplatform.tiles import Bounds, Tile, in_degrees

FIELDS = {kind: {"name": "String", "rank": "Number"} for kind in Landmark.Kind.values} | {
    "label": {"name": "String", "of": "String"}
}
# Where people live and move: roads, water and railways run far out of the picture.
INHABITED = (Landmark.Kind.STOP, Landmark.Kind.PLACE)


@dataclass(frozen=True)
class Facts:
    """`bounds` in degrees; None when there is no background. `schematic`: drawn for demonstration."""

    bounds: Bounds | None
    schematic: bool


def tile_of(tile: Tile) -> bytes:
    """The Mapbox Vector Tile of that square, a layer for each kind of landmark; empty where there is nothing."""
    return bytes(sql.rows(sql.load("basemaps", "background"), tile.as_parameters())[0]["tile"])


def version() -> int:
    """A number that grows with every loading; 0 when there is no background."""
    return Landmark.objects.aggregate(newest=Max("id"))["newest"] or 0


def facts(of_version: int) -> Facts:
    """Computed once for each version."""
    key = f"basemaps.facts.{of_version}"
    found: Facts | None = cache.get(key)
    if found is None:
        extent = _extent(Landmark.objects.filter(kind__in=INHABITED)) or _extent(Landmark.objects.all())
        found = Facts(
            bounds=in_degrees(extent) if extent else None,
            schematic=Landmark.objects.filter(schematic=True).exists(),
        )
        cache.set(key, found, timeout=3600)
    return found


def _extent(landmarks: QuerySet[Landmark]) -> tuple[float, float, float, float] | None:
    extent: tuple[float, float, float, float] | None = landmarks.aggregate(extent=Extent("geom_3857"))["extent"]
    return extent
