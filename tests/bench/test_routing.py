"""Who answers: one request, and a hundred thousand."""

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from gisplatform import sql
from interventions.glossary.models import Category
from interventions.importing.seeding import seed
from interventions.requests.models import ServiceRequest
from interventions.routing.decide import AS_USUAL, HASHING, decide_many, preview
from tests.bench import town_of_500_zones
from tests.bench.conftest import SIZES, best
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
JOIN = """
    CREATE UNLOGGED TABLE bench_join AS
    SELECT subject.id, zone.id AS zone_id, zone.area_m2
    FROM layers_zone AS zone
    JOIN bench_subject AS subject ON ST_Intersects(zone.geom, subject.geom)
"""


@pytest.fixture
def seeded(db):
    def make(count: int) -> list[int]:
        town_of_500_zones.build()
        seed(count=count, now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("CREATE UNLOGGED TABLE bench_subject AS SELECT id, geom FROM interventions_servicerequest")
            cursor.execute("CREATE INDEX ON bench_subject USING gist (geom)")
            cursor.execute("ANALYZE")
        return list(ServiceRequest.objects.values_list("pk", flat=True))

    return make


def run(statement: str, parameters: dict | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def without(*tables: str) -> None:
    for table in tables:
        run(f"DROP TABLE IF EXISTS {table}")


@pytest.mark.parametrize("size", SIZES)
def test_a_batch_of_decisions(ledger, seeded, size):
    ids = seeded(size)
    plain = best(lambda: run(JOIN), before=lambda: without("bench_join"))
    text = sql.load("interventions.routing", "route_many")
    head = text[: text.index("-- One decision a stored request")].rstrip().rstrip(",")
    asked = {
        "ids": ids,
        "rules_of": timezone.localdate(NOW),
        "now": NOW,
        "doubt_m": float(settings.ROUTING_DOUBT_M),
    }
    run(HASHING)
    decided = best(
        lambda: run(f"CREATE UNLOGGED TABLE bench_answer AS {head} SELECT * FROM answer", asked),
        before=lambda: without("bench_answer"),
    )
    run(AS_USUAL)
    limit = {"limit_name": "the same join, stored by CREATE TABLE AS", "limit_value": plain}
    ledger.add(f"{size:,} requests × 530 zones: decisions with trace and losers", value=decided, bar=4, **limit)
    written = best(lambda: decide_many(ids, now=NOW), repeats=1)
    ledger.add(f"{size:,} requests × 530 zones: decisions written, requests moved", value=written, bar=8, **limit)


def test_one_decision(ledger, seeded):
    seeded(1000)
    category, geom = Category.objects.first(), ServiceRequest.objects.first().geom
    run("PREPARE bench_probe (geometry) AS SELECT id FROM layers_zone WHERE ST_Intersects(geom, $1)")
    times = 200

    def bare() -> None:
        with connection.cursor() as cursor:
            for _time in range(times):
                cursor.execute("EXECUTE bench_probe (%s)", [geom.ewkb])
                cursor.fetchall()

    def ours() -> None:
        for _time in range(times):
            preview(category=category, geom=geom, now=NOW)

    ledger.add(
        "one decision with its reasons", value=best(ours) / times * 1000, unit="ms", bar=3,
        limit_name="prepared search of the zones", limit_value=best(bare) / times * 1000,
    )  # fmt: skip
