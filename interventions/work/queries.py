"""Which interventions, for whom."""

import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models.functions import PointOnSurface, Transform
from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, When

from gisplatform.geo import WGS84
from gisplatform.models import Department, User
from interventions.requests.lifecycle import AT_WORK
from interventions.requests.models import ServiceRequest
from interventions.work.lifecycle import LIVE, State
from interventions.work.sight import WorkSight


class InterventionQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows this person may see: `interventions.work.sight` says which."""
        sight = WorkSight.of(user)
        if sight.nothing:
            return self.none()
        return self if sight.everything else self.filter(sight.condition())

    def still_asked_for(self, *, one_by_one: bool = False) -> Self:
        """Without those whose requests were all finished, refused or redirected by another way.

        To be counted, they are found together. `one_by_one`, each is looked at when it is met along an index: for a
        page. PostgreSQL makes a join of EXISTS, which reads them all.
        """
        requests = ServiceRequest.objects.filter(interventions=OuterRef("pk"), state__in=AT_WORK)
        if one_by_one:
            return self.alias(asked_by=Subquery(requests.values("pk")[:1])).filter(asked_by__isnull=False)
        return self.filter(Exists(requests))

    def awaiting_validation(self) -> Self:
        return self.filter(state=State.TO_VALIDATE).still_asked_for()

    def asked_for_by_state(self) -> dict[str, int]:
        """How many wait in each state to be validated or done, and are still asked for. One query."""
        rows = self.live().still_asked_for().order_by().values("state").annotate(held=Count("pk"))
        return dict(rows.values_list("state", "held"))

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def with_names(self) -> Self:
        """With what every screen names; their requests, categories and photos in three queries more.

        `position` is a point of the place itself, in longitude and latitude.
        """
        placed = self.annotate(position=Transform(PointOnSurface("geom"), WGS84))
        return placed.select_related("department__authority", "executed_by").prefetch_related(
            models.Prefetch("requests", ServiceRequest.objects.select_related("category").order_by("id")),
            "requests__attachments",
            "photos",
        )

    def with_lateness(self, now: datetime.datetime) -> Self:
        """With `late`: still to be done, and past its date at `now`."""
        return self.annotate(late=Case(When(due_at__lt=now, state__in=LIVE, then=True), default=False))


def companies_of(department: Department | None) -> models.QuerySet[Department]:
    """Companies that work for the authority of a department; none for None."""
    if department is None:
        return Department.objects.none()
    company = Q(kind=Department.Kind.CONTRACTOR, retired_on=None)
    return Department.objects.filter(company, authority=department.authority_id).order_by("name")
