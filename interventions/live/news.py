"""What happened, as it is read for the stream: one row a piece of news, with all that says whom it concerns."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from psycopg.rows import namedtuple_row

from gisplatform import sql
from gisplatform.live import words
from gisplatform.live.following import Follower
from gisplatform.live.hub import Line
from gisplatform.live.position import Position


class Work(NamedTuple):
    reference: str
    state: str
    department_id: int
    executed_by_id: int
    validated: bool


@dataclass(slots=True)
class Before:
    """A request as it was for those who had it before: what `Sight.holds` asks."""

    state: str
    department_id: int | None
    author_id: int | None = None
    issued_by_id: int | None = None


@dataclass(slots=True)
class News:
    """One event. Its words are written once for all who are told the same."""

    id: int
    kind: str
    move: str
    at: datetime.datetime
    to_state: str
    told: bool
    reference: str
    state: str
    request_id: int
    duplicate_of_id: int | None
    author_id: int | None
    department_id: int | None
    issued_by_id: int | None
    before: tuple[Before, ...]
    work: str | None
    works: list[Work]
    position: str = ""
    _written: dict[str, bytes] = field(default_factory=dict)

    def for_staff(self) -> bytes:
        return self._once("staff", lambda: {
            "reference": self.reference, "kind": self.kind, "move": self.move, "state": self.state,
            "at": self.at.isoformat(), "work": self.work, "gone": False,
        })  # fmt: skip

    def gone(self) -> bytes:
        """For who saw it and sees it no more: which one, and nothing of what became of it."""
        return self._once("gone", lambda: {
            "reference": self.reference, "kind": self.kind, "move": "", "state": "", "at": self.at.isoformat(),
            "work": None, "gone": True,
        })  # fmt: skip

    def for_work(self, work: Work) -> bytes:
        """For who sees the intervention and not its requests."""
        return self._once(work.reference, lambda: {
            "reference": work.reference, "kind": "worked", "move": "", "state": work.state, "at": self.at.isoformat(),
            "work": work.reference, "gone": False,
        })  # fmt: skip

    def for_requester(self, reference: str) -> bytes:
        return self._once(f"requester {reference}", lambda: {
            "reference": reference, "state": self.to_state or self.state, "at": self.at.isoformat(),
        })  # fmt: skip

    def _once(self, whom: str, facts: Callable[[], dict[str, Any]]) -> bytes:
        if whom not in self._written:
            self._written[whom] = words.event(facts(), position=self.position)
        return self._written[whom]


class Events:
    """The event table as a source of `gisplatform.live.hub`; `look_again` comes from who knows the followers."""

    def __init__(self, look_again: Callable[[Sequence[Follower]], Any]) -> None:
        self.look_again = look_again
        self.news = sql.load("interventions.live", "news")

    async def prepare(self, line: Line) -> None:
        await line.execute(sql.load("interventions.live", "adopt"))
        await line.execute("SET statement_timeout = '5s'")

    async def now(self, line: Line) -> Position:
        cursor = await line.execute("SELECT pg_current_snapshot()::text")
        (here,) = await cursor.fetchone() or ("",)
        return Position(here)

    async def after(
        self, line: Line, position: Position, *, until: Position | None, most: int
    ) -> tuple[Position, list[News]]:
        asked = {**vars(position), "until": until.seen if until else None, "most": most + 1}
        cursor = line.cursor(row_factory=namedtuple_row)
        await cursor.execute(self.news, asked)
        rows: list[Any] = await cursor.fetchall()
        return until or Position(rows[0].now), [_news(row) for row in rows if row.id is not None]


def _news(row: Any) -> News:
    return News(
        id=row.id, kind=row.kind, move=row.move, at=row.at, to_state=row.to_state, told=row.told,
        reference=row.reference, state=row.state, request_id=row.request_id, duplicate_of_id=row.duplicate_of_id,
        author_id=row.author_id, department_id=row.department_id, issued_by_id=row.issued_by_id,
        before=tuple(Before(row.was_state, each) for each in row.was_departments or ()),
        work=row.work, works=[Work(*each) for each in row.works or ()],
    )  # fmt: skip
