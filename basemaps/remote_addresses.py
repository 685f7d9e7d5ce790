"""Addresses from a service elsewhere: the national one, or an addok of one's own. Off unless its address is set.

Both speak the same: `/search/?q=…` and `/reverse/?lon=…&lat=…`, answered by a GeoJSON FeatureCollection. What goes out
is what was typed as an address, or a place.
"""

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, Point

from basemaps import background
from basemaps.address import Address
from basemaps.asking import ask
from gisplatform import geo
from gisplatform.errors import InvalidGeometry

SHORTEST = 3  # letters: they answer nothing to less
STREETS = {"housenumber", "street"}


def is_set() -> bool:
    return bool(settings.ADDRESS_URL)


def search(*, text: str, limit: int) -> list[Address] | None:
    """What the service finds, best first, nearest to the territory of two as good; None when it did not answer."""
    if len(text) < SHORTEST:
        return []
    found = _asked("search", {"q": text, "limit": limit, "autocomplete": 1, **_middle()})
    return None if found is None else found[:limit]


def reverse(*, geom: GEOSGeometry, within_m: float) -> Address | None:
    """The nearest address that the service knows within reach; None when it knows none, or did not answer."""
    lon, lat = cast("Point", geom.point_on_surface.transform(geo.WGS84, clone=True)).coords
    for address in _asked("reverse", {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}) or []:
        away_m = address.geom.distance(geom)
        if away_m <= within_m:
            return Address(**{**vars(address), "away_m": away_m, "score": 1.0})
    return None


def _asked(what: str, facts: dict[str, Any]) -> list[Address] | None:
    url = f"{settings.ADDRESS_URL}/{what}/?{urlencode(facts)}"
    answer = ask(url, within_s=settings.ADDRESS_TIMEOUT_MS / 1000, kept_s=settings.ADDRESS_CACHE_S)
    if answer == {}:
        return []
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list):
        return None
    return [address for address in map(_address, features) if address]


def _middle() -> dict[str, str]:
    """Of the background, which shows what the city is about; {} when there is none."""
    bounds = background.facts(background.version()).bounds
    if bounds is None:
        return {}
    west, south, east, north = bounds
    return {"lat": f"{(south + north) / 2:.4f}", "lon": f"{(west + east) / 2:.4f}"}


def _address(feature: Any) -> Address | None:
    """None of what is no address with a place: others may be in the same answer."""
    try:
        said = feature["properties"]
        lon, lat = map(float, feature["geometry"]["coordinates"][:2])
        score = min(1.0, max(0.0, float(said.get("score", 0))))
        geom = geo.point(lon, lat)
    except (TypeError, KeyError, ValueError, AttributeError, InvalidGeometry):
        return None
    name, city, kind = _text(said, "name"), _text(said, "city"), _text(said, "type")
    number = _text(said, "housenumber")
    if not (name or _text(said, "label")):
        return None
    street = _text(said, "street") or name.removeprefix(number).strip()
    return Address(
        label=(f"{name}, {city}" if city and city != name else name) or _text(said, "label"),
        street=street if kind in STREETS else "",
        name=street if kind in STREETS else name,
        number=number,
        city=city,
        citycode=_text(said, "citycode"),
        postcode=_text(said, "postcode"),
        geom=geom,
        lon=lon,
        lat=lat,
        approximate=kind != "housenumber",
        kind="street" if kind in STREETS else "place",
        score=round(score, 3),
    )


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return str(value).strip() if isinstance(value, (str, int)) else ""
