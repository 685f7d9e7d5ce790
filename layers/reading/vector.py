"""Formats that GDAL reads for us. Drivers are held to the kind we saw in the file, arcs become straight lines."""

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.utils.translation import gettext as _
from pyogrio import raw

from gisplatform.errors import UnreadableFile
from layers.reading import shapefile
from layers.reading.arcs import told_of_arcs
from layers.reading.datasets import Dataset
from layers.reading.kinds import Kind
from layers.reading.source import Found, Source, plain

DRIVERS = {
    Kind.GEOPACKAGE: {"GPKG"},
    Kind.SHAPEFILE: {"ESRI Shapefile"},
    Kind.FLATGEOBUF: {"FlatGeobuf"},
    Kind.KML: {"KML", "LIBKML"},
    Kind.GML: {"GML"},
    Kind.MAPINFO: {"MapInfo File"},
    Kind.GEODATABASE: {"OpenFileGDB"},
}
OPTIONS = {Kind.GML: {"DOWNLOAD_SCHEMA": "NO", "WRITE_GFS": "NO"}}
# What KML's own way of drawing leaves in every feature.
DRAWING = {
    "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet",
}  # fmt: skip
FAULTS = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError, pyogrio.errors.GeometryError, pyogrio.errors.CRSError, UnicodeDecodeError,
)  # fmt: skip
COUNTED_LAYERS = 60  # a file of more is told without counts


def layers(dataset: Dataset) -> list[Found]:
    """The layers of the dataset that have geometries, in its order."""
    if dataset.kind is Kind.SHAPEFILE and not dataset.path.with_suffix(".shx").exists():
        # A lost index is written anew, beside our copy. The setting is this process's, which reads this file alone.
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    with _gdal(dataset):
        listed = pyogrio.list_layers(dataset.path)
    found = [Found(str(name), geometry=str(kind)) for name, kind in listed if kind is not None]
    if not found and dataset.kind.single:
        raise _damaged(dataset)
    return [_measured(dataset, each) for each in found] if len(found) <= COUNTED_LAYERS else found


def _measured(dataset: Dataset, found: Found) -> Found:
    """With its count and its CRS; as it was where the layer cannot be opened, which is told when it is chosen."""
    try:
        with _gdal(dataset):
            facts = pyogrio.read_info(dataset.path, layer=found.name, **OPTIONS.get(dataset.kind, {}))
    except UnreadableFile:
        return found
    count = int(facts["features"])
    return replace(found, features=count if count >= 0 else None, crs=facts["crs"] or "")


def read(dataset: Dataset, *, layer: str, encoding: str = "") -> Source:
    decoded = shapefile.encoding_of(dataset.path, wanted=encoding) if dataset.kind is Kind.SHAPEFILE else None
    with _gdal(dataset):
        facts = pyogrio.read_info(dataset.path, layer=layer, **OPTIONS.get(dataset.kind, {}))
        if facts["driver"] not in DRIVERS[dataset.kind]:
            raise UnreadableFile(_("The file is not the %(format)s it seems to be.") % {"format": dataset.kind.value})
        meta, _fids, wkb, columns = raw.read(
            dataset.path,
            layer=layer,
            encoding=shapefile.LATIN_1 if decoded else encoding or None,
            force_2d=True,
            datetime_as_string=True,
            **OPTIONS.get(dataset.kind, {}),
        )
        arcs = told_of_arcs(dataset, layer=layer)
    if wkb is None or not len(wkb):
        raise UnreadableFile(_("The file holds no feature."))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    unreadable = [i + 1 for i, (bytes_, shape) in enumerate(zip(wkb, shapes, strict=True)) if bytes_ and shape is None]
    return Source(
        format=dataset.kind.value,
        layer=dataset.title if dataset.kind.single else layer,
        crs=meta["crs"],
        crs_from=_("declared by its .prj file") if dataset.kind is Kind.SHAPEFILE else _("declared by the file"),
        geometries=shapes,
        attributes=_attributes(
            meta, columns, len(wkb), text=decoded.decoded if decoded else str, kml=dataset.kind is Kind.KML
        ),
        encoding=decoded.name if decoded else meta["encoding"],
        refused={line: _("its kind of geometry is not one we read") for line in unreadable},
        notes=[*(decoded.notes if decoded else []), *arcs],
    )


@contextmanager
def _gdal(dataset: Dataset) -> Iterator[None]:
    """GDAL's faults as sentences. Its warnings are about its own doings; what matters of them is checked by us."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FAULTS:
        raise _damaged(dataset) from None


def _damaged(dataset: Dataset) -> UnreadableFile:
    return UnreadableFile(
        _("The %(format)s file is damaged, cut short or incomplete: ask for it again, or export it again.")
        % {"format": dataset.kind.value}
    )


def _attributes(
    meta: dict[str, Any], columns: list[np.ndarray], count: int, *, text: Callable[[str], str], kml: bool
) -> list[dict[str, Any]]:
    names = [text(str(name)) for name in meta["fields"]]
    values = {
        plain(name): _values(column, str(kind), str(subtype), text)
        for name, column, kind, subtype in zip(names, columns, meta["ogr_types"], meta["ogr_subtypes"], strict=True)
        if not (kml and name in DRAWING)
    }
    if kml:
        values = {name: column for name, column in values.items() if any(value is not None for value in column)}
    return [{name: column[index] for name, column in values.items()} for index in range(count)]


def _values(column: np.ndarray, ogr_type: str, subtype: str, text: Callable[[str], str]) -> list[Any]:
    """A column as JSON values: numpy makes a number of every whole number or yes/no in a column that has a hole."""
    if subtype == "OFSTBoolean":
        return [None if _hole(value) else bool(value) for value in column]
    if ogr_type.startswith("OFTInteger") and column.dtype.kind != "O":
        return [None if _hole(value) else int(value) for value in column]
    if column.dtype.kind == "f":  # by its shortest writing: 1.1 in single precision is not 1.100000023841858
        return [None if _hole(value) else float(str(value)) for value in column]
    return [None if _hole(value) else _value(value, subtype, text) for value in column]


def _hole(value: Any) -> bool:
    return value is None or (isinstance(value, float | np.floating) and not np.isfinite(value))


def _value(value: Any, subtype: str, text: Callable[[str], str]) -> Any:
    match value:
        case str() if subtype == "OFSTJSON":
            try:
                return plain(json.loads(value))
            except ValueError:
                return plain(value)
        case str():
            return plain(text(value))
        case bytes():
            return value.hex()
        case np.ndarray():
            return plain(value.tolist())
        case _:
            return value
