"""What may become of a message that was not said yes to."""

from typing import Any


class Undecided(Exception):
    """Try again later. `message` is its row in the outbox, where there is one yet."""

    message: Any = None


class NotTaken(Undecided):
    """It was not sent, that is sure."""


class Unanswered(Undecided):
    """It was handed over whole and no answer came: it may have been sent: whoever tries again says so."""


class Refused(Exception):
    """It was refused for good. `code` as the server gave it; `nobody`: there is nobody at this address."""

    def __init__(self, code: str, *, nobody: bool = False) -> None:
        super().__init__(code)
        self.code, self.nobody = code, nobody
