"""The one table of what people are told: each kind of news, whom it may reach, and how, unless they choose.

Who evaluates is not told of each request that comes in: their queue is that list. They are told how many wait.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gisplatform.models import User
from gisplatform.roles import PERMISSIONS, ROLES


class How(TextChoices):
    """From the quietest to the loudest."""

    NOTHING = "nothing", _("Do not tell me")
    HERE = "here", _("Here only")
    DIGEST = "digest", _("In the mail of the day")
    PRESSING = "pressing", _("At once when it is urgent, else in the mail of the day")
    IMMEDIATE = "immediate", _("By mail at once")


class Kind(TextChoices):
    """From the gravest to the slightest: an event that concerns somebody twice is told as the first of them."""

    NOT_FIXED = "not_fixed", _("“It is not repaired”")
    RETURNED = "returned", _("Work taken back")
    ENTRUSTED = "entrusted", _("Work to do")
    TO_VALIDATE = "to_validate", _("Work to validate")
    RECEIVED = "received", _("Request for my department")
    TO_SORT = "to_sort", _("Request that nobody answers")
    REQUESTER = "requester", _("News of the requester")
    OUTCOME = "outcome", _("What becomes of my requests")
    NOTE = "note", _("Note of a colleague")
    REROUTED = "rerouted", _("Requests moved by new zones")
    WAITING = "waiting", _("How many requests wait")


@dataclass(frozen=True)
class Sort:
    """`said` stands beside the choice. `permissions`: any of them. `usual` is by role; HERE where none is named."""

    said: Any
    icon: str
    permissions: frozenset[str]
    usual: dict[str, How]
    ways: tuple[How, ...] = tuple(How)


def _sort(said: Any, icon: str, permissions: str, ways: tuple[How, ...] = tuple(How), **usual: How) -> Sort:
    return Sort(said, icon, frozenset(permissions.split()), usual, ways)


SORTS = {
    Kind.NOT_FIXED: _sort(
        _("Somebody who asked says that what was done or closed is not repaired; it is to be evaluated again."),
        "flag", "evaluate_request work_request log_request",
        regulator=How.IMMEDIATE, member=How.PRESSING,
    ),
    Kind.RETURNED: _sort(
        _("Work entrusted to you is taken back, or no longer asked for: do not go there."),
        "undo", "company_work work_request",
        contractor=How.IMMEDIATE, member=How.DIGEST,
    ),
    Kind.ENTRUSTED: _sort(
        _("Work is entrusted to your company or accepted for your department."),
        "planned", "company_work work_request",
        contractor=How.PRESSING, member=How.PRESSING,
    ),
    Kind.TO_VALIDATE: _sort(
        _("Work ordered from a company waits for your validation."),
        "to-evaluate", "validate_work",
        manager=How.PRESSING,
    ),
    Kind.RECEIVED: _sort(
        _("A request comes to your own department, by the rules or from a colleague."),
        "inbox", "view_requests",
    ),
    Kind.TO_SORT: _sort(
        _("No rule says who answers a request that your authority logged."),
        "to-sort", "evaluate_request",
        manager=How.NOTHING,
    ),
    Kind.REQUESTER: _sort(
        _("Who asked adds words or a photo to a request of yours or of your department; or no message reaches them."),
        "user", "log_request work_request",
        agent=How.DIGEST, member=How.DIGEST,
    ),
    Kind.OUTCOME: _sort(
        _("A request you logged is refused, answered, closed or handed on; work you ordered is done."),
        "done", "log_request evaluate_request",
        agent=How.DIGEST, technician=How.DIGEST,
    ),
    Kind.NOTE: _sort(
        _("A colleague writes a note on a request you logged or had in hand."),
        "note", "log_request",
    ),
    Kind.REROUTED: _sort(
        _("New zones come into force and requests come to your department, or leave it: one message, with counts."
          " Who published them is told here when all requests have been looked at."),
        "route", "view_requests manage_layers",
        (How.NOTHING, How.HERE, How.DIGEST, How.IMMEDIATE),
        **dict.fromkeys(ROLES, How.IMMEDIATE),
    ),
    Kind.WAITING: _sort(
        _("The mail of the day says how many requests wait to be evaluated or sorted."),
        "to-evaluate", "evaluate_request",
        (How.NOTHING, How.DIGEST),
        regulator=How.DIGEST, manager=How.NOTHING,
    ),
}  # fmt: skip


def kinds_for(user: User) -> list[Kind]:
    """Those that may ever reach this person, by their permissions."""
    return [kind for kind, sort in SORTS.items() if any(map(user.may, sorted(sort.permissions)))]


def usual(kind: Kind, roles: frozenset[str]) -> How:
    """How somebody with these roles hears of it unless they choose: the loudest of what each role is given."""
    order = list(How)
    given = [SORTS[kind].usual.get(role, How.HERE) for role in roles if role in ROLES]
    found = max(given, key=order.index, default=How.HERE)
    return found if found in SORTS[kind].ways else How.NOTHING


def roles_as_rows() -> list[dict[str, Any]]:
    """What the statement that tells needs to know of each role: its scope, and what it may do."""
    return [
        {"role": code, "scope": int(role.scope), **{name: name in role.permissions for name in sorted(PERMISSIONS)}}
        for code, role in ROLES.items()
    ]


def usual_as_rows() -> list[dict[str, str]]:
    return [
        {"role": role, "kind": kind.value, "how": usual(kind, frozenset([role])).value}
        for kind in SORTS
        for role in ROLES
    ]
