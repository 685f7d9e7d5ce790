"""The mails to requesters: one template for each family of news, as text and as simple HTML."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


def compose(event: Event, request: ServiceRequest) -> EmailMultiAlternatives:
    """The mail that tells `event` to the requester of `request`: the event's own, or one that has joined it.

    It speaks of the state the event reached: when it goes out late, the request may be further on. Who has joined
    another request hears how that one stands, and reads their own reference.
    """
    if request.requester is None:
        raise ValueError("nobody to write to")
    family, news = SAID[event.move] if event.kind == Event.Kind.MOVED else SUBMITTED
    told, state = _of(event)
    joined = told if told.pk != request.pk else None
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "request": request,
            "event": event,
            "joined": words.joined(joined.reference) if joined else "",
            "sentence": _sentence(event, told, state),
            "why": words.why(event.move),
            "contact": words.reached(told.department),
            "promise": words.promise(state=state, due_at=told.due_at, now=event.at),
            "link": settings.PUBLIC_URL + reverse("tracking", args=[request.tracking_token]),
        }
        # Django refuses a header with a line break; a category's name must not make a mail impossible.
        facts = {"reference": request.reference, "news": news, "category": " ".join(request.category.name.split())}
        subject = _("Request %(reference)s – %(news)s: %(category)s") % facts
        mail = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"mail/{family}.txt", context),
            to=[request.requester.email],
            headers={
                "Message-ID": f"<{_name(event, request)}@{urlsplit(settings.PUBLIC_URL).hostname}>",
                "Auto-Submitted": "auto-generated",  # RFC 3834: keeps absence notices from answering
            },
        )
        mail.attach_alternative(render_to_string(f"mail/{family}.html", {**context, "subject": subject}), "text/html")
    return mail


def _of(event: Event) -> tuple[ServiceRequest, str]:
    """The request an event makes one look at, and its state: to join one is to look at that one from then on."""
    if event.other is not None and event.to_state == State.DUPLICATE:
        return event.other, event.other.state
    return event.request, event.to_state


def _name(event: Event, request: ServiceRequest) -> str:
    return f"event-{event.pk}" if request.pk == event.request_id else f"event-{event.pk}-{request.pk}"


def _sentence(event: Event, told: ServiceRequest, state: str) -> str:
    if event.move == "reopen":
        return _("Your request is open again: we look at it anew.")
    if event.move == "reschedule":
        return words.announced(event)
    if event.move == "verify":
        return _("The work is done, and it has been checked.")
    if event.move == "redirect" and told.department is not None:
        return words.handed(told.department, told.due_at)
    if event.move == "answer":
        return _("Here is our answer to your request.")
    return words.sentence(state=state, department=told.department, due_at=told.due_at)
