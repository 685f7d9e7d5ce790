"""What others do while a pass goes on: neither their work nor the pass loses anything."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from interventions.rerouting import services
from interventions.rerouting.models import Rerouting
from layers.publishing import publish
from tests import town as model_town
from tests.interventions.rerouting.conftest import CHANGES_HANDS, draft, finish, told
from tests.town import FAR_AWAY, NOW, SQUARES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ruled(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")  # not emptied after a test
    town = model_town.build()
    for code in SQUARES:
        town.rule(code.lower(), zones=(code,))
    return town


class Slow(threading.Thread):
    """Does something in a transaction, and commits when it is told to."""

    def __init__(self, act) -> None:
        super().__init__()
        self.daemon = True
        self.act, self.done, self.commit = act, threading.Event(), threading.Event()
        self.start()
        assert self.done.wait(10)

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.act()
                self.done.set()
                assert self.commit.wait(20)
        finally:
            connections.close_all()

    def end(self) -> None:
        self.commit.set()
        self.join()


def jobs() -> list[dict]:
    rows = ProcrastinateJob.objects.filter(task_name=services.REROUTE).order_by("id").values_list("args", flat=True)
    return list(rows)


def test_what_was_routed_by_the_version_before_and_not_yet_committed_is_waited_for(ruled):
    ruled.request(FAR_AWAY)  # reasons that all share are written: writers of a new one wait for each other
    slow = Slow(lambda: ruled.request(CHANGES_HANDS))
    publish(draft(ruled), valid_from=NOW.date(), by=None, now=NOW)
    rerouting = Rerouting.objects.get()
    services.step(rerouting_id=rerouting.pk, now=NOW)
    rerouting.refresh_from_db()
    assert rerouting.begun_at is None
    waits_for = jobs()[-1]["waits_for"]
    assert len(waits_for) == 1
    other = Slow(lambda: ruled.request(CHANGES_HANDS))  # routed by the new version: nobody waits for it
    slow.end()
    services.step(rerouting_id=rerouting.pk, now=NOW, waits_for=waits_for)
    rerouting.refresh_from_db()
    assert (rerouting.begun_at, rerouting.total) == (NOW, 2)
    other.end()
    finish(rerouting)
    assert Counter(ServiceRequest.objects.values_list("department__code", flat=True)) == {"west": 2, None: 1}
    assert told(rerouting) == {("south", "west"): (1, 0, 0)}


def test_a_redirection_made_meanwhile_is_seen(ruled):
    request = ruled.request(CHANGES_HANDS)
    ruled.request(CHANGES_HANDS)
    person, north = ruled.person("regulator"), ruled.departments["north"]
    publish(draft(ruled), valid_from=NOW.date(), by=None, now=NOW)
    rerouting = Rerouting.objects.get()
    services.step(rerouting_id=rerouting.pk, now=NOW)
    redirecting = Slow(
        lambda: move(request_id=request.pk, name="redirect", actor=person, now=NOW, reason="au nord", department=north)
    )
    deciding = threading.Thread(target=_step, args=(rerouting.pk,))
    deciding.start()
    wait_for_a_lock()
    redirecting.end()
    deciding.join(20)
    finish(rerouting)
    request.refresh_from_db()
    assert request.department == north
    assert request.decision.decided_by == person
    assert told(rerouting) == {("south", "west"): (1, 0, 0), ("north", "west"): (0, 0, 1)}


def test_two_workers_with_the_same_pass_make_it_once(ruled):
    requests = [ruled.request(CHANGES_HANDS) for _ in range(20)]
    publish(draft(ruled), valid_from=NOW.date(), by=None, now=NOW)
    rerouting = Rerouting.objects.get()
    workers = [threading.Thread(target=_step, args=(rerouting.pk,)) for _ in range(6)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(20)
    finish(rerouting)
    rerouting.refresh_from_db()
    assert (rerouting.looked_at, told(rerouting)) == (20, {("south", "west"): (20, 0, 0)})
    assert {each.events.filter(kind="rerouted").count() for each in requests} == {1}


def _step(rerouting_id: int) -> None:
    try:
        services.step(rerouting_id=rerouting_id, now=NOW)
    finally:
        connections.close_all()


def wait_for_a_lock() -> None:
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() is not None:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits")
