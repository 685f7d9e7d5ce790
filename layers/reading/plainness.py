"""What could make the one that asked stumble is made plain before it is handed over: nesting, and words for a CRS.

The process that asked works in threads of small stacks, where a geometry of a thousand levels ends it.
"""

import numpy as np
import shapely
from django.utils.translation import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.reading.source import Source

DEEPEST = 10  # collections within collections; no program nests them on purpose
LONGEST_CRS = 20_000  # characters


def refuse_nested(source: Source) -> None:
    """Collections in collections in collections: whoever walks through them does so on its stack, and falls off it."""
    parts, lines = source.geometries, np.arange(len(source.geometries))
    for _level in range(DEEPEST):
        deeper = shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION
        parts, inner = shapely.get_parts(parts[deeper], return_index=True)
        lines = lines[deeper][inner]
    for line in {int(each) for each in lines}:
        source.geometries[line] = None
        source.refused[line + 1] = _("its collections are nested too deeply")


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
