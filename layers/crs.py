"""In which CRS a file is: what it declares, what its owner says, and whether its coordinates agree.

Nothing is guessed: where the declaration is missing or cannot be true, the refusal names the likely CRS. Coordinates
change CRS in SQL, with the grids of the database server; here they are only looked at. What a file declares is read by
the confined process: here, and in the database, only codes and WKT that leads nowhere are understood.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from gisplatform.errors import UnreadableFile
from gisplatform.geo import STORAGE_SRID, WGS84
from layers.reading.plainness import harmless
from layers.reading.source import OwnerMustSay

# What French files are in, the usual first: degrees, Lambert-93, the nine conic zones, NTF Lambert II étendu, UTM, web.
USUAL = (4326, 2154, *range(3942, 3951), 27572, 32630, 32631, 32632, 3857)
FARTHEST_M = 1e9
UNKNOWN_NAMES = ("undefined", "unknown")

Bounds = np.ndarray  # n × 4: west, south, east, north, NaN for a line without geometry


@dataclass(frozen=True)
class FileCrs:
    """`srid` is its EPSG code, 0 when it has none; then `definition`, WKT, serves."""

    label: str
    srid: int
    definition: str
    geographic: bool


@dataclass(frozen=True)
class Suspicion:
    """What the coordinates say: lines (index → reason) to refuse, and notes for the report."""

    refused: dict[int, str]
    notes: list[str]


def file_crs(declared: str | None, *, wanted: str = "", bounds: Bounds) -> tuple[FileCrs, list[str]]:
    """The CRS to read the file in, and what to tell of it: `wanted` (EPSG:n) wins over what the file declares.

    Raises OwnerMustSay when there is none, naming those in which the coordinates would lie where we store them.
    """
    own = _parsed(declared) if declared else None
    illegible = bool(declared) and own is None
    if own is not None and own.name.lower().startswith(UNKNOWN_NAMES):
        own = None
    if wanted:
        said = _parsed(f"EPSG:{wanted}" if wanted.isdigit() else wanted)
        if said is None:
            raise OwnerMustSay(
                _("“%(crs)s” is no coordinate system we know: write it as EPSG:2154.") % {"crs": wanted}, wish="crs"
            )
        facts = _facts(said)
        if own is not None and _facts(own).label != facts.label:
            told = _("The file declares %(declared)s; %(wanted)s was followed, as asked.")
            return facts, [told % {"declared": _facts(own).label, "wanted": facts.label}]
        return facts, []
    if own is None:
        raise _unsaid(
            _("The file names a coordinate system we cannot read (%(crs)s).") % {"crs": (declared or "")[:80]}
            if illegible
            else _("The file does not say in which coordinate system it is."),
            bounds,
        )
    return _facts(own), []


def look(crs: FileCrs, bounds: Bounds) -> Suspicion:
    """Whether coordinates can be in this CRS. Raises OwnerMustSay when the whole file cannot."""
    present = np.isfinite(bounds).all(axis=1)
    degrees = _in_degrees(bounds)
    if present.any() and crs.geographic and not degrees[present].any():
        raise _unsaid(
            _("The file is declared in degrees (%(crs)s), but its coordinates are no degrees.") % {"crs": crs.label},
            bounds,
        )
    if present.any() and not crs.geographic and degrees[present].all():
        raise _unsaid(
            _("The file is declared in metres (%(crs)s), but its coordinates look like degrees.") % {"crs": crs.label},
            bounds,
        )
    beyond = present & ~(_storable(crs, bounds) & (degrees | (not crs.geographic)))
    reason = _("its coordinates (%(crs)s) have no place on the map") % {"crs": crs.label}
    refused = {int(index): reason for index in np.flatnonzero(beyond)}
    kept = bounds[present & ~beyond]
    inside = _within_reach(crs, kept)
    if len(kept) and not inside.any() and _within_reach(crs, kept[:, [1, 0, 3, 2]]).mean() > 0.5:
        raise UnreadableFile(
            _("Longitudes and latitudes look swapped: export the file again with longitude (east) first.")
            if crs.geographic
            else _("The coordinates look swapped: export the file again with east (X) first, then north (Y).")
        )
    notes = []
    if away := int(len(kept) - inside.sum()):
        notes.append(
            ngettext(
                "%(number)s zone lies outside the area EPSG:%(srid)s is made for: distances there are not exact.",
                "%(number)s zones lie outside the area EPSG:%(srid)s is made for: distances there are not exact.",
                away,
            )
            % {"number": away, "srid": STORAGE_SRID}
        )
    return Suspicion(refused, notes)


def likely(bounds: Bounds) -> list[str]:
    """The usual CRS, as "EPSG:n", that would put all these coordinates where both it and the storage CRS are used."""
    present = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(present):
        return []
    usual = [CRS.from_epsg(srid) for srid in USUAL]
    here = [
        facts.label
        for crs in usual
        if _within_reach(facts := _facts(crs), present).all() and _within(facts, present, crs.area_of_use).all()
    ]
    return here or (["EPSG:4326"] if _in_degrees(present).all() else [])


def named(label: str) -> str:
    """Its name ("RGF93 v1 / Lambert-93"), "" for what we do not know."""
    crs = _parsed(label)
    return str(crs.name) if crs else ""


def box_in_degrees(label: str, bounds: Bounds) -> tuple[float, float, float, float] | None:
    """West, south, east, north of all lines read in that CRS; None when they have no place in it."""
    crs = _parsed(label)
    present = bounds[np.isfinite(bounds).all(axis=1)]
    if crs is None or not len(present):
        return None
    lon, lat = _transformed(_facts(crs), WGS84, present)
    box = float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())
    return box if np.isfinite(box).all() else None


def _unsaid(sentence: str, bounds: Bounds) -> OwnerMustSay:
    """The refusal of a file whose CRS is missing or cannot be true, with those it may be in."""
    candidates = likely(bounds)
    return OwnerMustSay(f"{sentence} {_advice(candidates)}", wish="crs", choices=candidates)


def _advice(candidates: list[str]) -> str:
    if not candidates:
        return _("Ask its author which one it is, and say it as EPSG:2154.")
    if len(candidates) > 1:
        return _("It looks like %(first)s or %(second)s: say which one it is.") % {
            "first": candidates[0],
            "second": candidates[1],
        }
    return _("It looks like %(likely)s; if so, say it.") % {"likely": candidates[0]}


def _parsed(text: str) -> CRS | None:
    """A horizontal CRS on Earth; None when the text is none, or none that is harmless to ask for."""
    if not harmless(text):
        return None
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return None
    crs = crs.sub_crs_list[0] if crs.is_compound else crs.to_2d()
    return crs if crs.is_geographic or crs.is_projected else None


def _facts(crs: CRS) -> FileCrs:
    srid = crs.to_epsg() or 0
    return FileCrs(f"EPSG:{srid}" if srid else crs.name, srid, crs.to_wkt(), crs.is_geographic)


def _in_degrees(bounds: Bounds) -> np.ndarray:
    west, south, east, north = bounds.T
    slack = 1e-6  # 180.00000000000003 is met in real files
    return (west >= -180 - slack) & (south >= -90 - slack) & (east <= 180 + slack) & (north <= 90 + slack)


def _storable(crs: FileCrs, bounds: Bounds) -> np.ndarray:
    """True for each line whose corners have a place in the storage CRS."""
    corners = np.stack(_transformed(crs, STORAGE_SRID, bounds))
    return np.asarray((np.abs(corners) < FARTHEST_M).all(axis=(0, 1)))


def _within_reach(crs: FileCrs, bounds: Bounds) -> np.ndarray:
    """True for each line whose middle lies in the area the storage CRS is made for."""
    return _within(crs, bounds, CRS.from_epsg(STORAGE_SRID).area_of_use)


def _within(crs: FileCrs, bounds: Bounds, area: Any) -> np.ndarray:
    """True for each line whose middle lies in the area; for all of them where it is not known."""
    if area is None:
        return np.ones(len(bounds), dtype=bool)
    middle = np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])
    lon, lat = _transformed(crs, WGS84, middle[:, [0, 1, 0, 1]])
    return np.asarray((lon[0] >= area.west) & (lon[0] <= area.east) & (lat[0] >= area.south) & (lat[0] <= area.north))


def _transformed(crs: FileCrs, srid: int, bounds: Bounds) -> tuple[np.ndarray, np.ndarray]:
    """X and Y of two opposite corners of each line (2 × n each); infinite where there is none."""
    try:
        transformer = Transformer.from_crs(crs.definition, srid, always_xy=True)
    except ProjError:  # of another planet
        nowhere = np.full((2, len(bounds)), np.inf)
        return nowhere, nowhere
    xs, ys = transformer.transform(bounds[:, [0, 2]].T, bounds[:, [1, 3]].T)
    return np.asarray(xs), np.asarray(ys)
