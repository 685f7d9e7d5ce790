"""Addresses from our own tables: those that were imported, then the background's streets, stops and places."""

from collections.abc import Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from basemaps.address import Address
from basemaps.reading import Reading
from basemaps.words import COMMON
from gisplatform import sql


def search(*, read: Sequence[Reading], limit: int) -> list[Address]:
    """What these readings of a text may mean, best first; [] when nothing resembles them. One statement."""
    if not read:
        return []
    rows = sql.rows(
        sql.load("basemaps", "addresses"),
        {
            "words": [each.words for each in read],
            "told": [each.told for each in read],
            "queries": [each.query for each in read],
            "numbers": [each.number for each in read],
            "suffixes": [each.suffix for each in read],
            "common": sorted(COMMON),
            "postcode": read[0].postcode,
            "max_items": limit,
        },
    )
    return [_address(row, number=_number(row, read[row["reading"] - 1])) for row in rows]


def reverse(*, geom: GEOSGeometry, within_m: float) -> Address | None:
    """The nearest address of a geometry in the storage CRS, else the nearest named street with its number there."""
    rows = sql.rows(sql.load("basemaps", "nearest_address"), {"geom": geom.ewkb, "within_m": within_m})
    if not rows:
        return None
    row = rows[0] | {"kind": "street"}
    number = "" if row["number"] is None else f"{row['number']} {row['suffix']}".strip()
    return _address(row, number=number)


def _number(row: dict[str, Any], reading: Reading) -> str:
    """As it is stored; as it was typed when the address itself is not known."""
    if row["number"] is None:
        return ""
    return reading.written if row["suffix"] is None else f"{row['number']} {row['suffix']}".strip()


def _address(row: dict[str, Any], *, number: str) -> Address:
    name, city = row["name"], row["city"]
    named = f"{number} {name}" if number else name
    town = f"{city} ({row['old_city']})" if row["old_city"] else city
    return Address(
        label=f"{named}, {town}" if town else named,
        street=name if row["kind"] == "street" else "",
        name=name,
        number=number,
        city=city,
        citycode=row["citycode"],
        postcode=row["postcode"],
        geom=GEOSGeometry(memoryview(row["geom"])),
        lon=row["lon"],
        lat=row["lat"],
        approximate=row["approximate"],
        schematic=row["schematic"],
        kind=row["kind"],
        score=round(float(row.get("score", 1)), 3),
        away_m=row.get("away_m"),
    )
