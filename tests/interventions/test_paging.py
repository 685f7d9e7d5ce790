"""Pages by key: nothing skipped, nothing shown twice, whatever comes in meanwhile."""

import datetime

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from interventions.requests import paging
from interventions.requests.models import ServiceRequest
from tests.town import NOW

ALL = Q()


def walk(order: str, size: int, *, wanted: Q = ALL, span: Q | None = None) -> tuple[list[list[int]], list[list[int]]]:
    """Every page from the first to the last, and back again."""
    requests = ServiceRequest.objects.filter(wanted)
    facts = {"order": order, "size": size, "span": None if span is None else ServiceRequest.objects.filter(span)}
    there = [paging.page(requests, **facts)]
    while there[-1].after:
        there.append(paging.page(requests, cursor=there[-1].after, **facts))
    back = [there[-1]]
    while back[-1].before:
        back.append(paging.page(requests, cursor=back[-1].before, **facts))
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


@pytest.mark.parametrize("order", ["latest", "due"])
@pytest.mark.parametrize("walked", [1, 2, 4, 100])
@pytest.mark.parametrize("rare", [False, True])
def test_pages_are_the_same_however_far_an_order_is_walked_along(many, monkeypatch, order, walked, rare):
    made = many(12)
    for number, row in enumerate(made):
        due_at = None if number % 4 == 0 else NOW + datetime.timedelta(days=number % 3)
        state = "watched" if number in (0, 1, 4, 9) else "accepted"
        ServiceRequest.objects.filter(pk=row.pk).update(due_at=due_at, state=state)
    wanted = Q(state="watched") if rare else ALL
    expected = walk(order, 3, wanted=wanted)
    monkeypatch.setattr(paging, "WALKED", walked)
    assert walk(order, 3, wanted=wanted, span=ALL) == expected


def test_what_is_not_among_the_latest_is_found_before_it_is_ordered(many, monkeypatch):
    """An order that no index has: the planner cannot walk along it."""
    monkeypatch.setattr(paging, "WALKED", 5)
    ServiceRequest.objects.filter(pk=many(40)[0].pk).update(description="Congères")
    with connection.cursor() as database, CaptureQueriesContext(connection) as captured:
        database.execute("SET LOCAL enable_seqscan = off")
        database.execute("SET LOCAL enable_sort = off")
        database.execute("SET LOCAL enable_bitmapscan = off")
        found = ServiceRequest.objects.filter(description__contains="Congères")
        assert len(paging.page(found, size=3, span=ServiceRequest.objects.all()).rows) == 1
    assert "::interval) DESC" in captured.captured_queries[-1]["sql"]


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


def test_a_count_goes_no_further_than_is_said(many, monkeypatch):
    many(4)
    monkeypatch.setattr(paging, "COUNT_AT_MOST", 3)
    assert paging.count(ServiceRequest.objects.all()) == paging.Count(3, end=False)
    monkeypatch.setattr(paging, "COUNT_AT_MOST", 4)
    assert paging.count(ServiceRequest.objects.all()) == paging.Count(4, end=True)


def test_a_count_is_read_out_with_its_thousands_apart():
    with translation.override("fr"):
        assert str(paging.Count(9999, end=True)) == "9\xa0999"
        assert str(paging.Count(10_000, end=False)) == "plus de 10\xa0000"


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
