"""What of a file can become zones: each line is kept, or refused with its reason. Nothing is written here."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gisplatform.errors import PlatformError
from layers import crs as systems
from layers import junctions, reading
from layers.fields import Named, named

POLYGONS = {shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON}
FARTHEST_LAT = 85  # where the maps of the web end
KINDS = {
    shapely.GeometryType.POINT: gettext_lazy("it is a point"),
    shapely.GeometryType.MULTIPOINT: gettext_lazy("it is a point"),
    shapely.GeometryType.LINESTRING: gettext_lazy("it is a line"),
    shapely.GeometryType.LINEARRING: gettext_lazy("it is a line"),
    shapely.GeometryType.MULTILINESTRING: gettext_lazy("it is a line"),
    shapely.GeometryType.GEOMETRYCOLLECTION: gettext_lazy("it is a collection without a polygon"),
}


@dataclass(frozen=True)
class Wishes:
    """What the owner of a file says of it; all may be left to the file. `crs` is EPSG:n."""

    source_layer: str = ""
    crs: str = ""
    encoding: str = ""
    code_field: str = ""
    name_field: str = ""


@dataclass
class Judged:
    """The lines of a file: outlines in the file's CRS, indexes `kept`, and why (by index) the others are refused."""

    source: reading.Source
    crs: systems.FileCrs
    named: Named
    kept: list[int]
    refused: dict[int, str]
    notes: list[str] = field(default_factory=list)


class NothingTaken(PlatformError):
    """No line of the file is a zone; `refused` says why, line by line."""

    status = 422

    def __init__(self, refused: dict[int, str]) -> None:
        self.refused = lines_of(refused)
        first = "; ".join(_("line %(line)s: %(reason)s") % each for each in self.refused[:3])
        super().__init__(
            _("No zone could be taken from the file (%(first)s). Give a layer of polygons, or mend these lines.")
            % {"first": first}
        )


def lines_of(refused: dict[int, str]) -> list[dict[str, Any]]:
    """Reasons by index as the report tells them: `[{line, reason}]`, in the order of the file."""
    return [{"line": index + 1, "reason": reason} for index, reason in sorted(refused.items())]


def judge(*, path: Path, wishes: Wishes, file_name: str) -> Judged:
    """What of the file can be taken, before anything is written; raises UnreadableFile, or NothingTaken."""
    source = reading.read(path, file_name=file_name, source_layer=wishes.source_layer, encoding=wishes.encoding)
    return judge_source(source, wishes)


def judge_source(source: reading.Source, wishes: Wishes) -> Judged:
    """The same of what was read already; its geometries are changed."""
    shapes = shapely.force_2d(source.geometries)
    refused = {line - 1: reason for line, reason in source.refused.items()}
    for index, shape in enumerate(shapes):
        if index not in refused and (fault := _fault(shape)):
            refused[index] = fault
    if len(refused) == len(shapes):
        raise NothingTaken(refused)
    bounds = shapely.bounds(shapes)
    bounds[list(refused)] = np.nan
    crs, notes = systems.file_crs(source.crs, wanted=wishes.crs, bounds=bounds)
    notes += _cut_at_the_poles(shapes, bounds) if crs.geographic else []
    suspicion = systems.look(crs, bounds)
    refused |= suspicion.refused
    if len(refused) == len(shapes):
        raise NothingTaken(refused)
    kept = [index for index in range(len(shapes)) if index not in refused]
    names = named(source.attributes, kept=kept, code_field=wishes.code_field, name_field=wishes.name_field)
    refused |= names.refused
    notes += junctions.join(shapes, kept, definition=crs.definition) if crs.geographic else []
    source.geometries = shapes
    return Judged(
        source=source,
        crs=crs,
        named=names,
        kept=[index for index in kept if index not in refused],
        refused=refused,
        notes=[*source.notes, *notes, *suspicion.notes, *(names.notes)],
    )


def _fault(shape: Any) -> str:
    """Why a geometry is no zone, "" when it may be one."""
    if shape is None:
        return _("it has no geometry")
    if shape.is_empty:
        return _("its geometry is empty")
    kind = shapely.get_type_id(shape)
    if kind in POLYGONS or (kind == shapely.GeometryType.GEOMETRYCOLLECTION and _holds_polygon(shape)):
        return ""
    return _("%(what)s: a zone is a polygon") % {"what": KINDS[kind]}


def _cut_at_the_poles(shapes: np.ndarray, bounds: np.ndarray) -> list[str]:
    """Outlines in degrees that reach a pole, which has no place in metres, end before it; a note when there are any."""
    reach = (np.abs(bounds[:, [1, 3]]).max(axis=1) > FARTHEST_LAT) & (np.abs(bounds[:, [1, 3]]).max(axis=1) <= 90)
    for index in np.flatnonzero(reach):
        shapes[index] = shapely.clip_by_rect(shapes[index], -180, -FARTHEST_LAT, 180, FARTHEST_LAT)
        bounds[index] = shapely.bounds(shapes[index])
    if not reach.any():
        return []
    told = ngettext(
        "%(number)s outline reaches a pole: it was cut at %(degrees)s° of latitude.",
        "%(number)s outlines reach a pole: they were cut at %(degrees)s° of latitude.",
        int(reach.sum()),
    )
    return [told % {"number": int(reach.sum()), "degrees": FARTHEST_LAT}]


def _holds_polygon(collection: Any) -> bool:
    return any(shapely.get_dimensions(part) == 2 for part in collection.geoms)
