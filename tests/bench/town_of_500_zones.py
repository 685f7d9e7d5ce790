"""What is routed in the measurements: two layers of 500 and 30 zones, 30 categories, 65 rules."""

import datetime

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection

from gisplatform.geo import STORAGE_SRID
from gisplatform.models import Authority, Department
from interventions.glossary.models import Category, Family
from interventions.routing.models import RoutingRule
from layers.models import Layer, LayerVersion, Zone
from tests.bench import territory
from tests.town import NOW

SINCE = datetime.date(2020, 1, 1)
SIDE_M = 20_000
LAYERS = {"fine": 500, "coarse": 30}


def build() -> None:
    authority = Authority.objects.create(code="town", name="Town")
    departments = [
        Department.objects.create(code=f"d{number}", name=f"Department {number}", authority=authority)
        for number in range(30)
    ]
    families = [Family.objects.create(code=f"f{number}", name=f"Family {number}") for number in range(5)]
    categories = [
        Category.objects.create(code=f"c{number}", name=f"Category {number}", family=families[number % 5])
        for number in range(30)
    ]
    layers = {code: layer(code, count) for code, count in LAYERS.items()}
    halves = [[f"fine-{number}" for number in range(500) if number % 2 == half] for half in (0, 1)]
    rules = [(layers["fine"], 100, {"category": each, "zone_codes": half}) for each in categories for half in halves]
    rules += [(layers["coarse"], 200, {"family": each}) for each in families]
    for number, (where, priority, what) in enumerate(rules):
        RoutingRule.objects.create(
            code=f"r{number}", name=f"Rule {number}", layer=where, department=departments[number % 30],
            priority=priority, valid_from=SINCE, **what,
        )  # fmt: skip


def layer(code: str, count: int) -> Layer:
    made = Layer.objects.create(code=code, name=code.capitalize(), territory=code == "coarse")
    version = LayerVersion.objects.create(
        layer=made, number=1, status=LayerVersion.Status.PUBLISHED, valid_from=SINCE, imported_at=NOW
    )
    Zone.objects.bulk_create(
        Zone(
            version=version,
            code=f"{code}-{number}",
            name=f"{code.capitalize()} {number}",
            geom=MultiPolygon(GEOSGeometry(memoryview(shape.wkb)), srid=STORAGE_SRID),
        )
        for number, shape in enumerate(territory.zones(count, side_m=SIDE_M, seed=count))
    )
    return made


def spoil(version: LayerVersion) -> None:
    """Have each hundredth zone grow over its neighbours, and the one after it shrink away from them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE layers_zone SET geom = ST_Multi(ST_Buffer(geom, CASE id %% 100 WHEN 0 THEN 5 ELSE -5 END))"
            " WHERE version_id = %s AND id %% 100 < 2",
            [version.pk],
        )
        cursor.execute("ANALYZE layers_zone")


def redrawn() -> LayerVersion:
    """A draft of `fine` in which a tenth of the zones answer to the other half of the rules."""
    zones = list(Zone.objects.filter(version__layer__code="fine").order_by("id"))
    draft = LayerVersion.objects.create(layer=zones[0].version.layer, number=2, imported_at=NOW)
    codes = [each.code for each in zones]
    for number in range(0, len(codes), 20):
        codes[number : number + 2] = reversed(codes[number : number + 2])
    Zone.objects.bulk_create(
        Zone(version=draft, code=code, name=each.name, geom=each.geom) for code, each in zip(codes, zones, strict=True)
    )
    return draft
