"""The check of a layer of 5,000 zones, with all that can be wrong with them."""

import pytest
from django.db import connection

from layers.models import Finding, LayerVersion
from layers.quality import check_and_note
from tests.bench import town_of_500_zones
from tests.bench.conftest import best
from tests.bench.town_of_500_zones import SINCE

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
ZONES = 5_000
# Which zones touch which, and what they cover together: nobody finds an overlap or a gap with less.
JOIN = """
    SELECT count(*) FROM layers_zone AS one
    JOIN layers_zone AS other ON ST_Intersects(one.geom, other.geom)
    WHERE one.version_id = %(version_id)s AND other.version_id = one.version_id AND other.id > one.id
"""
UNION = "SELECT ST_Area(ST_Union(geom)) FROM layers_zone WHERE version_id = %(version_id)s"


def test_a_check(ledger):
    town_of_500_zones.layer("coarse", 30)  # the territory
    version = LayerVersion.objects.get(layer=town_of_500_zones.layer("many", ZONES))
    town_of_500_zones.spoil(version)
    with connection.cursor() as cursor:

        def bare() -> None:
            for statement in (JOIN, UNION):
                cursor.execute(statement, {"version_id": version.pk})
                cursor.fetchall()

        checked, limit = best(lambda: check_and_note(version, on=SINCE)), best(bare)
    found = version.findings.counts()
    assert found[Finding.Kind.OVERLAP, "warning"] > 200
    assert found[Finding.Kind.GAP, "warning"] > 40
    ledger.add(
        f"{ZONES:,} zones checked, findings written with their outlines", value=checked, bar=2.5,
        limit_name="join of the zones that meet, and ST_Union of all", limit_value=limit,
    )  # fmt: skip
