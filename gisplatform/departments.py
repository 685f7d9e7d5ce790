"""Which departments may be chosen."""

import datetime

from django.db.models import Q, QuerySet

from gisplatform.models import Department, User


def in_use(on: datetime.date) -> QuerySet[Department]:
    """Departments not retired by that day."""
    return Department.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))


def issuers(user: User, on: datetime.date) -> QuerySet[Department]:
    """Departments a person may log a request for: those of their authority, in use on that day."""
    if user.is_superuser or user.department is None:
        return in_use(on) if user.is_superuser else Department.objects.none()
    return in_use(on).filter(authority=user.department.authority_id)
