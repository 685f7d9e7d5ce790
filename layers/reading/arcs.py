"""Arcs of circles become straight lines: GDAL does it, and we say how far from the arc they may be."""

import csv
from pathlib import Path

import pyogrio
import shapely
from django.utils.translation import ngettext
from pyogrio import raw

from layers.reading.datasets import Dataset
from layers.reading.kinds import Kind

FORMATS = {Kind.GEOPACKAGE, Kind.FLATGEOBUF, Kind.GML, Kind.GEODATABASE}
BENT = ("CURVEPOLYGON", "COMPOUNDCURVE", "CIRCULARSTRING", "MULTICURVE", "MULTISURFACE")
WITHIN_CM, AT_RADIUS_KM = 1, 1  # what `apart.ARC_STEP_DEGREES` comes to


def told_of_arcs(dataset: Dataset, *, layer: str) -> list[str]:
    """A note on the lines of the layer that may hold arcs, as they were stored; none where there are none."""
    if dataset.kind not in FORMATS:
        return []
    kinds = ", ".join(f"'{kind}'" for kind in (*BENT, *(f"{kind} Z" for kind in BENT)))
    name = layer.replace('"', '\\"')
    query = f'SELECT OGR_GEOMETRY FROM "{name}" WHERE OGR_GEOMETRY IN ({kinds})'  # noqa: S608 (their file, our copy)
    _meta, fids, _wkb, _columns = raw.read(
        dataset.path, sql=query, sql_dialect="OGRSQL", read_geometry=False, return_fids=True
    )
    return note(len(fids)) if fids is not None and len(fids) else []


def note(count: int) -> list[str]:
    told = ngettext(
        "%(number)s outline may hold arcs: they became straight lines, %(cm)s cm at most from an arc of %(km)s km.",
        "%(number)s outlines may hold arcs: they became straight lines, %(cm)s cm at most from an arc of %(km)s km.",
        count,
    )
    return [told % {"number": count, "cm": WITHIN_CM, "km": AT_RADIUS_KM}]


def straightened(texts: list[str], folder: Path) -> list[shapely.Geometry | None]:
    """Outlines written with arcs (WKT, or WKB in hexadecimal) without them; None for what is no outline."""
    if not texts:
        return []
    table = folder / "arcs.csv"
    with table.open("w", newline="", encoding="utf-8") as sink:
        csv.writer(sink).writerows([["number", "WKT"], *enumerate(texts)])
    try:
        _meta, _fids, wkb, _columns = raw.read(table, force_2d=True)
    except pyogrio.errors.DataSourceError:
        return [None] * len(texts)
    return list(shapely.from_wkb(wkb, on_invalid="ignore"))
