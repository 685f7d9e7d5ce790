"""The one table of a request's life: its states, the moves between them, and what each move needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    TO_SORT = "to_sort", _("To sort")
    TO_EVALUATE = "to_evaluate", _("To evaluate")
    ACCEPTED = "accepted", _("Accepted")
    WATCHED = "watched", _("Watched")
    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    CLOSED = "closed", _("Closed")
    REFUSED = "refused", _("Refused")
    DUPLICATE = "duplicate", _("Duplicate")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (
    State.TO_SORT, State.TO_EVALUATE, State.ACCEPTED, State.WATCHED, State.PLANNED, State.IN_PROGRESS, State.DONE,
)  # fmt: skip
UNDECIDED = (State.TO_SORT, State.TO_EVALUATE)
AT_WORK = (State.ACCEPTED, State.WATCHED, State.PLANNED, State.IN_PROGRESS)
AWAITED = (*UNDECIDED, *AT_WORK)  # somebody still waits for the work: past its date, such a request is late
ENDED = (State.CLOSED, State.REFUSED, State.DUPLICATE, State.CANCELLED)


@dataclass(frozen=True)
class Move:
    """`to` is None when the state stays as it is."""

    label: Any
    origins: tuple[State, ...]
    to: State | None
    permission: str
    needs_reason: bool = False
    public: bool = True  # its text and state are shown to the requester


MOVES = {
    "accept": Move(_("Accept"), UNDECIDED, State.ACCEPTED, "evaluate_request"),
    "redirect": Move(_("Redirect"), (*UNDECIDED, *AT_WORK), State.TO_EVALUATE, "evaluate_request", needs_reason=True),
    "refuse": Move(_("Refuse"), UNDECIDED, State.REFUSED, "evaluate_request", needs_reason=True),
    "answer": Move(_("Answer at once"), UNDECIDED, State.CLOSED, "log_request", needs_reason=True),
    "watch": Move(_("Watch"), (State.ACCEPTED,), State.WATCHED, "evaluate_request"),
    "plan": Move(pgettext_lazy("move", "Plan"), (State.ACCEPTED, State.WATCHED), State.PLANNED, "work_request"),
    "start": Move(_("Start"), (State.ACCEPTED, State.WATCHED, State.PLANNED), State.IN_PROGRESS, "work_request"),
    "finish": Move(_("Finish"), (State.ACCEPTED, State.PLANNED, State.IN_PROGRESS), State.DONE, "work_request"),
    "verify": Move(_("Verify"), (State.DONE,), None, "close_request"),
    "close": Move(pgettext_lazy("move", "Close"), (State.DONE, State.WATCHED), State.CLOSED, "close_request"),
    "reopen": Move(_("Reopen"), (State.DONE, *ENDED), State.TO_EVALUATE, "close_request", needs_reason=True),
    "reschedule": Move(_("Announce another date"), AWAITED, None, "work_request", needs_reason=True),
    "merge": Move(_("Same problem"), (*UNDECIDED, *AT_WORK), State.DUPLICATE, "evaluate_request"),
    "cancel": Move(_("Cancel"), (*UNDECIDED, *AT_WORK), State.CANCELLED, "log_request", needs_reason=True),
}


def possible(*, state: str, may: Callable[[str], bool]) -> dict[str, Move]:
    """The moves open in this state to somebody with these permissions (`user.may`), in the order of the table."""
    return {name: move for name, move in MOVES.items() if state in move.origins and may(move.permission)}
