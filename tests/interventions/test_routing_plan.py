"""How a batch is worked out: from the zones, whatever the number of requests."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db import connection, transaction

from gisplatform import sql
from interventions.importing.seeding import seed
from interventions.requests.models import ServiceRequest
from tests.town import NOW, SQUARES

REQUESTS = 3000
SIDE = 10  # small squares a side of the town's own


@pytest.fixture
def busy_town(town):
    """A town of 400 small zones and 3,000 requests."""
    for code in SQUARES:
        town.rule(code.lower())
    steps = np.linspace(0, 2000, 2 * SIDE + 1).round().astype(int).tolist()
    squares = {
        f"{x}-{y}": (x, y, east, north)
        for x, east in itertools.pairwise(steps)
        for y, north in itertools.pairwise(steps)
    }
    town.publish("squares", squares, valid_from=NOW.date().replace(day=1))
    seed(count=REQUESTS, now=NOW)
    return town


def plan() -> dict[str, Any]:
    """What PostgreSQL does to decide all requests, counted while it does."""
    ids = list(ServiceRequest.objects.values_list("pk", flat=True))
    asked = {"ids": ids, "rules_of": NOW.date(), "now": NOW, "doubt_m": float(settings.ROUTING_DOUBT_M)}
    with transaction.atomic(), sql.large_sets(), connection.cursor() as cursor:
        cursor.execute("ANALYZE interventions_servicerequest, layers_zone")
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql.load("interventions.routing", "route_many"), asked)
        (told,) = cursor.fetchone()
    return (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", []):
        yield from nodes(below)


def test_a_batch_is_driven_from_the_zones(busy_town):
    found = list(nodes(plan()))
    zones = [each for each in found if each.get("Relation Name") == "layers_zone"]
    assert zones
    # Zones are read a few times as a whole, never searched for one request.
    assert max(each["Actual Loops"] for each in zones) <= 1
    # Nor is anything else done once a request: loops are those of cells and rules.
    assert max(each["Actual Loops"] for each in found) < REQUESTS


def test_a_batch_reads_the_requests_as_a_whole(busy_town):
    reads = [each for each in nodes(plan()) if each.get("Relation Name") == "interventions_servicerequest"]
    scans = [each for each in reads if "Scan" in each["Node Type"]]
    assert scans
    assert all(each["Actual Loops"] == 1 for each in scans)
