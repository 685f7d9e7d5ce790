"""Which requests a person sees: the one rule, as a condition for the database and as a word on a single row."""

from dataclasses import dataclass
from typing import Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from gisplatform.models import User
from gisplatform.roles import Scope
from interventions.requests.lifecycle import State


class Seen(Protocol):
    author_id: int | None
    department_id: int | None
    issued_by_id: int | None
    state: str


@dataclass(frozen=True)
class Sight:
    """By the widest scope of their roles (`gisplatform.roles`).

    A request belongs to the departments that issued and that must answer it, and to their authorities; one that nobody
    must answer yet stays with who issued it, and with whoever may evaluate.
    """

    nothing: bool = False
    everything: bool = False
    author_id: int | None = None
    departments: frozenset[int] = frozenset()
    unsorted: bool = False

    @classmethod
    def of(cls, user: User | AnonymousUser) -> "Sight":
        if not user.is_authenticated or not user.may("view_requests"):
            return cls(nothing=True)
        if user.scope == Scope.EVERYTHING:
            return cls(everything=True)
        if user.department_id is None:
            return cls(author_id=user.pk) if user.scope > Scope.NOTHING else cls(nothing=True)
        return cls(
            author_id=user.pk,
            departments=frozenset(user.sight),
            unsorted=user.scope == Scope.AUTHORITY and user.may("evaluate_request"),
        )

    def condition(self) -> Q:
        """For the database, of somebody who sees neither nothing nor everything."""
        mine = Q(author=self.author_id)
        if self.departments:
            near = sorted(self.departments)
            mine |= Q(department__in=near) | Q(issued_by__in=near)
        if self.unsorted:
            mine |= Q(state=State.TO_SORT, department__isnull=True)
        return mine

    def holds(self, row: Seen) -> bool:
        """Of one row: what `condition` says of all."""
        if self.nothing or self.everything:
            return self.everything
        return (
            row.author_id == self.author_id
            or row.department_id in self.departments
            or row.issued_by_id in self.departments
            or (self.unsorted and row.state == State.TO_SORT and row.department_id is None)
        )
