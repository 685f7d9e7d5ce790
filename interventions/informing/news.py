"""What there is to tell of an event to one requester: the same for a mail and for an SMS."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform.models import Department
from interventions.events.models import Event
from interventions.informing import words
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest

RECEIVED, PROGRESS, REDIRECTED, ENDED = "received", "progress", "redirected", "ended"

# Each public move: its family of mail and what its subject says.
SAID = {
    "accept": (PROGRESS, gettext_lazy("accepted")),
    "redirect": (REDIRECTED, gettext_lazy("handed to another service")),
    "refuse": (ENDED, gettext_lazy("not accepted")),
    "answer": (ENDED, gettext_lazy("our answer")),
    "watch": (PROGRESS, gettext_lazy("followed")),
    "plan": (PROGRESS, gettext_lazy("work planned")),
    "start": (PROGRESS, gettext_lazy("work begun")),
    "finish": (PROGRESS, gettext_lazy("work done")),
    "verify": (PROGRESS, gettext_lazy("work checked")),
    "close": (ENDED, gettext_lazy("closed")),
    "reopen": (PROGRESS, gettext_lazy("reopened")),
    "reschedule": (PROGRESS, gettext_lazy("new date")),
    "merge": (PROGRESS, gettext_lazy("already reported")),
    "cancel": (ENDED, gettext_lazy("cancelled")),
}
SUBMITTED = (RECEIVED, gettext_lazy("registered"))


@dataclass(frozen=True)
class News:
    """It speaks of the state the event reached: told late, the request may be further on.

    `told` is the request it is about: `request` itself, whose requester reads it, or the one that has joined.
    """

    event: Event
    request: ServiceRequest
    told: ServiceRequest
    state: str

    @classmethod
    def of(cls, event: Event, request: ServiceRequest) -> "News":
        # To join a request is to look at that one from then on.
        if event.other is not None and event.to_state == State.DUPLICATE:
            return cls(event, request, event.other, event.other.state)
        return cls(event, request, event.request, event.to_state)

    @property
    def family(self) -> str:
        return self._kind[0]

    @property
    def said(self) -> Any:
        """In two or three words."""
        return self._kind[1]

    @property
    def _kind(self) -> tuple[str, Any]:
        return SAID[self.event.move] if self.event.kind == Event.Kind.MOVED else SUBMITTED

    @property
    def name(self) -> str:
        """The same each time it is sent: it is by this name that whoever gets it twice knows it is the same."""
        event, request = self.event, self.request
        own = f"event-{event.pk}" if request.pk == event.request_id else f"event-{event.pk}-{request.pk}"
        return f"{own}@{urlsplit(settings.PUBLIC_URL).hostname}"

    @property
    def link(self) -> str:
        return settings.PUBLIC_URL + reverse("tracking", args=[self.request.tracking_token])

    @property
    def department(self) -> Department | None:
        """Who answers."""
        return self.told.department

    @property
    def joined(self) -> str:
        """Who has joined another request hears how that one stands, and reads their own reference."""
        return words.joined(self.told.reference) if self.told.pk != self.request.pk else ""

    @property
    def sentence(self) -> str:
        event, department, due_at = self.event, self.department, self.told.due_at
        if event.move == "reopen":
            return _("Your request is open again: we look at it anew.")
        if event.move == "reschedule":
            return words.announced(event)
        if event.move == "verify":
            return _("The work is done, and it has been checked.")
        if event.move == "redirect" and department is not None:
            return words.handed(department, due_at)
        if event.move == "answer":
            return _("Here is our answer to your request.")
        return words.sentence(state=self.state, department=department, due_at=due_at)

    @property
    def promise(self) -> str:
        """What was announced, as it stood when it happened."""
        if self.event.move == "reschedule":
            return words.before(self.event)
        if self.event.due_to is not None:
            return words.announced(self.event)
        return words.promise(state=self.state, due_at=self.told.due_at, now=self.event.at)
