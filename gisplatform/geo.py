"""Where we are: the CRS constants, and every way a geometry comes in.

Geometries are stored in `STORAGE_SRID` (metres); outside, everything speaks longitude and latitude
(`WGS84`, EPSG:4326, in that order). They change CRS here on the way in, and in SQL on the way out.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from django.conf import settings
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Point, Polygon
from django.utils.translation import gettext as _
from pyproj import Transformer

from gisplatform.errors import InvalidGeometry

STORAGE_SRID: int = settings.STORAGE_SRID
WGS84 = 4326
WEB_MERCATOR = 3857
TYPES = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}
MAX_VERTICES = 10_000
FARTHEST = 1e9  # units of the storage CRS
WIDE_M = 500_000  # in EPSG:3857, where a metre is more than one
SPARE = 0.01  # of the longer side: straight in one CRS is a little bent in another

NUMBER = r"[-+]?\d+(?:[.,]\d+)?"
PAIR = re.compile(rf"^\s*({NUMBER})\s*(?:[;\s]|,\s)\s*({NUMBER})\s*$")
PLAIN_PAIR = re.compile(r"^\s*([-+]?\d+(?:\.\d+)?)\s*,\s*([-+]?\d+(?:\.\d+)?)\s*$")


def to_storage(geom: GEOSGeometry) -> GEOSGeometry:
    """`geom` checked and brought to the storage CRS, in two dimensions.

    Raises InvalidGeometry when it is empty, invalid, too large, a collection, or cannot be projected.
    """
    if geom.geom_type not in TYPES:
        raise InvalidGeometry(_("Draw a point, a line or an area."))
    if geom.empty:
        raise InvalidGeometry(_("The place is empty: draw it again."))
    if geom.num_coords > MAX_VERTICES:
        raise InvalidGeometry(_("The drawing has too many points: simplify it."))
    if geom.srid == WGS84:
        west, south, east, north = geom.extent
        if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
            raise InvalidGeometry(_("A longitude lies between −180 and 180, a latitude between −90 and 90."))
    if not geom.valid:
        raise InvalidGeometry(_("The drawing crosses itself or is not closed: draw it again."))
    flat = GEOSGeometry(geom.wkb if not geom.hasz else _flattened(geom), srid=geom.srid)
    try:
        stored = flat if flat.srid == STORAGE_SRID else flat.transform(STORAGE_SRID, clone=True)
    except GDALException:
        raise InvalidGeometry(_("The place is too far away to be drawn on the map.")) from None
    # A tiny line or area can lose its validity in the projection's last digit.
    if not stored.valid or not all(abs(bound) < FARTHEST for bound in stored.extent):
        raise InvalidGeometry(_("The place is too far away to be drawn on the map."))
    return stored


def _flattened(geom: GEOSGeometry) -> memoryview:
    from django.contrib.gis.geos import WKBWriter

    return WKBWriter(dim=2).write(geom)


def from_geojson(value: Any) -> GEOSGeometry:
    """A GeoJSON geometry (text or parsed; longitude, latitude) in the storage CRS; raises InvalidGeometry."""
    try:
        parsed = json.loads(value) if isinstance(value, str) else value
        if not isinstance(parsed, dict) or "coordinates" not in parsed or parsed.get("type") not in TYPES:
            raise InvalidGeometry(_("Give the place as a GeoJSON Point, LineString or Polygon."))
        geom = GEOSGeometry(json.dumps(parsed))
    except (ValueError, GDALException, GEOSException, RecursionError):
        raise InvalidGeometry(_("Give the place as a GeoJSON Point, LineString or Polygon.")) from None
    geom.srid = WGS84
    return to_storage(geom)


@cache
def _degrees_to_storage() -> Transformer:
    return Transformer.from_crs(WGS84, STORAGE_SRID, always_xy=True)


@cache
def _mercator_to_storage() -> Transformer:
    return Transformer.from_crs(WEB_MERCATOR, STORAGE_SRID, always_xy=True)


def points_to_storage(lons: Sequence[float], lats: Sequence[float]) -> tuple[list[float], list[float]]:
    """x and y in the storage CRS of many points in degrees; infinite where there is no such place on the map."""
    xs, ys = _degrees_to_storage().transform(np.asarray(lons, float), np.asarray(lats, float))
    lost = ~((np.abs(xs) < FARTHEST) & (np.abs(ys) < FARTHEST) & (np.abs(lons) <= 180) & (np.abs(lats) <= 90))
    return np.where(lost, np.inf, xs).tolist(), np.where(lost, np.inf, ys).tolist()


def around_in_storage(box: Polygon) -> Polygon | None:
    """A box of the storage CRS that holds a box of EPSG:3857, with a little to spare: what an index can be asked first.

    None for a box so wide, or so far away, that the storage CRS may not reach all of it.
    """
    west, south, east, north = box.extent
    if max(east - west, north - south) > WIDE_M:
        return None
    left, bottom, right, top = _mercator_to_storage().transform_bounds(west, south, east, north)
    if not all(abs(each) < FARTHEST for each in (left, bottom, right, top)):
        return None
    spare = SPARE * max(right - left, top - bottom)
    found = Polygon.from_bbox((left - spare, bottom - spare, right + spare, top + spare))
    found.srid = STORAGE_SRID
    return found


def point(lon: float, lat: float) -> GEOSGeometry:
    """A point in the storage CRS from degrees; raises InvalidGeometry outside the world."""
    return to_storage(Point(lon, lat, srid=WGS84))


def parse_coordinates(text: str) -> GEOSGeometry | None:
    """A point in the storage CRS from what a person types; None when the text is no pair of numbers.

    Understood: "49.1829, -0.3707" (latitude first, as maps show it), "49,1829 -0,3707", "49.1829;-0.3707", and
    metres of the storage CRS "454302 6903373". Small numbers are degrees, large ones metres.
    """
    match = PLAIN_PAIR.match(text) or PAIR.match(text)
    if not match:
        return None
    first, second = (float(number.replace(",", ".")) for number in match.groups())
    if abs(first) <= 90 and abs(second) <= 180:
        return point(second, first)
    if abs(first) > 1000 and abs(second) > 1000:
        return to_storage(Point(first, second, srid=STORAGE_SRID))
    raise InvalidGeometry(_("A longitude lies between −180 and 180, a latitude between −90 and 90."))
