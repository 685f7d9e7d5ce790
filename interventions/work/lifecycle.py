"""The one table of an intervention's life: its states, the moves between them, and what each does to its requests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    TO_VALIDATE = "to_validate", _("Awaits a manager")
    TO_DO = "to_do", _("To do")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


TO_COME = (State.TO_DO, State.IN_PROGRESS)
LIVE = (State.TO_VALIDATE, *TO_COME)


@dataclass(frozen=True)
class Move:
    """`on_requests` is the move its requests make with it, where their own state allows it."""

    label: Any
    origins: tuple[State, ...]
    to: State
    permissions: tuple[str, ...]  # any of them
    on_requests: str = ""
    needs_reason: bool = False


BY_WORKERS = ("work_request", "company_work")

MOVES = {
    "validate": Move(_("Validate"), (State.TO_VALIDATE,), State.TO_DO, ("validate_work",), "plan"),
    "start": Move(_("Begin the work"), (State.TO_DO,), State.IN_PROGRESS, BY_WORKERS, "start"),
    "finish": Move(_("Record as done"), TO_COME, State.DONE, BY_WORKERS, "finish"),
    "cancel": Move(_("Take it back"), LIVE, State.CANCELLED, ("evaluate_request",), needs_reason=True),
}


def possible(*, state: str, may: Callable[[str], bool]) -> dict[str, Move]:
    """The moves open in this state to somebody with these permissions (`user.may`), in the order of the table."""
    return {name: move for name, move in MOVES.items() if state in move.origins and any(map(may, move.permissions))}
