"""Who joins whom, and what the database refuses, from one hand or from several at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from gisplatform.errors import MoveRefused
from interventions.requests.duplicates import CannotJoin
from interventions.requests.models import ServiceRequest
from tests import town as model_town
from tests.interventions.duplicates.callers import act, joins, merge
from tests.town import NOW


def test_a_duplicate_joins_its_principal_and_both_keep_what_happened(first, second):
    merge(second, first)
    second.refresh_from_db()
    assert (second.state, second.duplicate_of, second.closed_at) == ("duplicate", first, NOW)
    mine, theirs = second.events.latest("id"), first.events.latest("id")
    assert (mine.move, mine.other, mine.public) == ("merge", first, True)
    assert (theirs.kind, theirs.other, theirs.public) == ("joined_by", second, False)


def test_who_joins_a_duplicate_joins_its_principal(first, second, third):
    merge(second, first)
    merge(third, second)
    assert joins(third) == first


def test_what_had_joined_a_request_goes_with_it(first, second, third):
    merge(third, second)
    merge(second, first)
    assert (joins(second), joins(third)) == (first, first)
    moved = third.events.latest("id")
    assert (moved.kind, moved.other) == ("rejoined", first)


def test_a_request_joins_neither_itself_nor_one_that_has_joined_it(first, second):
    with pytest.raises(CannotJoin):
        merge(first, first)
    merge(second, first)
    with pytest.raises(CannotJoin):
        merge(first, second)
    assert joins(first) is None


def test_a_cancelled_request_is_not_joined(first, second):
    act(first, "cancel")
    with pytest.raises(CannotJoin):
        merge(second, first)
    assert joins(second) is None


def test_a_request_others_have_joined_is_not_cancelled(first, second):
    merge(second, first)
    with pytest.raises(MoveRefused, match=second.reference):
        act(first, "cancel")
    act(second, "reopen")
    act(first, "cancel")


def test_reopened_a_duplicate_leaves(first, second):
    merge(second, first)
    act(second, "reopen")
    second.refresh_from_db()
    assert (second.state, second.duplicate_of, second.closed_at) == ("to_evaluate", None, None)
    assert second.events.latest("id").other == first
    left = first.events.latest("id")
    assert (left.kind, left.other) == ("left_by", second)


def test_the_principal_has_changed_when_one_joins(first, second):
    later = NOW.replace(hour=15)
    merge(second, first, now=later)
    first.refresh_from_db()
    assert first.updated_at == later


def test_the_database_refuses_a_chain_a_circle_and_a_lone_link(first, second, third):
    merge(second, first)
    rows = ServiceRequest.objects
    for wrong in (
        lambda: rows.filter(pk=third.pk).update(state="duplicate", duplicate_of=second),  # a chain, from below
        lambda: rows.filter(pk=first.pk).update(state="duplicate", duplicate_of=third),  # a chain, from above
        lambda: rows.filter(pk=third.pk).update(state="duplicate", duplicate_of=third),  # itself
        lambda: rows.filter(pk=third.pk).update(duplicate_of=first),  # not a duplicate
        lambda: rows.filter(pk=third.pk).update(state="duplicate", duplicate_of=10**9),  # nobody
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_callers_are_counted(first, second, third):
    merge(second, first)
    merge(third, first)
    counted = {each.pk: each.callers for each in ServiceRequest.objects.with_callers()}
    assert counted == {first.pk: 3, second.pk: 1, third.pk: 1}


@pytest.mark.django_db(transaction=True)
def test_two_that_join_each_other_at_once_make_no_circle():
    town = model_town.build()
    for _round in range(5):
        one, other = town.request(), town.request()
        ready = threading.Barrier(2)

        def crossing(request, joins, ready=ready):
            try:
                ready.wait()
                merge(request, joins)
            except CannotJoin:
                return "refused"
            else:
                return "joined"
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as hands:
            came = [hands.submit(crossing, one, other), hands.submit(crossing, other, one)]
            assert sorted(each.result(timeout=20) for each in came) == ["joined", "refused"]
        assert sorted(map(bool, (joins(one), joins(other)))) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_a_line_of_joins_at_once_ends_at_one_principal():
    town = model_town.build()
    for _round in range(4):
        row = [town.request() for _ in range(6)]
        ready = threading.Barrier(5)

        def join(request, to, ready=ready):
            try:
                ready.wait()
                merge(request, to)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(5) as hands:
            came = [hands.submit(join, row[n], row[n + 1]) for n in range(5)]
            for each in came:
                each.result(timeout=20)
        assert [joins(each) for each in row] == [row[5]] * 5 + [None]
