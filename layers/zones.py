"""Questions about zones. The border counts as inside."""

import datetime
from typing import Self

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import GEOSGeometry
from django.db import models
from django.db.models import Q


class ZoneQuerySet(models.QuerySet):
    def in_force(self, on: datetime.date) -> Self:
        """Zones of the versions published and valid on that day."""
        return self.filter(
            Q(version__valid_to__isnull=True) | Q(version__valid_to__gt=on),
            version__status__in=("published", "superseded"),
            version__valid_from__lte=on,
        )

    def covering(self, geom: GEOSGeometry) -> Self:
        """Zones that meet `geom` (storage CRS), border included, in a stable order."""
        return self.filter(geom__intersects=geom).order_by("version__layer__code", "area_m2", "id")

    def near(self, geom: GEOSGeometry, *, within_m: float) -> Self:
        """Zones within `within_m` metres of `geom` (storage CRS), nearest first, ties by id. Uses the GiST index."""
        return (
            self.filter(geom__dwithin=(geom, within_m)).annotate(away_m=Distance("geom", geom)).order_by("away_m", "id")
        )

    def of_territory(self) -> Self:
        """Zones of the layers that are the territory served."""
        return self.filter(version__layer__territory=True)
