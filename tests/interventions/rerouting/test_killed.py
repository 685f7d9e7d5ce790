"""A worker killed outright in the middle of a pass, again and again: it ends as if nothing had happened."""

from collections import Counter
from functools import partial

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from interventions.events.models import Event
from interventions.requests.models import ServiceRequest
from interventions.rerouting import services
from interventions.rerouting.models import Notice, Rerouting
from interventions.routing.decide import decide_many
from layers.publishing import publish
from tests import town as model_town
from tests.interventions.rerouting.conftest import draft, finish, told
from tests.interventions.rerouting.worker import Worker, half_a_minute_passes
from tests.town import NOW, SQUARES, point
from tests.town_at_work import copies

pytestmark = pytest.mark.django_db(transaction=True)
REQUESTS, A_STEP = 1_200, 40
KILLED_AT = (1, 200, 480, 900)  # requests looked at


@pytest.fixture
def ruled(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")  # not emptied after a test
    town = model_town.build()
    for code in SQUARES:
        town.rule(code.lower(), zones=(code,))
    for name, role, department in [("w", "member", "west"), ("s", "member", "south"), ("r", "regulator", "desk"),
                                   ("a", "agent", "desk")]:  # fmt: skip
        person = town.person(role, username=name, department=department)
        person.email = f"{name}@ville.example"
        person.save()
    first = town.request((1010, 10))
    copies(first, REQUESTS - 1, geom=lambda n: point((1010 + n % 40 * 24.5, 10 + n // 40 * 31)))
    ids = list(ServiceRequest.objects.values_list("pk", flat=True))
    decide_many(ids, now=NOW)
    return town


def state_of_things() -> dict[int, tuple[object, ...]]:
    """Each request: who answers, in which state, by which reason, after how many decisions and which events."""
    events: dict[int, list[tuple[str, str, str, str]]] = {}
    for request_id, *facts in Event.objects.order_by("id").values_list(
        "request_id", "kind", "text", "from_state", "to_state"
    ):
        events.setdefault(request_id, []).append(tuple(facts))
    decisions = Counter(ServiceRequest.objects.values_list("decisions__request_id", flat=True))
    columns = ("pk", "department__code", "state", "decision__reason_id", "decision__border_distance_m",
               "decision__request_id")  # fmt: skip
    return {pk: (*facts, decisions[pk], events.get(pk)) for pk, *facts in ServiceRequest.objects.values_list(*columns)}


def counts_of(rerouting: Rerouting) -> tuple[dict[tuple[str | None, str | None], tuple[int, ...]], int]:
    return told(rerouting), rerouting.notices.count()


def undisturbed(version) -> tuple[dict[int, tuple[object, ...]], object]:
    with transaction.atomic():
        publish(version, valid_from=NOW.date(), by=None, now=NOW)
        done = finish(Rerouting.objects.get())
        found = state_of_things(), counts_of(done)
        transaction.set_rollback(True)
    version.refresh_from_db()
    return found


def has_looked_at(count: int) -> bool:
    return Rerouting.objects.get().looked_at >= count


def test_killed_again_and_again_a_pass_ends_as_an_undisturbed_one(ruled, letterbox, mail_settings, tmp_path):
    version, log = draft(ruled), tmp_path / "worker.log"
    expected, counts = undisturbed(version)
    publish(version, valid_from=NOW.date(), by=None, now=NOW)
    interrupted = 0
    for seen in KILLED_AT:
        with Worker(log, a_step=A_STEP, mail_port=mail_settings.EMAIL_PORT) as worker:
            worker.wait(partial(has_looked_at, seen))
            worker.kill()
        interrupted += ProcrastinateJob.objects.filter(status="doing", task_name=services.REROUTE).exists()
        assert Rerouting.objects.get().ended_at is None
        half_a_minute_passes()
    with Worker(log, a_step=A_STEP, mail_port=mail_settings.EMAIL_PORT) as worker:
        worker.wait(lambda: Notice.objects.filter(sent_at__isnull=False).count() == 3)
        worker.stop()
    assert interrupted, "no step was cut in the middle: kill it at other moments"
    done = Rerouting.objects.get()
    assert state_of_things() == expected
    assert counts_of(done) == counts
    assert (done.looked_at, done.total) == (REQUESTS, REQUESTS)
    # A worker that begins after the hour of the digests sends those too.
    told = [letter for letter in letterbox.letters if letter["Message-ID"].startswith("<notice-")]
    assert sorted(letter["X-Envelope-To"] for letter in told) == [
        "r@ville.example", "s@ville.example", "w@ville.example",
    ]  # fmt: skip
