"""Events become visible when they are committed, not in the order of their numbers: the stream goes by the former."""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from gisplatform.live.position import Position
from interventions.events.models import Event
from interventions.events.record import record
from interventions.live.news import Events, News
from interventions.requests import services
from tests.live_door import database_url
from tests.town import NOW

pytestmark = pytest.mark.django_db(transaction=True)
WRITE = "INSERT INTO interventions_event (request_id, kind, move, at, from_state, to_state, text, public)"


def read(after: Position | None = None, *, until: Position | None = None, most: int = 1000) -> tuple[Position, Any]:
    async def by_the_line() -> tuple[Position, list[News]]:
        source = Events(look_again=lambda _followers: None)
        async with await psycopg.AsyncConnection.connect(database_url(), autocommit=True) as line:
            if after is None:
                return await source.now(line), []
            return await source.after(line, after, until=until, most=most)

    return asyncio.run(by_the_line())


@pytest.fixture
def write(town) -> Callable[[psycopg.Connection], int]:
    request = town.request()

    def one(line: psycopg.Connection) -> int:
        said = f"{WRITE} VALUES (%s, 'noted', '', now(), '', '', '', false) RETURNING id"
        return line.execute(said, [request.pk]).fetchone()[0]  # type: ignore[index]

    return one


def test_who_commits_later_with_the_smaller_number_is_told_too(write):
    start, _none = read()
    with psycopg.connect(database_url()) as slow, psycopg.connect(database_url()) as quick:
        smaller, larger = write(slow), write(quick)
        quick.commit()

        first, told_first = read(start)
        slow.commit()
        second, told_then = read(first)

    assert smaller < larger
    assert [each.id for each in told_first] == [larger]
    assert [each.id for each in told_then] == [smaller]
    assert read(second)[1] == []


def test_what_is_rolled_back_is_never_told(write):
    start, _none = read()
    with psycopg.connect(database_url()) as line:
        write(line)
        line.rollback()
        kept = write(line)
        line.commit()
    assert [each.id for each in read(start)[1]] == [kept]


def test_a_long_transaction_keeps_nobody_waiting(write):
    start, _none = read()
    with psycopg.connect(database_url()) as long, psycopg.connect(database_url()) as other:
        write(long)
        for _time in range(3):
            write(other)
            other.commit()
        assert len(read(start)[1]) == 3


def test_in_the_midst_of_what_came_at_once_one_goes_on_from_there(write):
    start, _none = read()
    with psycopg.connect(database_url()) as slow, psycopg.connect(database_url()) as line:
        early = write(slow)
        numbers = [write(line) for _time in range(3)]
        line.commit()
        here, _told = read(start)
        slow.commit()
    cut = Position(start.seen, here.seen, numbers[1])

    # The rest of what came at once, and what has come since with a smaller number than what was told.
    assert [each.id for each in read(cut)[1]] == [early, numbers[2]]
    assert [each.id for each in read(cut, until=here)[1]] == [numbers[2]]


def test_more_than_asked_for_is_seen_to_be_more(write):
    start, _none = read()
    with psycopg.connect(database_url()) as line:
        for _time in range(5):
            write(line)
    assert len(read(start, most=3)[1]) == 4


def test_events_of_another_database_are_history(write, town):
    record(request_id=town.request().pk, kind=Event.Kind.NOTED, now=NOW, actor=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE interventions_event SET written_in = '999999999999'")

    async def opened() -> None:
        async with await psycopg.AsyncConnection.connect(database_url(), autocommit=True) as line:
            await Events(look_again=lambda _followers: None).prepare(line)

    asyncio.run(opened())
    start, _none = read()
    assert read(start)[1] == []


def test_a_move_of_the_work_that_moves_no_request_is_an_event(town):
    from interventions.work import services as work

    town.rule("cleaning")
    request = town.request()
    manager = town.person("manager")
    order = work.accept(request_id=request.pk, executed_by=None, actor=manager, now=NOW)
    work.move(intervention_id=order.pk, name="cancel", actor=manager, now=NOW, text="Trop tôt.")
    last = Event.objects.latest("id")
    assert (last.kind, last.move, last.intervention_id, last.public) == ("worked", "cancel", order.pk, False)


def test_what_a_move_of_the_work_does_to_its_request_names_the_work(town):
    from interventions.work import services as work

    town.rule("cleaning")
    request = town.request()
    manager = town.person("manager")
    order = work.accept(request_id=request.pk, executed_by=None, actor=manager, now=NOW)
    work.move(intervention_id=order.pk, name="start", actor=manager, now=NOW)
    last = Event.objects.latest("id")
    assert (last.kind, last.move, last.intervention_id) == ("moved", "start", order.pk)


def test_who_had_a_request_before_is_known(town):
    town.rule("cleaning")
    parks = town.department("parks")
    request = town.request()
    start, _none = read()
    services.move(
        request_id=request.pk, name="redirect", actor=town.person("manager"), now=NOW, reason="Eux.", department=parks
    )
    _here, (news,) = read(start)
    assert [each.department_id for each in news.before] == [town.department("cleaning").pk]
    assert news.department_id == parks.pk


@pytest.mark.parametrize("text", [
    "", "0", "12", "1:2", "2:1:", "1:5:7", "1:5:3,2", "1:5:2,2", "0:5:", "1:2:~", "1:2:~1:2:~", "1:2:~1:2:~x",
    "1:99999999999999999999:", "1:2:\n", "1:" + "9" * 30 + ":", "1:5:" + "2," * 9000 + "3",
])  # fmt: skip
def test_what_is_no_position_is_not_taken_for_one(text):
    assert Position.read(text) is None


@pytest.mark.parametrize("text", ["1:1:", "10:20:10,15", "10:20:~10:25:21~7"])
def test_a_position_is_read_as_it_was_written(text):
    assert str(Position.read(text)) == text
