"""Which interventions a person sees: the one rule, as a condition for the database and as a word on a single row."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from gisplatform.models import User
from gisplatform.roles import Scope


@dataclass(frozen=True)
class WorkSight:
    """A company sees what it carries out, once a manager has validated it, and nothing else. Staff see what the
    departments of their scope (`gisplatform.roles`) ordered or carry out.
    """

    everything: bool = False
    company: bool = False
    departments: frozenset[int] = frozenset()

    @classmethod
    def of(cls, user: User | AnonymousUser) -> "WorkSight":
        if not user.is_authenticated:
            return cls()
        if user.scope == Scope.EVERYTHING:
            return cls(everything=True)
        if user.department_id is None:
            return cls()
        if user.may("company_work"):
            return cls(company=True, departments=frozenset(user.below))
        return cls(departments=frozenset(user.sight)) if user.may("view_requests") else cls()

    @property
    def nothing(self) -> bool:
        return not (self.everything or self.departments)

    def condition(self) -> Q:
        """For the database, of somebody who sees neither nothing nor everything."""
        near = sorted(self.departments)
        if self.company:
            return Q(executed_by__in=near, validated_at__isnull=False)
        return Q(department__in=near) | Q(executed_by__in=near)

    def holds(self, *, department_id: int, executed_by_id: int, validated: bool) -> bool:
        """Of one row: what `condition` says of all."""
        if self.everything:
            return True
        if self.company:
            return validated and executed_by_id in self.departments
        return department_id in self.departments or executed_by_id in self.departments
