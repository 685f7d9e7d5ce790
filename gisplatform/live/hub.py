"""One process's ear to the database, and all pages that follow by it.

One connection listens and reads: whatever the number of pages, each piece of news is read once, and told to those whom
it concerns. It knows nothing of what is told: `Source` does.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import psycopg
from django.db import DatabaseError
from psycopg import AsyncConnection, Notify

from gisplatform.live import words
from gisplatform.live.following import MOST_WAITING_BYTES, Follower
from gisplatform.live.position import Position

logger = logging.getLogger(__name__)

Line = AsyncConnection[Any]

NEWS, PEOPLE = "gisplatform_live", "gisplatform_people"  # channels of the database
RESET, NOTICE = "reset", "notice"  # kinds of events
MOST = 1000  # so many at once are told as one "reset": the page reads what it shows again
MOST_AT_ONCE_BYTES = MOST_WAITING_BYTES - 32 * 1024  # what else waits has room beside it
LONG_AGO = 100_000  # transactions
BEAT_S, LOOK_AGAIN_S, READ_ANYWAY_S, ANSWERS_IN_S = 15, 30, 30, 5
TRY_AGAIN_S = (0.1, 0.5, 1, 2, 5)


class Source(Protocol):
    """What is told. Its rows have an `id`, numbers in the order of the stream, and let a `position` be set."""

    async def prepare(self, line: Line) -> None:
        """Done on each new connection, before anything is read."""

    async def now(self, line: Line) -> Position: ...

    async def after(
        self, line: Line, position: Position, *, until: Position | None, most: int
    ) -> tuple[Position, Sequence[Any]]:
        """Where the news end (`until`, or now), and those after `position`; one more than `most` if there are more."""

    async def look_again(self, followers: Sequence[Follower]) -> Sequence[Follower]:
        """Bring in step what they may see; those whose account or secret is no longer good."""


class Hub:
    def __init__(self, *, database: str, source: Source, look_again_s: float = LOOK_AGAIN_S) -> None:
        self.database, self.source, self.look_again_s = database, source, look_again_s
        self.followers: set[Follower] = set()
        self.joining: set[Follower] = set()
        self.position: Position | None = None
        self._line: Line | None = None
        self._reading, self._ready, self._heard = asyncio.Lock(), asyncio.Event(), asyncio.Event()
        self._again, self._people = False, set[int]()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(each()) for each in (self._listen, self._beat, self._look_again)]
            for task in self._tasks:
                task.add_done_callback(self._died)

    async def stop(self) -> None:
        self._end_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def join(self, follower: Follower, after: Position | None, *, asked: bool) -> None:
        """Tell this page what came after its position, and from then on all that comes.

        `asked`: it named a position; None then means one that cannot be understood, so that all must be read again.
        Raises TimeoutError when the database does not answer.
        """
        self.joining.add(follower)
        async with asyncio.timeout(ANSWERS_IN_S):
            await self._ready.wait()
            await self._reading.acquire()
        try:
            line = self._line
            if line is None:
                raise TimeoutError
            await self._read(line)
            here = self.position
            if here is None:
                raise TimeoutError
            follower.tell(words.beginning(str(here)))
            if asked and not await self._catch_up(line, follower, after, here):
                follower.tell(words.event({}, position=str(here), kind=RESET))
            self.followers.add(follower)
        except psycopg.OperationalError as error:
            raise TimeoutError from error
        finally:
            self._reading.release()
            # Whoever used the line has taken away what listened to it.
            self._heard.set()

    def leave(self, follower: Follower) -> None:
        follower.end()
        self.followers.discard(follower)
        self.joining.discard(follower)

    def beside(self, follower: Follower) -> int:
        """How many pages of the same account or secret follow, or are about to."""
        return sum(each.belongs_with(follower) for each in self.followers | self.joining)

    async def _catch_up(self, line: Line, follower: Follower, after: Position | None, here: Position) -> bool:
        """False where what was missed is too much, or not known."""
        if after is None or after.ends_before > here.ends_before:
            return False
        # So long ago that even to look for it would keep others waiting.
        if here.ends_before - after.begins > LONG_AGO:
            return False
        # In the midst of what came at once: first the rest of that.
        ends = [Position(after.within), here] if after.within else [here]
        most = MOST if len(ends) == 1 else MOST // 4
        for end in ends:
            _end, rows = await self.source.after(line, after, until=end, most=most)
            if len(rows) > most:
                return False
            self._tell([follower], after, end, rows)
            after = end
        return True

    # --- What runs beside ------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        failed = 0
        while True:
            try:
                async with await AsyncConnection.connect(self.database, autocommit=True) as line:
                    await self.source.prepare(line)
                    line.add_notify_handler(self._hear)
                    await line.execute(f"LISTEN {NEWS}")
                    await line.execute(f"LISTEN {PEOPLE}")
                    if self.position is None:
                        self.position = await self.source.now(line)
                    self._line, failed = line, 0
                    self._ready.set()
                    await self._follow(line)
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                logger.warning("live: no database", extra={"error": type(error).__name__})
            finally:
                self._line = None
                self._ready.clear()
            await asyncio.sleep(TRY_AGAIN_S[min(failed, len(TRY_AGAIN_S) - 1)])
            failed += 1

    async def _follow(self, line: Line) -> None:
        """Read whenever something is said on the line. Ends with psycopg.OperationalError when it is cut."""
        loop, socket = asyncio.get_running_loop(), line.fileno()

        def said() -> None:
            loop.remove_reader(socket)
            self._heard.set()

        try:
            while True:
                self._heard.clear()
                async with self._reading:
                    # Said before this reading, it is read now; said during it, it asks for another.
                    line.pgconn.consume_input()
                    while (word := line.pgconn.notifies()) is not None:
                        self._hear(Notify(word.relname.decode(), word.extra.decode(), word.be_pid))
                    self._again = False
                    await self._read(line)
                    loop.add_reader(socket, said)
                self._tell_people()
                if not self._again:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._heard.wait(), READ_ANYWAY_S)
        finally:
            loop.remove_reader(socket)

    def _hear(self, word: Notify) -> None:
        self._again = True
        if word.channel == PEOPLE:
            self._people |= {int(each) for each in word.payload.split(",") if each.isdecimal()}

    async def _read(self, line: Line) -> None:
        before = self.position
        if before is None:
            return
        self.position, rows = await self.source.after(line, before, until=None, most=MOST)
        if len(rows) > MOST:
            reset = words.event({}, position=str(self.position), kind=RESET)
            for follower in self.followers:
                follower.tell(reset)
        else:
            self._tell(self.followers, before, self.position, rows)

    def _tell(self, followers: Iterable[Follower], before: Position, here: Position, rows: Sequence[Any]) -> None:
        """Each piece of news says, by its id, where in the stream one is who has read up to it."""
        for row in rows:
            row.position = str(here if row is rows[-1] else Position(before.seen, here.seen, row.id))
        for follower in followers:
            said = b"".join(follower.telling(row) for row in rows)
            # More than a page could be kept for, it would end by each time it comes back.
            if len(said) > MOST_AT_ONCE_BYTES:
                said = words.event({}, position=str(here), kind=RESET)
            if said:
                follower.tell(said)

    def _tell_people(self) -> None:
        people, self._people = self._people, set()
        if people:
            said = words.event({}, kind=NOTICE)
            for follower in self.followers:
                if follower.person_id in people:
                    follower.tell(said)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            for follower in self.followers:
                follower.tell(words.STILL_THERE)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(self.look_again_s)
            try:
                for follower in await self.source.look_again([*self.followers]):
                    follower.end()
            except DatabaseError:
                # Who follows may no longer be who they were: they come back, and are looked at then.
                logger.warning("live: accounts could not be looked at")
                self._end_all()

    def _end_all(self) -> None:
        for follower in self.followers:
            follower.end()

    def _died(self, task: asyncio.Task[None]) -> None:
        """What must never happen is told, and the next page to come begins anew."""
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.critical("live: the hub has failed", exc_info=error)
            self._end_all()
            tasks, self._tasks = self._tasks, []
            for each in tasks:
                each.cancel()
