"""What a file would become, told before anything is stored: what it holds, how it is understood, what is left open."""

import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.db.models import Extent
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from pyproj import Geod

from gisplatform import sql
from gisplatform.errors import PlatformError
from gisplatform.tiles import in_degrees
from layers import crs as systems
from layers import outlines, reading
from layers.judging import Judged, NothingTaken, Wishes, judge_source, lines_of
from layers.models import Zone
from layers.reading import OwnerMustSay, Source

EXAMPLES = 3
EXAMPLE_LENGTH = 40
DRAWN_AT_MOST, DRAWN_BYTES = 3_000, 2_000_000
FAR_KM = 1  # nearer to the territory than this is no reason for doubt
# What the objects of a file are, by the name that geometries bear in it.
KINDS = {
    "Point": ngettext_lazy("%(number)s point", "%(number)s points", "number"),
    "LineString": ngettext_lazy("%(number)s line", "%(number)s lines", "number"),
    "Polygon": ngettext_lazy("%(number)s polygon", "%(number)s polygons", "number"),
    "MultiPolygon": ngettext_lazy("%(number)s polygon of parts", "%(number)s polygons of parts", "number"),
    "GeometryCollection": ngettext_lazy("%(number)s collection", "%(number)s collections", "number"),
    "": ngettext_lazy("%(number)s without geometry", "%(number)s without geometry", "number"),
}
SAME = {"LinearRing": "LineString", "MultiLineString": "LineString", "MultiPoint": "Point"}

Told = dict[str, Any]  # what JSON can hold: it waits beside the file
Box = tuple[float, float, float, float]


def preview(*, path: Path, file_name: str, wishes: Wishes, on: datetime.date) -> tuple[Told, dict[str, Any]]:
    """What to tell of the file, and its outlines as GeoJSON for a map. Nothing is written.

    `question` is there when its owner has to say something first, `refusal` when nothing can be taken as it is; the
    territory is that of the day `on`. Raises UnreadableFile when the file cannot be opened at all.
    """
    try:
        source = reading.read(path, file_name=file_name, source_layer=wishes.source_layer, encoding=wishes.encoding)
    except OwnerMustSay as question:
        return {"layers": _layers(question.found), "question": _asked(question, [])}, _drawn([])
    told = _of_source(source)
    bounds = shapely.bounds(source.geometries)
    try:
        judged = judge_source(source, wishes)
    except OwnerMustSay as question:
        choices = _reasons(question.choices, bounds, on) if question.wish == "crs" else []
        return {**told, "question": _asked(question, choices)}, _drawn([])
    except NothingTaken as nothing:
        return {**told, "refusal": str(nothing), "refused": nothing.refused}, _drawn([])
    except PlatformError as refusal:
        return {**told, "refusal": str(refusal)}, _drawn([])
    rows = [
        row
        for batch in outlines.batches(judged.kept)
        for row in outlines.run(sql.load("layers", "preview_zones"), judged, batch)
    ]
    return {**told, **_of_judged(judged, rows, wishes, on)}, _drawn(rows, judged)


def _asked(question: OwnerMustSay, choices: list[dict[str, str]]) -> Told:
    choices = choices or [{"value": each, "why": ""} for each in question.choices]
    return {"wish": question.wish, "sentence": str(question), "choices": choices}


def _of_source(source: Source) -> Told:
    kinds = Counter(_kind(shape.geom_type if shape is not None else "") for shape in source.geometries)
    return {
        "format": source.format,
        "layers": _layers(source.found),
        "layer": source.layer,
        "lines": len(source.geometries),
        "kinds": [KINDS[kind] % {"number": count} for kind, count in kinds.most_common()],
        "encoding": source.encoding,
        "fields": _fields(source.attributes),
        "notes": source.notes,
    }


def _kind(name: str) -> str:
    return SAME.get(name, name)


def _layers(found: list[reading.Found]) -> list[Told]:
    """The layers of the file: their name, what they hold in words, their CRS."""
    told = []
    for each in found:
        kind = _kind(each.geometry.split(" ")[0])  # "Polygon Z" is a polygon
        counted = each.features is not None and kind in KINDS and each.geometry
        holds = KINDS[kind] % {"number": each.features} if counted else ""
        told.append({"name": each.name, "holds": holds or (each.features or ""), "crs": each.crs})
    return told


def _fields(attributes: list[dict[str, Any]]) -> list[Told]:
    """Each field with its first few different values, and on how many lines it says something."""
    names = dict.fromkeys(name for row in attributes for name in row)
    found = []
    for name in names:
        values = [str(row[name]) for row in attributes if row.get(name) not in (None, "", [], {})]
        examples = list(dict.fromkeys(values))[:EXAMPLES]
        found.append({"name": name, "filled": len(values), "examples": [each[:EXAMPLE_LENGTH] for each in examples]})
    return found


def _of_judged(judged: Judged, rows: list[dict[str, Any]], wishes: Wishes, on: datetime.date) -> Told:
    taken = {row["line"] for row in rows}
    refused = judged.refused | {i: _("nothing polygonal is left of it") for i in judged.kept if i + 1 not in taken}
    box = _box([(row["west"], row["south"], row["east"], row["north"]) for row in rows])
    source = judged.source
    told: Told = {
        "zones": len(rows),
        "refused": lines_of(refused),
        "repaired": [{"line": row["line"], "area_change_m2": row["area_change_m2"]} for row in rows if row["repaired"]],
        "code_field": judged.named.code_field,
        "name_field": judged.named.name_field,
        "crs": {
            "label": judged.crs.label,
            "name": systems.named(judged.crs.label),
            "from": _("said by you") if wishes.crs else source.crs_from,
        },
        "bounds": box,
        "notes": [*judged.notes, *_repeated(judged, taken), *_away(box, on)],
    }
    return told if rows else {**told, "refusal": str(NothingTaken(refused))}


def _repeated(judged: Judged, taken: set[int]) -> list[str]:
    codes = Counter(judged.named.codes[line - 1] for line in taken)
    twice = sorted(code for code, count in codes.items() if count > 1)
    if not twice:
        return []
    told = ngettext(
        "%(number)s code is borne by several zones (%(codes)s): choose another field, or it cannot be published.",
        "%(number)s codes are borne by several zones (%(codes)s): choose another field, or it cannot be published.",
        len(twice),
    )
    return [told % {"number": len(twice), "codes": ", ".join(twice[:5])}]


def _reasons(labels: list[str], bounds: Any, on: datetime.date) -> list[dict[str, str]]:
    """Why each CRS is likely: its name, and where the coordinates would then lie."""
    found = []
    for label in labels:
        box = systems.box_in_degrees(label, bounds)
        away = _km_away(box, on) if box else None
        where = _("where this CRS is used")
        if away is not None:
            far = _("%(km)s km from the territory") % {"km": number_format(away, 0)}
            where = _("on the territory") if away < FAR_KM else far
        found.append({"value": label, "why": f"{systems.named(label)}, {where}"})
    return found


def _away(box: Box | None, on: datetime.date) -> list[str]:
    away = _km_away(box, on) if box else None
    if away is None or away < FAR_KM:
        return []
    return [
        _("These outlines lie %(km)s km from the territory served: see whether their coordinate system is right.")
        % {"km": number_format(away, 0)}
    ]


def _km_away(box: Box, on: datetime.date) -> float | None:
    """How far the box is from that of the territory in force; 0 where they meet, None without a territory."""
    zones = Zone.objects.in_force(on).of_territory()
    extent = zones.aggregate(extent=Extent("geom_3857"))["extent"]
    if extent is None:
        return None
    line = shapely.shortest_line(shapely.box(*box), shapely.box(*in_degrees(extent)))
    return float(Geod(ellps="WGS84").geometry_length(line)) / 1000


def _box(boxes: list[Box]) -> Box | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _drawn(rows: list[dict[str, Any]], judged: Judged | None = None) -> dict[str, Any]:
    """The outlines for a map, as many as it can bear; `left_out` says how many were too many."""
    features, size = [], 0
    for row in rows[:DRAWN_AT_MOST]:
        size += len(row["outline"])
        if size > DRAWN_BYTES or judged is None:
            break
        code, name = judged.named.codes[row["line"] - 1], judged.named.names[row["line"] - 1]
        properties = {"code": code, "name": name, "repaired": row["repaired"]}
        features.append({"type": "Feature", "properties": properties, "geometry": json.loads(row["outline"])})
    return {"type": "FeatureCollection", "features": features, "left_out": len(rows) - len(features)}
