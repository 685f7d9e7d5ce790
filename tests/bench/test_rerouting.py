"""A version in which a tenth of 500 zones have changed: all open requests looked at again, step by step."""

import pytest
from django.db import connection, transaction

from interventions.importing.seeding import seed
from interventions.requests.lifecycle import OPEN
from interventions.requests.models import ServiceRequest
from interventions.rerouting.models import Rerouting
from interventions.rerouting.services import order, run
from interventions.routing.decide import decide_many
from layers.models import LayerVersion
from tests.bench import town_of_500_zones
from tests.bench.conftest import SIZES, best
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
# What is checked at the end of a transaction belongs to the cost of writing.
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


@pytest.mark.parametrize("size", SIZES[:1])
def test_open_requests_follow_a_new_version(ledger, db, size):
    town_of_500_zones.build()
    seed(count=size, now=NOW)
    ServiceRequest.objects.exclude(state__in=OPEN).update(state="to_evaluate", closed_at=None)
    version = in_force(town_of_500_zones.redrawn())
    ids = list(ServiceRequest.objects.values_list("pk", flat=True))
    run_sql(CHECKED, "ANALYZE")
    before: list[str] = []

    def undo() -> None:
        while before:
            transaction.savepoint_rollback(before.pop())
        before.append(transaction.savepoint())

    def at_once() -> None:
        decide_many(ids, now=NOW)
        run_sql(CHECKED)

    def by_steps() -> None:
        ordered = order(version=version, by=None, now=NOW, day=NOW.date(), queued=False)
        for _step in run(ordered, clock=lambda: NOW):
            run_sql(CHECKED)
        assert Rerouting.objects.get(pk=ordered.pk).looked_at == size

    limit = best(at_once, before=undo)
    cost = best(by_steps, before=undo)
    undo()
    ledger.add(
        f"{size:,} open requests × 530 zones: re-routed by steps, each move an event", value=cost, bar=2,
        limit_name="all decided and written by one statement", limit_value=limit,
    )  # fmt: skip


def in_force(draft: LayerVersion) -> LayerVersion:
    """From today, in place of the one before."""
    today = NOW.date()
    LayerVersion.objects.filter(layer=draft.layer, number=1).update(valid_to=today, status="superseded")
    LayerVersion.objects.filter(pk=draft.pk).update(valid_from=today, status="published")
    return draft


def run_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)
