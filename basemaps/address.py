"""What an address is to those who ask for one."""

from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry


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
    name: str = ""  # of the street, stop or place
    citycode: str = ""
    postcode: str = ""
    schematic: bool = False  # drawn for demonstration
    score: float = 1.0  # 0 to 1: how well it answers what was typed
    away_m: float | None = None  # from the place asked about; None in a search
