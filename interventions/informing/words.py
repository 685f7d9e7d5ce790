"""What a requester reads of where their request stands: plain sentences, for the page and for the mails alike."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gisplatform import moments
from gisplatform.models import Authority, Department
from interventions.events.models import Event
from interventions.requests.lifecycle import AT_WORK, AWAITED, State

# With a department to name, and without.
STANDS = {
    State.TO_SORT: (
        gettext_lazy("Your request is registered; %(department)s is looking at who must answer it."),
        gettext_lazy("Your request is registered; we are looking for the service that must answer it."),
    ),
    State.TO_EVALUATE: (
        gettext_lazy("Your request is registered; %(department)s must answer it."),
        gettext_lazy("Your request is registered; we are looking for the service that must answer it."),
    ),
    State.ACCEPTED: (
        gettext_lazy("Your request is accepted: %(department)s takes care of it."),
        gettext_lazy("Your request is accepted."),
    ),
    State.WATCHED: (
        gettext_lazy("Your request is followed: %(department)s keeps an eye on this place."),
        gettext_lazy("Your request is followed: we keep an eye on this place."),
    ),
    State.PLANNED: (
        gettext_lazy("The work is planned; %(department)s is in charge of it."),
        gettext_lazy("The work is planned."),
    ),
    State.IN_PROGRESS: (
        gettext_lazy("The work has begun; %(department)s is in charge of it."),
        gettext_lazy("The work has begun."),
    ),
    State.DONE: (
        gettext_lazy("The work is done; %(department)s still has to check it."),
        gettext_lazy("The work is done; it still has to be checked."),
    ),
    State.CLOSED: (gettext_lazy("Your request is closed. Thank you for writing to us."),) * 2,
    State.REFUSED: (gettext_lazy("We cannot act on your request."),) * 2,
    State.DUPLICATE: (
        gettext_lazy("This problem had already been reported: your request has been joined to the first one."),
    )
    * 2,
    State.CANCELLED: (gettext_lazy("Your request has been cancelled."),) * 2,
}
NOT_REPAIRED = gettext_lazy("We were told that it is not repaired.")
ANSWERED = gettext_lazy("We have answered your request.")
DUE_BY = gettext_lazy("Your request is registered; %(department)s must answer it by %(day)s at the latest.")


def sentence(*, state: str, department: Department | None, due_at: datetime.datetime | None) -> str:
    """Where a request in `state` stands; while nobody has looked at it, until when an answer is due."""
    named, unnamed = STANDS[State(state)]
    if department is None:
        return str(unnamed)
    if state == State.TO_EVALUATE and due_at is not None:
        return DUE_BY % {"department": called(department), "day": day(due_at)}
    return str(named) % {"department": called(department)}


def joined(reference: str) -> str:
    """What is said, above all else, to who told of a problem after somebody else."""
    return _(
        "Your request joins one that was already reported (ref. %(reference)s): we tell you what becomes of it."
    ) % {"reference": reference}


def promise(*, state: str, due_at: datetime.datetime | None, now: datetime.datetime) -> str:
    """What can be said of the announced date, "" when there is nothing to say."""
    if due_at is None or state not in AWAITED:
        return ""
    if due_at < now:
        return _("The announced date, %(day)s, has passed: please accept our apologies, and do call us.") % {
            "day": day(due_at)
        }
    if state in AT_WORK:
        return _("It should be settled by %(day)s at the latest.") % {"day": day(due_at)}
    return ""


def announced(event: Event) -> str:
    """The date an event announces instead of another, in the story of the request; "" for the rest."""
    if event.due_to is None:
        return ""
    return _("New date announced: %(day)s.") % {"day": day(event.due_to)}


def before(event: Event) -> str:
    """Which date was announced before this event announced another one; "" for the rest."""
    if event.due_from is None:
        return ""
    return _("The date has changed; %(day)s had been announced first.") % {"day": day(event.due_from)}


def redated(event: Event) -> str:
    """Which date was announced before this event, and why it is no longer that one."""
    said = before(event)
    if not said:
        return ""
    because = event.text.strip()
    return f"{said} {_('The reason:')} {because}" if because else said


def handed(department: Department, due_at: datetime.datetime | None) -> str:
    """Who answers from now on, after a redirection."""
    said = _("From now on %(department)s (%(authority)s) answers your request.") % {
        "department": called(department), "authority": department.authority.name,
    }  # fmt: skip
    return said if due_at is None else said + " " + _("The announced date stays %(day)s.") % {"day": day(due_at)}


def why(move: str) -> str:
    """What introduces the text of a move."""
    if move == "answer":
        return _("Our answer:")
    return _("The reason:") if move in ("refuse", "cancel", "reschedule") else _("The service adds:")


def reached(department: Department | None) -> Department | Authority | None:
    """Whom to call about a request: its department, or the authority where the department says nothing; or None."""
    if department is None:
        return None
    return next((each for each in (department, department.authority) if each.phone or each.email), None)


def called(department: Department) -> str:
    """A department inside a sentence: « le service Propreté urbaine »."""
    if department.kind in (Department.Kind.UTILITY, Department.Kind.CONTRACTOR):
        return _("the company %(name)s") % {"name": department.name}
    if department.kind == Department.Kind.POLE:
        return pgettext("neighbourhood hub", "the %(name)s") % {"name": department.name}
    return _("the department %(name)s") % {"name": department.name}


def day(instant: datetime.datetime) -> str:
    """« jeudi 26 novembre »: the dates of a request are near enough to do without the year."""
    return moments.day(instant, "l j F")
