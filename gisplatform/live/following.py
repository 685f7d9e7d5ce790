"""One page that follows: what it is sent, in order, and what is kept for it while it is slow."""

import asyncio
from collections.abc import Callable
from typing import Any

# So much waits for a page that does not read; then it is sent away, and comes back with its position.
MOST_WAITING_BYTES = 256 * 1024

# What is written of one piece of news for somebody; b"" where it does not concern them.
Telling = Callable[[Any], bytes]


class Follower:
    """`who` names the account (or the secret) it belongs to, so that it can be looked at again; see `Hub`."""

    def __init__(self, *, who: Any, telling: Telling, person_id: int | None = None) -> None:
        self.who, self.telling, self.person_id = who, telling, person_id
        self.ended = False
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._woken: asyncio.Future[None] | None = None

    def belongs_with(self, other: "Follower") -> bool:
        """Of one account, or of one secret."""
        if self.person_id is not None:
            return self.person_id == other.person_id
        return self.who == other.who

    def tell(self, words: bytes) -> None:
        if self.ended:
            return
        self._waiting.append(words)
        self._bytes += len(words)
        if self._bytes > MOST_WAITING_BYTES:
            self.end()
        self._wake()

    def end(self) -> None:
        """Nothing more is sent: the page comes back, and is looked at anew."""
        self.ended = True
        self._waiting.clear()
        self._wake()

    async def next(self) -> bytes:
        """What waits, together; b"" when it has ended."""
        while not self._waiting and not self.ended:
            self._woken = asyncio.get_running_loop().create_future()
            await self._woken
        words = b"".join(self._waiting)
        self._waiting.clear()
        self._bytes = 0
        return words

    def _wake(self) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)
