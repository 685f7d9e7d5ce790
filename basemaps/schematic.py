"""Made-up addresses along the schematic streets: for the demo, its pictures and its tests, and nothing real.

Written as a commune writes its own (BAL), so that they come in as real ones do, by the same import.
"""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import LineString

from basemaps.importing.places import to_degrees
from basemaps.importing.services import import_addresses
from basemaps.models import Landmark, Street
from gisplatform.geo import STORAGE_SRID

ASIDE_M = 6.0  # from the middle of the street to a door
EACH = 12  # a door and the one that faces it for so many numbers of a street
BIS_EACH = 72
COLUMNS = [
    "cle_interop", "commune_insee", "commune_nom", "voie_nom", "numero", "suffixe", "position", "long", "lat", "source",
]  # fmt: skip


def load_schematic_addresses(*, city: str, citycode: str) -> int:
    """Replace the made-up addresses by those of the schematic streets of a city; how many there are now."""
    Street.objects.filter(source=Street.Source.SCHEMATIC).delete()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bal.csv"
        write_schematic_addresses(path, city=city, citycode=citycode)
        return import_addresses(path=path, source=Street.Source.SCHEMATIC).imported


def write_schematic_addresses(path: Path, *, city: str, citycode: str) -> None:
    """A BAL of them: two of twelve numbers, odd ones on the left, and now and then a bis."""
    streets = Landmark.objects.filter(
        kind=Landmark.Kind.STREET, city=city, schematic=True, numbers_from__isnull=False, numbers_to__isnull=False
    )
    with path.open("w", newline="", encoding="utf-8") as target:
        rows = csv.DictWriter(target, COLUMNS, delimiter=";")
        rows.writeheader()
        for street in streets.order_by("id"):
            for number, suffix, lon, lat in _doors(street):
                rows.writerow({
                    "cle_interop": f"{citycode}_xxxx_{number:05}{f'_{suffix}' if suffix else ''}",
                    "commune_insee": citycode, "commune_nom": city, "voie_nom": street.name, "numero": number,
                    "suffixe": suffix, "position": "entrée", "long": f"{lon:.7f}", "lat": f"{lat:.7f}",
                    "source": "schématique",
                })  # fmt: skip


def _doors(street: Landmark) -> Iterator[tuple[int, str, float, float]]:
    """(number, repetition, longitude, latitude) of each."""
    line: Any = street.geom if isinstance(street.geom, LineString) else street.geom.merged
    first, last = street.numbers_from or 0, street.numbers_to or 0
    numbers = [
        (number, suffix)
        for number in range(first, last + 1)
        if number % EACH in (1, 2)
        for suffix in (("", "bis") if number % BIS_EACH == EACH + 2 else ("",))
    ]
    a_number_m = line.length / max(last - first, 1)
    doors = [
        _beside(line, a_number_m * (number - first + (0.3 if suffix else 0)), left=number % 2 == 1)
        for number, suffix in numbers
    ]
    if doors:
        xs, ys = zip(*doors, strict=True)
        lons, lats = to_degrees(STORAGE_SRID).transform(xs, ys)
        for (number, suffix), lon, lat in zip(numbers, lons, lats, strict=True):
            yield number, suffix, lon, lat


def _beside(line: Any, along_m: float, *, left: bool) -> tuple[float, float]:
    """x and y of the point `ASIDE_M` beside the line, where it is `along_m` long."""
    here = line.interpolate(min(along_m, line.length))
    before, after = line.interpolate(max(along_m - 1, 0)), line.interpolate(min(along_m + 1, line.length))
    east, north = after.x - before.x, after.y - before.y
    long = (east**2 + north**2) ** 0.5 or 1
    side = ASIDE_M / long * (1 if left else -1)
    return here.x - north * side, here.y + east * side
