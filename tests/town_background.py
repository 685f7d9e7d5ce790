"""A background of a few lines around the model town, in metres from its corner.

NORTH STREET  rue Saint-Pierre, west to east along y = 1500, from number 1 to 101
CROSS STREET  avenue du 6 Juin, south to north along x = 500, numbers 2 to 40
"""

from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiLineString

from basemaps.models import Landmark
from gisplatform.geo import STORAGE_SRID
from tests.town import line, point, square

STREET = Landmark.Kind.STREET


def landmark(kind: Landmark.Kind, name: str, geom: GEOSGeometry, **facts: Any) -> Landmark:
    return Landmark.objects.create(kind=kind, name=name, geom=geom, **{"city": "Modèle", **facts})


def build() -> dict[str, Landmark]:
    return {
        "saint-pierre": landmark(
            STREET, "Rue Saint-Pierre", line((0, 1500), (1000, 1500)), rank=1, numbers_from=1, numbers_to=101
        ),
        "juin": landmark(
            STREET, "Avenue du 6 Juin", line((500, 0), (500, 1000)), rank=1, numbers_from=2, numbers_to=40
        ),
        "gemare": landmark(STREET, "Rue Gémare", line((0, 100), (300, 100)), rank=3),
        "forge": landmark(STREET, "Rue de la Forge", line((0, 1900), (300, 1900)), rank=3, city="Îlot"),
        "forge-modele": landmark(STREET, "Rue de la Forge", line((0, 50), (300, 50)), rank=3),
        "loop": landmark(
            STREET,
            "Boulevard Brisé",
            MultiLineString(line((3000, 0), (3400, 0)), line((3400, 0), (3400, 600)), srid=STORAGE_SRID),
            numbers_from=100,
            numbers_to=0,
        ),
        "unnamed": landmark(STREET, "", line((700, 700), (800, 700))),
        "theatre": landmark(Landmark.Kind.STOP, "Théâtre", point((200, 1510))),
        "quartier": landmark(Landmark.Kind.PLACE, "Grâce-de-Dieu", point((600, 600))),
        "prairie": landmark(Landmark.Kind.GREEN, "La Prairie", square(2000, 0, 2400, 300), schematic=True),
    }
