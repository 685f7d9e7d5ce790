"""A CSV table with a column of outlines: WKT, EWKT, WKB in hexadecimal or GeoJSON."""

import csv
import io
import re
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading.arcs import note, straightened
from layers.reading.datasets import Dataset
from layers.reading.geojson import UNREADABLE
from layers.reading.source import Source, guessed, plain
from layers.reading.text import decode

COLUMNS = (
    "wkt", "ewkt", "geom", "geometry", "geometrie", "the_geom", "wkb_geometry", "wkb", "ewkb", "geo_shape", "shape",
)  # fmt: skip
SRID = re.compile(r"^SRID=(\d+);", re.IGNORECASE)
ARCS = object()  # what stands for a geometry that only GDAL can straighten
LONGEST_CELL = 256 * 1024**2


def read(dataset: Dataset, *, encoding: str = "") -> Source:
    text, found, guess = decode(dataset.path.read_bytes(), encoding=encoding)
    csv.field_size_limit(LONGEST_CELL)
    header = text.split("\n", 1)[0]
    delimiter = max(";,\t|", key=header.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        raise UnreadableFile(_("The file is no readable CSV table: export it again, or as GeoJSON.")) from None
    names = [plain(name.strip()) for name in rows[0]]
    column = next((names.index(name) for wanted in COLUMNS for name in names if name.lower() == wanted), None)
    if column is None:
        raise UnreadableFile(
            _("The table has no column of outlines (WKT), only: %(names)s. Export the layer as GeoJSON.")
            % {"names": ", ".join(names)[:300]}
        )
    if len(rows) == 1:
        raise UnreadableFile(_("The file holds no feature."))
    cells = [row[column].strip() if len(row) > column else "" for row in rows[1:]]
    read = [_shape(cell) for cell in cells]
    shapes, srids = [shape for shape, _srid in read], {srid for _shape, srid in read if srid}
    bent = [index for index, shape in enumerate(shapes) if shape is ARCS]
    for index, shape in zip(
        bent, straightened([SRID.sub("", cells[i]) for i in bent], dataset.path.parent), strict=True
    ):
        shapes[index] = shape
    refused = {index + 1: _(UNREADABLE) for index, cell in enumerate(cells) if cell and shapes[index] is None}
    if len(srids) > 1:
        raise UnreadableFile(_("The outlines are in several coordinate systems: bring them into one first."))
    geometries = np.empty(len(shapes), dtype=object)
    geometries[:] = shapes
    return Source(
        format="CSV",
        layer=dataset.title,
        crs=f"EPSG:{srids.pop()}" if srids else None,
        crs_from=_("declared by the SRID of its outlines"),
        geometries=geometries,
        attributes=[_attributes(names, row, column) for row in rows[1:]],
        encoding=found,
        refused=refused,
        notes=[*([guessed(found)] if guess else []), *(note(len(bent)) if bent else [])],
    )


def _shape(cell: str) -> tuple[Any, int]:
    """The geometry of a cell, None when it is empty or unreadable, ARCS when it holds some; its SRID, 0 without one."""
    srid = SRID.match(cell)
    declared = int(srid[1]) if srid else 0
    try:
        with np.errstate(over="ignore"):
            if cell.startswith("{"):
                return shapely.from_geojson(cell, on_invalid="ignore"), 0
            if re.fullmatch(r"[0-9A-Fa-f]+", cell):
                shape = shapely.from_wkb(cell, on_invalid="ignore") if len(cell) % 2 == 0 else None
                return shape, int(shapely.get_srid(shape)) if shape is not None else 0
            return shapely.from_wkt(SRID.sub("", cell), on_invalid="ignore"), declared
    except NotImplementedError:
        return ARCS, declared


def _attributes(names: list[str], row: list[str], column: int) -> dict[str, Any]:
    """A table has no types: its cells stay text, an empty one is null."""
    cells = zip(names, row, strict=False)
    return {name: plain(cell) or None for index, (name, cell) in enumerate(cells) if index != column and name}
