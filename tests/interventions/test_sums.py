"""One reading of the requests counts all that the page of figures tells of them."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from interventions.measuring import queries
from interventions.measuring.period import Period
from interventions.measuring.sums import COLUMNS, Sums, closed_by_step, sums
from interventions.requests.filters import midnight
from interventions.requests.models import ServiceRequest
from tests.town import FAR_AWAY, FOUNTAIN, NOW, STALL

DAY, MINUTE = datetime.timedelta(days=1), datetime.timedelta(minutes=1)
MARCH = Period(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
LATER = NOW + 10 * DAY


def received(period: Period):
    """Those of the period, as the filters of the list find them."""
    return ServiceRequest.objects.filter(
        submitted_at__gte=midnight(period.start), submitted_at__lt=midnight(period.end + DAY)
    )


def march(by: str) -> Sums:
    return sums(received(MARCH.with_before), period=MARCH, by=by, now=LATER)


@pytest.fixture
def requests(town):
    """In March one late, one closed after two days, one done and one far away; two before, one after, one long ago."""
    town.rule("cleaning")
    moments = {
        town.request(FOUNTAIN).pk: NOW,
        town.request(STALL, category=town.categories["bins"]).pk: midnight(MARCH.start),
        town.request(STALL).pk: midnight(MARCH.end + DAY) - MINUTE,
        town.request(FAR_AWAY).pk: NOW,
        town.request(FOUNTAIN).pk: midnight(MARCH.start) - MINUTE,
        town.request(FAR_AWAY).pk: midnight(MARCH.before.start),
        town.request(FOUNTAIN).pk: midnight(MARCH.end + DAY),
        town.request(FOUNTAIN).pk: midnight(MARCH.before.start) - MINUTE,
    }
    for pk, moment in moments.items():
        ServiceRequest.objects.filter(pk=pk).update(submitted_at=moment)
    _late, closed, done, _far, earlier, *_others = moments
    for pk, days in ((closed, 2), (earlier, 5)):
        ServiceRequest.objects.filter(pk=pk).update(state="closed", closed_at=moments[pk] + days * DAY)
    ServiceRequest.objects.filter(pk=done).update(state="done")


@pytest.mark.parametrize("by", [*COLUMNS, ""])
def test_it_tells_what_each_count_would_alone(requests, by, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        told = march(by)
    assert told.found == queries.figures(received(MARCH), now=LATER)
    assert told.before == queries.figures(received(MARCH.before), now=LATER)
    assert told.rows == (queries.breakdown(received(MARCH), by=by, now=LATER) if by else [])
    assert (told.found.received, told.before.received) == (4, 2)
    assert (told.found.days_to_close, told.before.days_to_close) == (pytest.approx(2), pytest.approx(5))


def test_a_day_begins_and_ends_at_midnight(requests):
    told = march("")
    assert (told.received[0], told.received[NOW.day - 1], told.received[-1], sum(told.received)) == (1, 2, 1, 4)
    closed = ServiceRequest.objects.filter(closed_at__gte=midnight(MARCH.start), closed_at__lt=midnight(MARCH.end))
    assert [number for number, held in enumerate(closed_by_step(closed, period=MARCH), start=1) if held] == [3, 5]


def test_only_indexes_are_read(requests, town):
    """A million rows lie in a gigabyte, what is counted of them in a tenth of it."""
    visible = ServiceRequest.objects.visible_to(town.person("manager", department="cleaning"))
    since = midnight(MARCH.before.start)
    with CaptureQueriesContext(connection) as asked:
        sums(visible.filter(submitted_at__gte=since), period=MARCH, by="category", now=LATER)
        closed_by_step(visible.filter(closed_at__gte=since), period=MARCH)
    reading = [each["sql"] for each in asked if "interventions_servicerequest" in each["sql"]]
    for statement, index in zip(reading, ("request_spots", "request_spots", "request_closed"), strict=True):
        plan = plan_with_only(index, statement)
        assert f"Index Only Scan using {index}" in plan, plan


def plan_with_only(index: str, statement: str) -> str:
    """The plan where no other index is left: which of several is cheaper depends on what earlier tests left in them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index"
            " WHERE indrelid = 'interventions_servicerequest'::regclass AND NOT indisunique"
        )
        for (other,) in cursor.fetchall():
            if other != index:
                cursor.execute(f"DROP INDEX {other}")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        transaction.set_rollback(True)
    return plan
