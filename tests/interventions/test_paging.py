"""Pages by key: nothing skipped, nothing shown twice, whatever comes in meanwhile."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interventions.requests import paging
from interventions.requests.models import ServiceRequest
from tests.town import NOW


def walk(order: str, size: int) -> tuple[list[list[int]], list[list[int]]]:
    """Every page from the first to the last, and back again."""
    requests = ServiceRequest.objects.all()
    there = [paging.page(requests, order=order, size=size)]
    while there[-1].after:
        there.append(paging.page(requests, order=order, size=size, cursor=there[-1].after))
    back = [there[-1]]
    while back[-1].before:
        back.append(paging.page(requests, order=order, size=size, cursor=back[-1].before))
    return [[row.pk for row in each.rows] for each in there], [[row.pk for row in each.rows] for each in back]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 10])
@pytest.mark.parametrize("order", ["latest", "due"])
def test_pages_follow_each_other_without_a_gap_there_and_back(town, order, size):
    dates = [NOW, NOW, None, NOW + datetime.timedelta(days=1), None, NOW, NOW - datetime.timedelta(days=1)]
    for due_at in dates:
        request = town.request()  # all received at the same instant: ids settle the order
        ServiceRequest.objects.filter(pk=request.pk).update(due_at=due_at)
    rows = list(ServiceRequest.objects.values_list("pk", "due_at"))
    never = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    in_order = {
        "latest": sorted((pk for pk, _due in rows), reverse=True),
        "due": [pk for pk, _due in sorted(rows, key=lambda row: (row[1] or never, -row[0]))],
    }[order]
    there, back = walk(order, size)
    assert [pk for page in there for pk in page] == in_order
    assert there == [in_order[start : start + size] for start in range(0, len(in_order), size)]
    assert list(reversed(back)) == there


def test_what_comes_in_meanwhile_moves_nothing(many, town):
    many(5)
    first = paging.page(ServiceRequest.objects.all(), size=3)
    town.request(now=NOW + datetime.timedelta(days=1))
    second = paging.page(ServiceRequest.objects.all(), size=3, cursor=first.after)
    seen = [row.pk for page in (first, second) for row in page.rows]
    assert len(seen) == len(set(seen)) == 5
    assert paging.page(ServiceRequest.objects.all(), size=3, cursor=first.before or second.before).before


@pytest.mark.parametrize(
    "cursor", ["x", "é", "AAAA", "W10", "bnVsbA", "WyJsYXRlc3QiLDAsInllc3RlcmRheSIsMV0", "a" * 5000]
)
def test_a_cursor_that_is_none_is_refused(db, cursor):
    with pytest.raises(paging.BadCursor):
        paging.page(ServiceRequest.objects.all(), cursor=cursor)


def test_a_cursor_serves_its_own_order_only(many):
    many(3)
    cursor = paging.page(ServiceRequest.objects.all(), size=1).after
    with pytest.raises(paging.BadCursor):
        paging.page(ServiceRequest.objects.all(), order="due", cursor=cursor)


def test_the_latest_come_through_their_index(many):
    many(3)
    cursor = paging.page(ServiceRequest.objects.all(), size=1).after
    with connection.cursor() as database, CaptureQueriesContext(connection) as captured:
        database.execute("SET LOCAL enable_seqscan = off")
        database.execute("SET LOCAL enable_sort = off")
        paging.page(ServiceRequest.objects.all(), size=1, cursor=cursor)
        database.execute("EXPLAIN " + captured.captured_queries[-1]["sql"])
        plan = "\n".join(row[0] for row in database.fetchall())
    assert "Index Scan using request_latest" in plan
    assert "Index Cond: (submitted_at <=" in plan
