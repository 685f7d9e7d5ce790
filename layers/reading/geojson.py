"""GeoJSON, read by ourselves: a fault is told by its line, and values keep their JSON types."""

import json
import re
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gisplatform.errors import UnreadableFile
from layers.reading.datasets import Dataset
from layers.reading.source import Source, guessed, plain
from layers.reading.text import decode

GEOMETRIES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
}  # fmt: skip
# Some programs write them all small.
TYPES = {name.casefold(): name for name in (*GEOMETRIES, "Feature", "FeatureCollection")}
RFC_7946 = "EPSG:4326"
EPSG = re.compile(r"EPSG[:/]{1,2}(?:[\d.]+[:/])?(\d+)$", re.IGNORECASE)
UNREADABLE = gettext_noop("its geometry cannot be read (open ring, missing or wrong coordinates)")


def read(dataset: Dataset, *, encoding: str = "") -> Source:
    text, found, guess = decode(dataset.path.read_bytes(), encoding=encoding)
    document = _parsed(text)
    features = _features(document)
    if not features:
        raise UnreadableFile(_("The file holds no feature."))
    geometries, attributes, refused = [], [], {}
    for line, feature in enumerate(features, start=1):
        geometry, properties, fault = _opened(feature)
        if fault:
            refused[line] = fault
        geometries.append(geometry)
        attributes.append(properties)
    shapes = _shapes(geometries)
    for index, (geometry, shape) in enumerate(zip(geometries, shapes, strict=True)):
        if geometry is not None and shape is None:
            refused.setdefault(index + 1, _(UNREADABLE))
    return Source(
        format="GeoJSON",
        layer=dataset.title,
        crs=_declared_crs(document),
        crs_from=_("declared by its member “crs”")
        if "crs" in document
        else _("a GeoJSON without “crs” is in degrees (RFC 7946)"),
        geometries=shapes,
        attributes=attributes,
        encoding=found,
        refused=refused,
        notes=[guessed(found)] if guess else [],
    )


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated"):
            raise UnreadableFile(
                _("The file is cut short: its text stops at line %(line)s. Ask for it again.") % {"line": error.lineno}
            ) from None
        raise UnreadableFile(
            _("The file is not valid JSON: see line %(line)s, character %(column)s. Export the layer again.")
            % {"line": error.lineno, "column": error.colno}
        ) from None
    except RecursionError:
        raise UnreadableFile(_("The file is not GeoJSON: it is nested too deeply.")) from None
    if not isinstance(document, dict):
        raise UnreadableFile(_("The file is JSON but not GeoJSON: export the layer as GeoJSON."))
    return document


def _features(document: dict[str, Any]) -> list[Any]:
    kind = _type(document)
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return document["features"]
    if kind == "Feature":
        return [document]
    if _is_geometry(document):
        return [{"type": "Feature", "geometry": document, "properties": {}}]
    if kind == "Topology" or "geometryType" in document:
        raise UnreadableFile(_("The file is TopoJSON or Esri JSON: export the layer as GeoJSON."))
    raise UnreadableFile(_("The file is JSON but not GeoJSON: export the layer as GeoJSON."))


def _opened(feature: Any) -> tuple[dict[str, Any] | None, dict[str, Any], str]:
    """The feature's geometry and properties, and why it cannot be taken."""
    if not isinstance(feature, dict) or _type(feature) != "Feature":
        return None, {}, _("it is no GeoJSON feature")
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if properties is not None and not isinstance(properties, dict):
        return None, {}, _("its properties are no object")
    attributes = plain(properties or {})
    if "id" not in attributes and isinstance(feature.get("id"), str | int):
        attributes["id"] = plain(feature["id"])
    if geometry is None:
        return None, attributes, ""
    if not _is_geometry(geometry):
        return None, attributes, _(UNREADABLE)
    return geometry, attributes, ""


def _is_geometry(value: Any) -> bool:
    return isinstance(value, dict) and _type(value) in GEOMETRIES


def _type(value: dict[str, Any]) -> str:
    """The type as the standard writes it; "" where there is none."""
    kind = value.get("type")
    return TYPES.get(kind.casefold(), kind) if isinstance(kind, str) else ""


def _as_standard(geometry: dict[str, Any]) -> dict[str, Any]:
    inner = geometry.get("geometries")
    parts = {"geometries": [_as_standard(each) if _is_geometry(each) else each for each in inner]} if inner else {}
    return {**geometry, "type": _type(geometry), **parts}


def _shapes(geometries: list[dict[str, Any] | None]) -> np.ndarray:
    texts = [None if geometry is None else json.dumps(_as_standard(geometry)) for geometry in geometries]
    with np.errstate(over="ignore"):  # a coordinate too large for a float: the geometry is refused
        shapes: np.ndarray = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    return shapes


def _declared_crs(document: dict[str, Any]) -> str | None:
    """WGS 84 as RFC 7946 says, or what the `crs` member of older files names; None when that is `null`."""
    if "crs" not in document:
        return RFC_7946
    crs = document["crs"]
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    named = str(properties.get("name") or properties.get("code") or "") if isinstance(properties, dict) else ""
    if "CRS84" in named.upper():
        return RFC_7946
    if code := EPSG.search(named) or re.fullmatch(r"(\d+)", named):
        return f"EPSG:{code[1]}"
    return named or json.dumps(crs)[:80]  # whoever gave the file may know what it means
