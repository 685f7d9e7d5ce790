"""Positions as files give them, in degrees and in the storage CRS."""

from collections.abc import Sequence
from functools import cache

from pyproj import Transformer

from basemaps.importing.rows import Row
from gisplatform.geo import WGS84, points_to_storage

LAMBERT_93 = 2154
# The legal CRS of the metres, by the first three digits of the commune; Lambert-93 elsewhere.
OVERSEAS = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "975": 4467, "976": 4471, "977": 5490, "978": 5490}


def degrees(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """Longitudes and latitudes; infinite where metres lie nowhere."""
    lons, lats = [row.east for row in rows], [row.north for row in rows]
    for place, row in enumerate(rows):
        if row.metres:
            lons[place], lats[place] = to_degrees(OVERSEAS.get(row.citycode[:3], LAMBERT_93)).transform(
                row.east, row.north
            )
    return lons, lats


def stored(lons: list[float], lats: list[float]) -> tuple[list[float], list[float]]:
    """x and y in the storage CRS; infinite where there is no such place on the map."""
    return points_to_storage(lons, lats)


@cache
def to_degrees(srid: int) -> Transformer:
    """From metres of a CRS to longitude and latitude."""
    return Transformer.from_crs(srid, WGS84, always_xy=True)
