"""What a draft would move, of all requests there are."""

import pytest
from django.db import connection

from interventions.importing.seeding import seed
from interventions.simulating.models import SimulatedMove, Simulation
from interventions.simulating.services import play, replayed
from tests.bench import town_of_500_zones
from tests.bench.conftest import SIZES, best
from tests.bench.test_routing import JOIN, run, without
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
DAY = NOW.date()
SIZE = max(SIZES)  # of few requests, laying out the zones is most of the cost


def test_a_draft_played_through(ledger):
    town_of_500_zones.build()
    seed(count=SIZE, now=NOW)
    since = town_of_500_zones.SINCE
    facts = {"day": DAY, "rules_of": DAY, "since": since, "created_at": NOW, "total": replayed(since).count()}
    simulation = Simulation.objects.create(version=town_of_500_zones.redrawn(), **facts)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; ANALYZE")
    plain = best(lambda: run(JOIN), before=lambda: without("bench_join"))
    played = best(lambda: play(simulation_id=simulation.pk), before=SimulatedMove.objects.all().delete)
    simulation.refresh_from_db()
    assert (simulation.state, simulation.done) == ("ready", SIZE)
    assert SIZE / 20 < simulation.moves.count() < SIZE / 5
    ledger.add(
        f"{SIZE:,} requests × 530 zones: what a draft would move", value=played, bar=6,
        limit_name="the same join, stored by CREATE TABLE AS", limit_value=plain,
    )  # fmt: skip
