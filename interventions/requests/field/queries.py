"""What a technician most likely needs next, and what they sent."""

import datetime
from itertools import groupby

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Count, Max, QuerySet

from gisplatform.models import User
from interventions.glossary.models import Category, Family
from interventions.glossary.queries import in_use
from interventions.requests.models import ServiceRequest

OFFERED = 4
AROUND_M = 400
LATELY = datetime.timedelta(days=180)
SHOWN = 30


def families(on: datetime.date) -> list[tuple[Family, list[Category]]]:
    """The glossary as a list to choose from. One query."""
    return [(family, list(under)) for family, under in groupby(in_use(on), key=lambda each: each.family)]


def recent(author: User, *, now: datetime.datetime) -> list[str]:
    """Codes of the categories this person used last, the latest first. One query."""
    mine = ServiceRequest.objects.filter(author=author, submitted_at__gte=now - LATELY)
    used = mine.order_by().values("category__code").annotate(last=Max("id")).order_by("-last")
    return list(used.values_list("category__code", flat=True)[:OFFERED])


def frequent_here(here: GEOSGeometry, *, user: User, now: datetime.datetime) -> list[str]:
    """Codes of the categories most asked for within 400 m of `here` (storage CRS) these six months. One query.

    Among what `user` may see.
    """
    seen = ServiceRequest.objects.visible_to(user)
    near = seen.near(here, within_m=AROUND_M).filter(submitted_at__gte=now - LATELY)
    counted = near.order_by().values("category__code").annotate(asked=Count("id")).order_by("-asked", "category__code")
    return list(counted.values_list("category__code", flat=True)[:OFFERED])


def captures(author: User) -> QuerySet[ServiceRequest]:
    """The latest requests this person logged, with what a row names."""
    mine = ServiceRequest.objects.filter(author=author).select_related("category", "department")
    return mine.defer("geom", "geom_3857").order_by("-submitted_at", "-id")[:SHOWN]
