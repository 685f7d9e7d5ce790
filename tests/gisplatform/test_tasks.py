"""Jobs whose worker died: each is done all the same, by another."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.letterbox import work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")  # not emptied after a test


def held(*, seconds_ago: int) -> None:
    """All jobs there are, as if a worker had taken them that gave its last sign then."""
    with connection.cursor() as cursor:
        worker = "INSERT INTO procrastinate_workers VALUES (DEFAULT, now() - %s * interval '1 second') RETURNING id"
        cursor.execute(worker, [seconds_ago])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", cursor.fetchone())


def statuses(name: str) -> list[str]:
    return list(ProcrastinateJob.objects.filter(task_name=name).order_by("id").values_list("status", flat=True))


def take_up() -> None:
    app.configure_task("gisplatform.take_up").defer(timestamp=0)
    work()


def test_what_a_dead_worker_held_is_done_by_another():
    app.configure_task("interventions.forget_exports").defer(timestamp=0)
    held(seconds_ago=40)
    take_up()
    assert statuses("interventions.forget_exports") == ["succeeded"]


def test_a_worker_that_gives_signs_keeps_its_jobs():
    app.configure_task("interventions.forget_exports").defer(timestamp=0)
    held(seconds_ago=5)
    take_up()
    assert statuses("interventions.forget_exports") == ["doing"]


def test_of_a_job_that_waits_once_at_most_the_next_one_counts():
    for name in ("interventions.fold_map", "interventions.forget_exports"):
        app.configure_task(name, priority=-1).defer(timestamp=0)
    held(seconds_ago=40)
    app.configure_task("interventions.fold_map", priority=-1).defer(timestamp=0)
    take_up()
    assert statuses("interventions.fold_map") == ["failed", "succeeded"]
    assert statuses("interventions.forget_exports") == ["succeeded"]
