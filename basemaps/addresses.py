"""Where an address is, and which address is here: from the background's own streets, stops and places."""

import re
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils.translation import gettext as _

from gisplatform import sql
from gisplatform.geo import WGS84, parse_coordinates

NEAR_M = 60.0
LONGEST_TEXT = 200  # characters
MOST_READINGS = 4

# A house number anywhere in a text: "12", "12 bis", "12b"; the d of "12 d'Auge" is not a part of it.
NUMBER = re.compile(r"(?<!\S)(\d{1,4})(?:\s*(bis|ter|quater|[a-d]))?(?=[\s,]|$)", re.IGNORECASE)
POSTCODE = re.compile(r"(?<!\S)\d{5}(?=[\s,]|$)")
# What people write for short, as a whole word; names are stored in full.
SHORT = {
    "all": "allée", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "bvd": "boulevard",
    "ch": "chemin", "fg": "faubourg", "gal": "général", "imp": "impasse", "mal": "maréchal", "pl": "place",
    "qu": "quai", "r": "rue", "rte": "route", "sq": "square", "st": "saint", "ste": "sainte",
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """A place with words. `geom` is a point in the storage CRS; `approximate` when it was computed along a street."""

    label: str
    street: str
    number: str
    city: str
    geom: GEOSGeometry
    lon: float
    lat: float
    approximate: bool
    kind: str
    score: float = 1.0  # 0 to 1: how well it answers what was typed
    away_m: float | None = None  # from the place asked about; None in a search


def search(*, text: str, limit: int = 5) -> list[Address]:
    """What `text` may mean, best first; [] when it is empty or nothing resembles it.

    Understands names with or without a house number, a city and a postcode, misspelt or abbreviated, and plain
    coordinates (one answer); raises InvalidGeometry for a pair of numbers that is nowhere.
    """
    text = text.strip()[:LONGEST_TEXT]
    point = parse_coordinates(text)
    if point is not None:
        return [_at(point)]
    readings = _readings(text)
    if not readings:
        return []
    rows = sql.rows(
        sql.load("basemaps", "addresses"),
        {
            "texts": [words for words, _number, _written in readings],
            "numbers": [number for _words, number, _written in readings],
            "max_items": limit,
        },
    )
    written = {number: as_written for _words, number, as_written in readings}
    return [_address(row, number=written.get(row["number"], "")) for row in rows]


def reverse(*, geom: GEOSGeometry, within_m: float = NEAR_M) -> Address | None:
    """The nearest named street of a geometry in the storage CRS, with its house number; None when none is near."""
    rows = sql.rows(sql.load("basemaps", "nearest_address"), {"geom": geom.ewkb, "within_m": within_m})
    if not rows:
        return None
    row = rows[0] | {"kind": "street", "approximate": True}
    return _address(row, number="" if row["number"] is None else str(row["number"]))


def _readings(text: str) -> list[tuple[str, int | None, str]]:
    """What a text may be: words, house number, the number as written. As typed first, then without each number.

    "12 avenue du 6 juin" is a name with a 12 and a 6 in it, or number 12 of a name, or number 6 of another.
    """
    whole = POSTCODE.sub(" ", text) if re.search(r"[^\W\d]", text) else text
    whole = " ".join(SHORT.get(word.lower().rstrip("."), word) for word in whole.split())
    found: list[tuple[str, int | None, str]] = [(whole, None, "")]
    for match in NUMBER.finditer(whole):
        rest = whole[: match.start()] + whole[match.end() :]
        found.append((rest, int(match[1]), " ".join(filter(None, match.groups()))))
    return [reading for reading in found[:MOST_READINGS] if re.search(r"\w", reading[0])]


def _address(row: dict[str, Any], *, number: str) -> Address:
    name, city = row["name"], row["city"]
    named = f"{number} {name}" if number else name
    return Address(
        label=f"{named}, {city}" if city else named,
        street=name if row["kind"] == "street" else "",
        number=number,
        city=city,
        geom=GEOSGeometry(memoryview(row["geom"])),
        lon=row["lon"],
        lat=row["lat"],
        approximate=row["approximate"],
        kind=row["kind"],
        score=round(float(row.get("score", 1)), 3),
        away_m=row.get("away_m"),
    )


def _at(point: GEOSGeometry) -> Address:
    lon, lat = cast("Point", point.transform(WGS84, clone=True)).coords
    near = reverse(geom=point)
    written = f"{lat:.5f}, {lon:.5f}"
    return Address(
        label=_("%(coordinates)s (near %(address)s)") % {"coordinates": written, "address": near.label}
        if near
        else written,
        street=near.street if near else "",
        number="",
        city=near.city if near else "",
        geom=point,
        lon=lon,
        lat=lat,
        approximate=False,
        kind="coordinates",
    )
