"""What could make the one that asked stumble is made plain before it is handed over: nesting, and words for a CRS.

The process that asked works in threads of small stacks, where a geometry of a thousand levels ends it.
"""

import re

import numpy as np
import shapely
from django.utils.translation import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.reading.source import Source

DEEPEST = 10  # collections within collections; no program nests them on purpose
LONGEST_CRS = 20_000  # characters
DEEPEST_CRS = 20
CODE = re.compile(r"(?:EPSG|ESRI|IGNF|OGC|IAU_\d{4}):[A-Za-z0-9]{1,20}", re.IGNORECASE)
# A system written out is words in brackets, numbers and names in quotes.
WORDS = re.compile(r'(?:[A-Za-z_0-9]+|[\s,.+\-\[\]()]|"[^"]*")*+')
# What has PROJ look elsewhere: for a grid, or by a formula in its own language ("+nadgrids=…").
ELSEWHERE = re.compile(r"EXTENSION|PARAMETERFILE|PROJ-based|=|@|://", re.IGNORECASE)


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
    """A CRS by its EPSG code, or written out where it is harmless; the first words of what is none."""
    if not declared:
        return declared
    try:
        crs = CRS.from_user_input(declared if len(declared) <= LONGEST_CRS else "")
    except CRSError:
        return declared[:80]
    if code := crs.to_epsg():
        return f"EPSG:{code}"
    written = crs.to_wkt()
    return written if harmless(written) else declared[:80]


def harmless(crs: str) -> bool:
    """Whether PROJ may be asked for it outside the confined process: a code, or WKT without a file or a formula.

    Nothing else does: what PROJ takes for a CRS may name files and machines.
    """
    if CODE.fullmatch(crs):
        return True
    plain = len(crs) <= LONGEST_CRS and "[" in crs and WORDS.fullmatch(crs) and not ELSEWHERE.search(crs)
    return bool(plain) and _depth(crs) <= DEEPEST_CRS


def _depth(text: str) -> int:
    depth = deepest = 0
    for letter in text:
        depth += (letter in "[(") - (letter in "])")
        deepest = max(deepest, depth)
    return deepest
