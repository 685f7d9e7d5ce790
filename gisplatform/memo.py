"""What every page needs and hardly ever changes: read once, kept by each process for a few seconds."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

KEPT_S = 10.0


class Memo(Generic[T]):
    """`Memo(read)()` is what `read()` gave at most ten seconds ago.

    Who changes it calls `forget()`: their own process knows at once, the others within ten seconds.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._value: T | None = None
        self._until = 0.0

    def __call__(self) -> T:
        now = time.monotonic()
        if self._value is None or now >= self._until:
            self.keep(self._read(), until=now + KEPT_S)
        assert self._value is not None
        return self._value

    def keep(self, value: T, *, until: float) -> None:
        self._value, self._until = value, until

    def forget(self) -> None:
        self._value = None
