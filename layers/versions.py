"""Questions about versions of layers."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class VersionQuerySet(models.QuerySet):
    def in_force(self, on: datetime.date) -> Self:
        """Those published and valid on that day: one a layer at most."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on),
            status__in=("published", "superseded"),
            valid_from__lte=on,
        )

    def to_come(self, on: datetime.date) -> Self:
        """Those published for a later day."""
        return self.filter(status="published", valid_from__gt=on)
