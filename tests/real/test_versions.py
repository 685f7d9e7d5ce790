"""Calvados in 2016 and 2018, and the communes of Caen la Mer today: one layer, three versions, and what they do."""

import datetime
import os
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.gis.db.models.functions import PointOnSurface

from gisplatform.models import Authority, Department
from interventions.glossary.models import Category, Family
from interventions.importing.seeding import seed
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move, submit
from interventions.rerouting.models import Rerouting
from interventions.routing.models import RoutingRule
from interventions.simulating.queries import matrix as pairs
from interventions.simulating.services import order
from layers.comparing import Comparison, compare
from layers.models import Layer, LayerVersion, Zone
from layers.publishing import publish
from tests.interventions.rerouting.conftest import finish
from tests.layers.commands import run
from tests.town import NOW

DATA = Path(os.environ.get("GISPLATFORM_TEST_DATA", "")) / "communes"
pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif("GISPLATFORM_TEST_DATA" not in os.environ, reason="GISPLATFORM_TEST_DATA is not set"),
]
FILES = (
    "calvados_communes_2016_france-geojson.geojson",
    "calvados_communes_2018_france-geojson.geojson",
    "caen_la_mer_48_communes.geojson",
)
SINCE = [datetime.date(year, 1, 1) for year in (2016, 2018, 2026)]
JUNE_2017 = datetime.datetime(2017, 6, 1, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def versions(db) -> list[LayerVersion]:
    """Of 621, 537 and 48 communes, none of them published."""
    for file in FILES:
        assert run("import_layer", DATA / file, layer="communes", name="Communes").refusal == ""
    return list(LayerVersion.objects.order_by("number"))


@pytest.fixture
def graffiti(versions) -> Category:
    """A category that each commune answers for by a rule of its own."""
    authority = Authority.objects.create(code="all", name="Tous")
    category = Category.objects.create(code="graffiti", name="Graffitis", family=Family.objects.create(code="clean"))
    codes = sorted(set(Zone.objects.values_list("code", flat=True)))
    departments = Department.objects.bulk_create(Department(code=f"d{code}", authority=authority) for code in codes)
    facts = {"layer": Layer.objects.get(), "category": category, "valid_from": SINCE[0]}
    RoutingRule.objects.bulk_create(
        RoutingRule(code=f"r{code}", zone_codes=[code], department=department, **facts)
        for code, department in zip(codes, departments, strict=True)
    )
    return category


def put(version: LayerVersion, *, now: datetime.datetime = NOW) -> Rerouting:
    """Publish from its own first of January, and make every step of the re-routing that this orders."""
    publish(version, valid_from=SINCE[version.number - 1], by=None, now=now, reason="essai")
    return finish(Rerouting.objects.get(version=version), now=now)


def told(found: Comparison, kind: str) -> list[tuple[list[str], list[str]]]:
    return sorted(
        ([place.name for place in change.before], [place.name for place in change.after])
        for change in found.changes
        if change.kind == kind
    )


def test_the_comparison_names_what_became_of_the_communes(versions):
    assert (["Sannerville", "Troarn"], ["Saline"]) in told(compare(*versions[:2]), "merged")
    today = compare(*versions[1:])
    assert told(today, "merged") == [
        (["Garcelles-Secqueville", "Saint-Aignan-de-Cramesnil"], ["Le Castelet"]),
        (["Hubert-Folie", "Rocquancourt", "Tilly-la-Campagne"], ["Castine-en-Plaine"]),
    ]
    assert told(today, "split") == [(["Saline"], ["Sannerville", "Troarn"])]


def test_a_request_of_2017_keeps_its_commune_of_2017(versions, graffiti):
    put(versions[0], now=JUNE_2017)
    zones = versions[0].zones.annotate(place=PointOnSurface("geom"))
    place = zones.get(name="Rocquancourt").place
    closed, waiting = (
        submit(author=None, category=graffiti, geom=place, channel="phone", key=uuid4(), now=JUNE_2017)
        for _time in range(2)
    )
    move(request_id=closed.pk, name="refuse", actor=None, now=JUNE_2017, reason="déjà fait")
    for version in versions[1:]:
        put(version)
    for each in (closed, waiting):
        each.refresh_from_db()
    zone = closed.decision.reason.zone
    assert (zone.name, zone.version.number, closed.department.code) == ("Rocquancourt", 1, "d14538")
    # Whoever still waits is answered by the commune of today.
    zone = waiting.decision.reason.zone
    assert (zone.name, zone.version.number) == ("Castine-en-Plaine", 3)
    assert Zone.objects.in_force(JUNE_2017.date()).covering(place).get().name == "Rocquancourt"
    assert Zone.objects.in_force(NOW.date()).covering(place).get().name == "Castine-en-Plaine"


@pytest.mark.parametrize("count", [5_000, pytest.param(50_000, marks=pytest.mark.bench)])
def test_what_was_foreseen_is_what_publishing_does(versions, graffiti, count):
    put(versions[0])
    put(versions[1])
    seed(count=count, now=NOW)
    ServiceRequest.objects.update(state="to_evaluate", closed_at=None)
    simulation = order(by=None, now=NOW, version=versions[2], day=SINCE[2], at_once=True)
    foreseen = {
        request: (before, after)
        for request, before, after in simulation.moves.values_list(
            "request", "from_department__code", "to_department__code"
        )
    }
    matrix = {
        (cell.before.code or None, cell.after.code or None): cell.requests
        for cell in pairs(simulation.moves.all(), by="department")
    }
    where = ServiceRequest.objects.values_list("pk", "department__code")
    before = dict(where)

    rerouting = put(versions[2])

    done = {request: (before[request], after) for request, after in where.all() if before[request] != after}
    assert simulation.total == count
    assert foreseen == done
    assert matrix == Counter(done.values())
    moved = rerouting.moves.values_list("from_department__code", "to_department__code", "moved")
    assert matrix == {(one, other): number for one, other, number in moved}
    # The split of Saline is among them.
    assert matrix["d14712", "d14666"] > 0
