"""Where an address is, and which address is here: our own tables first, then a service elsewhere where one is set."""

from dataclasses import dataclass
from typing import cast

from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils.translation import gettext as _

from basemaps import local_addresses, remote_addresses
from basemaps.address import Address
from basemaps.reading import readings
from basemaps.words import compared
from gisplatform.geo import WGS84, parse_coordinates

NEAR_M = 60.0
LONGEST_TEXT = 200  # characters
SURE = 0.9  # the score from which on nobody else is asked


@dataclass(frozen=True)
class Found:
    """`addresses` best first; `unanswered` when a service elsewhere was asked and did not answer."""

    addresses: list[Address]
    unanswered: bool = False


def search(*, text: str, limit: int = 5) -> list[Address]:
    """What `text` may mean, best first; [] when it is empty or nothing resembles it.

    Understands names with or without a house number, a city and a postcode, misspelt or abbreviated, and plain
    coordinates (one answer); raises InvalidGeometry for a pair of numbers that is nowhere.
    """
    return look_up(text=text, limit=limit).addresses


def look_up(*, text: str, limit: int = 5) -> Found:
    """As `search`, and whether the service elsewhere kept silent: then what our own tables say is all there is."""
    text = text.strip()[:LONGEST_TEXT]
    point = parse_coordinates(text)
    if point is not None:
        return Found([_at(point)])
    read = readings(text)
    own = local_addresses.search(read=read, limit=limit)
    if not read or not remote_addresses.is_set() or _is_sure(own, numbered=len(read) > 1):
        return Found(own)
    others = remote_addresses.search(text=text, limit=limit)
    if others is None:
        return Found(own, unanswered=True)
    return Found(_merged(own, others)[:limit])


def reverse(*, geom: GEOSGeometry, within_m: float = NEAR_M) -> Address | None:
    """The nearest address of a geometry in the storage CRS, else the nearest named street with its house number there.

    None when neither is near, and the service elsewhere, where one is set, knows none or does not answer.
    """
    own = local_addresses.reverse(geom=geom, within_m=within_m)
    if own is not None or not remote_addresses.is_set():
        return own
    return remote_addresses.reverse(geom=geom, within_m=within_m)


def _is_sure(own: list[Address], *, numbered: bool) -> bool:
    return bool(own) and own[0].score >= SURE and not (numbered and own[0].kind == "street" and not own[0].number)


def _merged(own: list[Address], others: list[Address]) -> list[Address]:
    """Both by their scores; of two that say the same, the better one, ours when they are as good."""
    said: dict[str, Address] = {}
    for each in sorted([*own, *others], key=lambda address: -address.score):
        said.setdefault(compared(each.label), each)
    return list(said.values())


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
