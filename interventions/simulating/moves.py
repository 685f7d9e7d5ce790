"""Which moves of a simulation: those a person sees, those of a kind, those from one department to another."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

from gisplatform.models import User
from gisplatform.roles import Scope
from interventions.requests.models import ServiceRequest

if TYPE_CHECKING:
    from interventions.simulating.models import SimulatedMove  # noqa: F401 (its name stands in a string)

NONE = "-"  # in an address: no department, that is, to sort
SIDES = ("from", "to")
# Which moves: those of rules, which re-routing makes; among them those the change alone makes, and doubtful ones; and
# those it would not make.
MADE = Q(by_person=False, at_work=False)
KINDS = {
    "moved": MADE,
    "own": MADE & Q(anyway=False),
    "doubtful": MADE & Q(doubtful=True),
    "by_person": Q(by_person=True),
    "at_work": Q(at_work=True),
}
SETS = {"open": Q(is_open=True), "period": Q(in_period=True)}


class MoveQuerySet(models.QuerySet["SimulatedMove"]):
    def visible_to(self, user: User) -> Self:
        """Moves of requests this person may see; who sees every request sees them all, without looking at each."""
        if user.may("view_requests") and user.scope == Scope.EVERYTHING:
            return self.all()
        return self.filter(request__in=ServiceRequest.objects.visible_to(user))

    def between(self, before: str, after: str, *, by: str) -> Self:
        """From and to the departments or authorities of these codes; "" is any, NONE those to sort."""
        found = self
        for side, code in zip(SIDES, (before, after), strict=True):
            if code == NONE:
                found = found.filter(**{f"{side}_department__isnull": True})
            elif code:
                found = found.filter(**{f"{path(side, by)}__code": code})
        return found

    def counts(self) -> dict[str, int]:
        """How many of each kind. One query."""
        return self.aggregate(**{kind: Count("pk", filter=condition) for kind, condition in KINDS.items()})


def path(side: str, by: str) -> str:
    """The way from a move to one of its sides; `by` is department or authority."""
    return f"{side}_department" if by == "department" else f"{side}_department__authority"
