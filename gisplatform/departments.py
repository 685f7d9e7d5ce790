"""Questions about the tree of departments."""

import datetime

from django.db.models import Q, QuerySet

from gisplatform import sql
from gisplatform.models import Department


def in_use(on: datetime.date) -> QuerySet[Department]:
    """Departments not retired by that day."""
    return Department.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))


def below(department_id: int | None) -> list[int]:
    """Ids of every department under this one, at any depth; [] for None. One query."""
    return [row["id"] for row in sql.rows(sql.load("gisplatform", "departments_below"), {"top": department_id})]
