"""Which requests, for whom."""

import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models.functions import PointOnSurface, Transform
from django.db import models
from django.db.models import Case, Count, OuterRef, Subquery, When
from django.db.models.functions import Coalesce

from gisplatform.geo import WGS84
from gisplatform.models import User
from interventions.requests.lifecycle import AWAITED, ENDED, OPEN
from interventions.requests.sight import Sight

if TYPE_CHECKING:
    from django.contrib.gis.geos import GEOSGeometry


class ServiceRequestQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows this person may see: `interventions.requests.sight` says which."""
        sight = Sight.of(user)
        if sight.nothing:
            return self.none()
        return self if sight.everything else self.filter(sight.condition())

    def with_names(self) -> Self:
        """With what every screen and answer names: category, family, department, authority, decision, requester."""
        return self.select_related(
            "category__family",
            "department__authority",
            "issued_by__authority",
            "decision__reason",
            "requester",
            "author",
        )

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def ended(self) -> Self:
        return self.filter(state__in=ENDED)

    def near(self, geom: "GEOSGeometry", *, within_m: float) -> Self:
        """Requests within `within_m` metres of `geom` (storage CRS). Uses the GiST index."""
        return self.filter(geom__dwithin=(geom, within_m))

    def with_position(self) -> Self:
        """With `position`: a point of the place itself, in longitude and latitude, for a pin on a map."""
        return self.annotate(position=Transform(PointOnSurface("geom"), WGS84))

    def with_callers(self) -> Self:
        """With `callers`: how many requests tell of this problem, it and those that joined it."""
        joined = type(self)(self.model).filter(duplicate_of=OuterRef("pk")).values("duplicate_of")
        counted = joined.annotate(count=Count("pk")).values("count")
        return self.annotate(callers=Coalesce(Subquery(counted), 0) + 1)

    def with_lateness(self, now: datetime.datetime) -> Self:
        """With `late`: still awaited, and past its announced date at `now`."""
        return self.annotate(late=Case(When(due_at__lt=now, state__in=AWAITED, then=True), default=False))


class ServiceRequestManager(models.Manager.from_queryset(ServiceRequestQuerySet)):  # type: ignore[misc]
    """Leaves the words where they are: they are looked into by the database, never read."""

    def get_queryset(self) -> ServiceRequestQuerySet:
        return super().get_queryset().defer("words")
