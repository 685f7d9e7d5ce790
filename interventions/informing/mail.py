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
    "merge": (ENDED, gettext_lazy("already reported")),
    "cancel": (ENDED, gettext_lazy("cancelled")),
}
SUBMITTED = (RECEIVED, gettext_lazy("registered"))


def compose(event: Event) -> EmailMultiAlternatives:
    """The mail that tells `event` (with its request, category, department and requester) to the requester.

    It speaks of the state the event reached: when it goes out late, the request may be further on.
    """
    request = event.request
    if request.requester is None:
        raise ValueError("nobody to write to")
    family, news = SAID[event.move] if event.kind == Event.Kind.MOVED else SUBMITTED
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "request": request,
            "event": event,
            "sentence": _sentence(event),
            "why": words.why(event.move),
            "contact": words.reached(request.department),
            "promise": words.promise(state=event.to_state, due_at=request.due_at, now=event.at),
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
                "Message-ID": f"<event-{event.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>",
                "Auto-Submitted": "auto-generated",  # RFC 3834: keeps absence notices from answering
            },
        )
        mail.attach_alternative(render_to_string(f"mail/{family}.html", {**context, "subject": subject}), "text/html")
    return mail


def _sentence(event: Event) -> str:
    request = event.request
    if event.move == "reopen":
        return _("Your request is open again: we look at it anew.")
    if event.move == "verify":
        return _("The work is done, and it has been checked.")
    if event.move == "redirect" and request.department is not None:
        return words.handed(request.department, request.due_at)
    if event.move == "answer":
        return _("Here is our answer to your request.")
    return words.sentence(state=event.to_state, department=request.department, due_at=request.due_at)
