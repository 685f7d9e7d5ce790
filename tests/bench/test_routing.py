"""Who answers: one request, and a hundred thousand."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from gisplatform import sql
from interventions.glossary.models import Category
from interventions.importing.seeding import seed
from interventions.requests.models import ServiceRequest
from interventions.routing.decide import decide_many, preview
from tests.bench import town_of_500_zones
from tests.bench.conftest import REPEATS, SIZES, best
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
# The limit: the same requests in the zones of the same layers, by the plan PostgreSQL itself chooses.
JOIN = """
    CREATE UNLOGGED TABLE bench_join AS
    SELECT request.id, zone.id AS zone_id, zone.area_m2
    FROM layers_zone AS zone
    JOIN layers_layerversion AS version ON version.id = zone.version_id
    JOIN interventions_servicerequest AS request ON ST_Intersects(zone.geom, request.geom)
    WHERE version.status = 'published'
"""
# Ours, stored likewise: an answer for each request, and each reason with its losers once.
STORED = """
    CREATE UNLOGGED TABLE bench_answer (request_id bigint, department_id bigint, border_distance_m float8, digest uuid);
    CREATE UNLOGGED TABLE bench_reason (
        digest uuid, department_id bigint, rule_id bigint, zone_id bigint, layer_version_id bigint, share float8,
        doubtful boolean, trace json
    )
"""
STORE = """
    , kept AS (
        INSERT INTO bench_reason
        SELECT digest, department_id, rule_id, zone_id, layer_version_id, share, doubtful, trace::json FROM reason
    )
    INSERT INTO bench_answer (request_id, department_id, border_distance_m, digest)
    SELECT request_id, department_id, border_distance_m, digest FROM answer
"""
# The limit of one decision: the zones of that day a place lies in or near, by name, and how far their borders are.
SEARCH = """
    PREPARE bench_search (geometry, float8, date) AS
    SELECT zone.id, zone.code, zone.name, zone.area_m2, ST_Distance(zone.geom, $1),
           ST_Distance(ST_Boundary(zone.geom), $1)
    FROM layers_zone AS zone
    JOIN layers_layerversion AS version ON version.id = zone.version_id
    WHERE ST_DWithin(zone.geom, $1, $2)
      AND version.status IN ('published', 'superseded') AND version.valid_from <= $3
      AND (version.valid_to IS NULL OR version.valid_to > $3)
"""
# The limit of giving requests to another department: that alone, in the same table with the same indexes.
GIVEN = """
    UPDATE interventions_servicerequest
    SET department_id = (SELECT min(id) FROM gisplatform_department), updated_at = now(),
        state = CASE WHEN state = 'to_sort' THEN 'to_evaluate' ELSE state END
"""
TAKEN = """
    UPDATE interventions_servicerequest
    SET department_id = NULL, state = CASE WHEN state = 'to_evaluate' THEN 'to_sort' ELSE state END
"""
# What is checked at the end of a transaction belongs to the cost of writing.
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE"


@pytest.fixture
def seeded(transactional_db):
    """Requests stored, and decided, in transactions of their own, as those of a city are."""

    def make(count: int) -> list[int]:
        town_of_500_zones.build()
        seed(count=count, now=NOW)
        tidy()
        return list(ServiceRequest.objects.values_list("pk", flat=True))

    return make


def tidy() -> None:
    """What undone runs have left is not part of what is measured."""
    run("VACUUM ANALYZE")


def run(statement: str, parameters: dict | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def without(*tables: str) -> None:
    for table in tables:
        run(f"DROP TABLE IF EXISTS {table}")


def undone(work: Callable[[], object]) -> float:
    """Seconds of `work` with what is checked at its end, in a transaction that is then undone."""
    with transaction.atomic():
        spent = best(lambda: (work(), run(CHECKED)), repeats=1)
        transaction.set_rollback(True)
    return spent


@pytest.mark.parametrize("size", SIZES)
def test_a_batch_of_decisions(ledger, seeded, size):
    ids = seeded(size)
    text = sql.load("interventions.routing", "route_many")
    head = text[: text.index("-- One decision a stored request")].rstrip().rstrip(",")
    asked = {
        "ids": ids,
        "rules_of": timezone.localdate(NOW),
        "now": NOW,
        "doubt_m": float(settings.ROUTING_DOUBT_M),
    }

    def decide() -> float:
        with transaction.atomic(), sql.large_sets():
            run(STORED)
            spent = best(lambda: run(head + STORE, asked), repeats=1)
            without("bench_answer", "bench_reason")
        return spent

    def join() -> float:
        spent = best(lambda: run(JOIN), repeats=1)
        without("bench_join")
        return spent

    # In turn, so that a machine that is faster for a while is so for both.
    rounds = [(join(), decide(), undone(lambda: decide_many(ids, now=NOW))) for _time in range(2 * REPEATS)]
    plain, decided, written = (min(each) for each in zip(*rounds, strict=True))
    # Ten thousand are decided in the time it takes to plan and to cut the zones into cells: the bars are for more.
    at_most = (4, 8) if size >= 100_000 else (12, 20)
    limit = {"limit_name": "the same join, stored by CREATE TABLE AS", "limit_value": plain}
    ledger.add(
        f"{size:,} requests × 530 zones: decisions with trace and losers", value=decided, bar=at_most[0], **limit
    )
    ledger.add(
        f"{size:,} requests × 530 zones: decided anew, written, requests pointed to it",
        value=written,
        bar=at_most[1],
        **limit,
    )


@pytest.mark.parametrize("size", SIZES)
def test_a_batch_in_which_every_request_moves(ledger, seeded, size):
    ids = seeded(size)
    run(TAKEN)
    rounds = []
    for _time in range(REPEATS):
        tidy()
        given = undone(lambda: run(GIVEN))
        tidy()
        rounds.append((given, undone(lambda: decide_many(ids, now=NOW))))
    given, moved = (min(each) for each in zip(*rounds, strict=True))
    ledger.add(
        f"{size:,} requests × 530 zones: decided, written, each given to a department", value=moved, bar=3,
        limit_name="UPDATE of their department and state alone", limit_value=given,
    )  # fmt: skip


def test_one_decision(ledger, seeded):
    seeded(1000)
    category, geom = Category.objects.first(), ServiceRequest.objects.first().geom
    run(SEARCH)
    times = 200

    def bare() -> None:
        for _time in range(times):
            with connection.cursor() as cursor:
                cursor.execute("EXECUTE bench_search (%s, %s, %s)", [geom.ewkb, 10.0, NOW.date()])
                cursor.fetchall()

    def ours() -> None:
        for _time in range(times):
            preview(category=category, geom=geom, now=NOW)

    # In turn and often: both are so short that what they cost is what they cost in a quiet moment.
    rounds = [(best(ours, repeats=1), best(bare, repeats=1)) for _time in range(20)]
    cost, limit = (min(each) / times * 1000 for each in zip(*rounds, strict=True))
    ledger.add(
        "one decision with its reasons", value=cost, unit="ms", bar=3,
        limit_name="prepared search of the zones within reach, and of their borders", limit_value=limit,
    )  # fmt: skip
