"""What could make the one that asked stumble is made plain before it is handed over: nesting, and words for a CRS.

The process that asked works in threads of small stacks, where a geometry of a thousand levels ends it.
"""

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.reading.source import Geometries, Source

DEEPEST = 10  # collections within collections; no program nests them on purpose
LONGEST_CRS = 20_000  # characters


def flatten(source: Source, *, reason: str) -> None:
    """Collections hold no collections any more; lines nested deeper than DEEPEST are refused for this reason."""
    for index in _collections(source.geometries):
        flat = _flat(source.geometries[index])
        source.geometries[index] = flat
        if flat is None:
            source.refused.setdefault(index + 1, reason)


def plain_crs(declared: str | None) -> str | None:
    """A CRS by its EPSG code or as WKT; the first words of what is none."""
    if not declared:
        return declared
    try:
        crs = CRS.from_user_input(declared if len(declared) <= LONGEST_CRS else "")
    except CRSError:
        return declared[:80]
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.to_wkt()


def _collections(geometries: Geometries) -> list[int]:
    kinds = shapely.get_type_id(geometries)
    return [int(index) for index in (kinds == shapely.GeometryType.GEOMETRYCOLLECTION).nonzero()[0]]


def _flat(collection: shapely.Geometry) -> shapely.Geometry | None:
    parts = shapely.get_parts(collection)
    for _level in range(DEEPEST):
        if not _collections(parts):
            return shapely.geometrycollections(parts) if len(parts) else shapely.GeometryCollection()
        parts = shapely.get_parts(parts)
    return None
