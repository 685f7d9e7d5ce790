"""The four or five steps of a request, made of its public events alone."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from interventions.events.models import Event
from interventions.informing import words
from interventions.requests.lifecycle import State

LABELS = (_("Received"), _("Looked at"), _("Work planned"), _("Work done"), _("Closed"))
STEP_OF = {
    State.TO_SORT: 0, State.TO_EVALUATE: 0, State.ACCEPTED: 1, State.WATCHED: 1, State.PLANNED: 2,
    State.IN_PROGRESS: 2, State.DONE: 3, State.CLOSED: 4,
}  # fmt: skip
COLOURS = (State.TO_EVALUATE, State.ACCEPTED, State.PLANNED, State.DONE, State.CLOSED)
# States and moves that change what a step is called.
UNDER_WAY, ANSWERED = _("Work under way"), _("Answered")
OTHER_ENDS = {
    State.REFUSED: _("Not accepted"), State.DUPLICATE: _("Already reported"), State.CANCELLED: _("Cancelled"),
}  # fmt: skip


@dataclass
class Step:
    label: Any
    state: str  # for the colour of its dot
    at: datetime.datetime | None = None  # None: not reached, or passed over
    reached: bool = False
    current: bool = False
    texts: list[str] = field(default_factory=list)


def joined_events(own: Sequence[Event], of_principal: Sequence[Event]) -> list[Event]:
    """What a requester sees who joined another request: when they asked, then what became of that one.

    What was written to its requester before they joined was not written to them.
    """
    received, *later = own
    since = max((event.id for event in own if event.other_id is not None), default=received.id)
    received.text = next((event.text for event in reversed(later) if event.move == "merge"), "")
    moves = [event for event in of_principal if event.kind == Event.Kind.MOVED]
    for event in moves:
        if event.id < since:
            event.text = ""
    return [received, *moves]


def steps(events: Iterable[Event]) -> list[Step]:
    """The steps of a request from its public events, the oldest first.

    While it is open all five are shown; once it has ended, only those it went through, so that none looks missed.
    Reopened or redirected, it begins again after the first.
    """
    line = _untouched()
    ended = False
    for event in events:
        if event.move in ("reopen", "redirect"):
            line = [line[0], *_untouched()[1:]]
        asked = event.kind == Event.Kind.SUBMITTED
        step = line[0 if asked else STEP_OF.get(State(event.to_state), len(LABELS) - 1)]
        ended = step is line[-1]
        if not (asked and event.to_state == State.DUPLICATE):
            step.label, step.state = _label(event, step), event.to_state
        step.reached, step.at = True, step.at or event.at
        said = " ".join(filter(None, [words.announced(event), event.text]))
        if said:
            step.texts.append(said)
    last = max((number for number, step in enumerate(line) if step.reached), default=0)
    line[last].current = True
    if ended:
        return [step for step in line if step.reached]
    for step in line[:last]:
        step.reached = True
    return line


def _untouched() -> list[Step]:
    return [Step(label, state) for label, state in zip(LABELS, COLOURS, strict=True)]


def _label(event: Event, step: Step) -> Any:
    if event.move == "answer":
        return ANSWERED
    if event.to_state == State.IN_PROGRESS:
        return UNDER_WAY
    return OTHER_ENDS.get(State(event.to_state), step.label)
