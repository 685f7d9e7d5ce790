"""Questions about the tree of departments."""

import datetime

from django.db.models import Q, QuerySet

from gisplatform import sql
from gisplatform.models import Department, User


def in_use(on: datetime.date) -> QuerySet[Department]:
    """Departments not retired by that day."""
    return Department.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))


def issuers(user: User, on: datetime.date) -> QuerySet[Department]:
    """Departments a person may log a request for: those of their authority, in use on that day."""
    if user.is_superuser or user.department is None:
        return in_use(on) if user.is_superuser else Department.objects.none()
    return in_use(on).filter(authority=user.department.authority_id)


def below(department_id: int | None) -> list[int]:
    """Ids of every department under this one, at any depth; [] for None. One query."""
    return [row["id"] for row in sql.rows(sql.load("gisplatform", "departments_below"), {"top": department_id})]
