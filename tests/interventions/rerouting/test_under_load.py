"""A version of 500 zones is published while fifty requests a second come in.

Each is routed by one version or the other, none is refused or lost, and those of before follow.
"""

import datetime
import itertools
import threading
import time
from collections import Counter
from uuid import uuid4

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from gisplatform.geo import STORAGE_SRID
from interventions.requests.models import ServiceRequest
from interventions.requests.services import submit
from interventions.rerouting.models import Rerouting
from interventions.routing.models import Decision
from layers.models import LayerVersion, Zone
from layers.publishing import publish
from tests import town as model_town
from tests.bench import territory
from tests.interventions.rerouting.worker import Worker
from tests.town import NOW

pytestmark = pytest.mark.django_db(transaction=True)
A_SECOND, BEFORE_S, AFTER_S, HANDS = 50, 2, 2, 8
SIDE_M, ZONES = 20_000, 500


@pytest.fixture
def city(transactional_db):
    """500 zones answered by two departments in turn, and 500 others to publish."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE"
        )  # not Django's table: it is not emptied after a test
    town = model_town.build()
    town.layers["squares"].versions.all().delete()
    nine_days_ago = timezone.localdate() - datetime.timedelta(days=9)
    outlines(town.layers["squares"], seed=1, status="published", valid_from=nine_days_ago)
    for half, department in enumerate(("even", "odd")):
        town.rule(department, zones=tuple(f"z{number}" for number in range(2 * ZONES) if number % 2 == half))
    return town


def outlines(layer, *, seed: int, **facts) -> LayerVersion:
    version = LayerVersion.objects.create(layer=layer, number=layer.versions.count() + 1, imported_at=NOW, **facts)
    Zone.objects.bulk_create(
        Zone(
            version=version, code=f"z{number}", name=f"Zone {number}",
            geom=MultiPolygon(GEOSGeometry(memoryview(shape.wkb)), srid=STORAGE_SRID),
        )
        for number, shape in enumerate(territory.zones(ZONES, side_m=SIDE_M, seed=seed))
    )  # fmt: skip
    return version


class Callers:
    """So many people who log requests at an even pace until they are told to stop."""

    def __init__(self, town) -> None:
        self.town, self.over = town, threading.Event()
        self.made: list[int] = []
        self.faults: list[BaseException] = []
        self.turns = itertools.count()
        self.began = time.monotonic()
        self.threads = [threading.Thread(target=self._log) for _ in range(HANDS)]
        for each in self.threads:
            each.start()

    def _log(self) -> None:
        try:
            while not self.over.is_set():
                turn = next(self.turns)
                time.sleep(max(0.0, self.began + turn / A_SECOND - time.monotonic()))
                place = model_town.Point(
                    territory.WEST + 300 + turn * 7919 % (SIDE_M - 600),
                    territory.SOUTH + 300 + turn * 104_729 % (SIDE_M - 600),
                    srid=STORAGE_SRID,
                )
                request = submit(
                    author=None, category=self.town.categories["graffiti"], geom=place, channel="web", key=uuid4(),
                    now=timezone.now(),
                )  # fmt: skip
                self.made.append(request.pk)
        except Exception as fault:  # noqa: BLE001  told by the assertion of the test
            self.faults.append(fault)
        finally:
            connections.close_all()

    def __enter__(self) -> "Callers":
        return self

    def __exit__(self, *_fault: object) -> None:
        self.over.set()
        for each in self.threads:
            each.join()
        self.lasted_s = time.monotonic() - self.began


def test_what_comes_in_meanwhile_is_routed_once_and_none_of_it_is_lost(city, letterbox, mail_settings, tmp_path):
    version = outlines(city.layers["squares"], seed=2)
    with Worker(tmp_path / "worker.log", a_step=50, mail_port=mail_settings.EMAIL_PORT) as worker:
        worker.wait(lambda: ProcrastinateWorker.objects.exists())
        with Callers(city) as callers:
            time.sleep(BEFORE_S)
            publish(version, valid_from=timezone.localdate(), by=None, now=timezone.now(), reason="essai de charge")
            committed_by = timezone.now()
            worker.wait(lambda: Rerouting.objects.get().ended_at is not None)
            time.sleep(AFTER_S)
        worker.wait(lambda: not ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).exists(), at_most_s=90)
        worker.stop()
    assert callers.faults == []
    assert len(callers.made) / callers.lasted_s > 0.9 * A_SECOND, "the machine did not follow"
    assert set(ServiceRequest.objects.values_list("pk", flat=True)) == set(callers.made)
    first = Decision.objects.order_by("request_id", "id").distinct("request_id")
    versions = Counter(first.values_list("reason__layer_version__number", flat=True))
    assert versions.keys() == {1, 2}, "the publication did not fall among them"
    assert versions.total() == len(callers.made)
    # decided_at is read before the statement is sent: after the commit the old zones answer nobody any more.
    assert not first.filter(reason__layer_version__number=1, decided_at__gte=committed_by).exists()
    # Of all decisions, the first ones and those of the pass.
    assert not Decision.objects.exclude(reason__zone__version=F("reason__layer_version")).exists()
    assert not Decision.objects.exclude(reason__zone__geom__intersects=F("request__geom")).exists()
    now_by = Counter(ServiceRequest.objects.values_list("decision__reason__layer_version__number", flat=True))
    assert now_by == {2: len(callers.made)}
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}
