"""Where a request is when nobody clicks on a map: what a typed address or pair of coordinates may mean."""

import datetime
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry

from basemaps import addresses
from layers.models import Zone

AT_MOST = 5


@dataclass(frozen=True)
class Candidate:
    """A place that `text` may mean; `position` is its longitude and latitude as the form sends them back."""

    label: str
    zones: str
    position: str
    geom: GEOSGeometry  # in the storage CRS
    approximate: bool


@dataclass(frozen=True)
class Meant:
    """`candidates` best first; `unanswered` when a service that may have known more was asked and kept silent."""

    candidates: list[Candidate]
    unanswered: bool


def meant(*, text: str, on: datetime.date) -> Meant:
    """Places that answer to a typed address or coordinates; none when nothing resembles it.

    Raises InvalidGeometry for a pair of numbers that is nowhere.
    """
    found = addresses.look_up(text=text, limit=AT_MOST)
    candidates = [
        Candidate(
            label=each.label,
            zones=zones_in_words(geom=each.geom, on=on),
            position=f"{each.lon:.7f},{each.lat:.7f}",
            geom=each.geom,
            approximate=each.approximate,
        )
        for each in found.addresses
    ]
    return Meant(candidates, unanswered=found.unanswered)


def zones_in_words(*, geom: GEOSGeometry, on: datetime.date) -> str:
    """The zones in force that hold `geom` (storage CRS), the smallest first: "Rive droite · Caen"; "" outside all."""
    names = Zone.objects.in_force(on).covering(geom).order_by("area_m2", "id").values_list("name", flat=True)
    return " · ".join(dict.fromkeys(names))
