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


def candidates(*, text: str, on: datetime.date) -> list[Candidate]:
    """Places that answer to a typed address or coordinates, best first; [] when nothing resembles it.

    Raises InvalidGeometry for a pair of numbers that is nowhere.
    """
    return [
        Candidate(
            label=found.label,
            zones=zones_in_words(geom=found.geom, on=on),
            position=f"{found.lon:.7f},{found.lat:.7f}",
            geom=found.geom,
            approximate=found.approximate,
        )
        for found in addresses.search(text=text, limit=AT_MOST)
    ]


def zones_in_words(*, geom: GEOSGeometry, on: datetime.date) -> str:
    """The zones in force that hold `geom` (storage CRS), the smallest first: "Rive droite · Caen"; "" outside all."""
    names = Zone.objects.in_force(on).covering(geom).order_by("area_m2", "id").values_list("name", flat=True)
    return " · ".join(dict.fromkeys(names))
