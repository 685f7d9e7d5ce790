"""Open requests close to the one being logged: perhaps somebody else told of the same problem first."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import OuterRef, Subquery

from gisplatform.models import User
from interventions.glossary.models import Category
from interventions.requests.models import Attachment, ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet

AT_MOST = 6
FARTHEST_M = 1000
RADII_M = (25, 50, 100, 250)


@dataclass(frozen=True)
class Nearby:
    """Requests in the order of their numbers on the map: each with `away`, `callers` and `photo` (an id or None)."""

    within_m: int
    rows: Sequence[ServiceRequest] = field(default_factory=tuple)
    more: bool = False  # there are others, further away
    joins: ServiceRequest | None = None  # the one the request being logged joins
    looked: bool = True  # false while the place is unknown

    @property
    def radii(self) -> list[int]:
        """Those to choose from, the city's own and the one chosen among them."""
        return sorted({*RADII_M, settings.NEARBY_M, self.within_m})


def look(
    *,
    user: User,
    category: Category | None,
    geom: GEOSGeometry | None,
    within_m: int | None,
    joins: ServiceRequest | None,
    now: datetime.datetime,
) -> Nearby | None:
    """Open requests of the same family that this person may see within `within_m` metres, nearest first.

    The one already chosen (`joins`) comes first when it is not among them, even while place or category are unknown;
    None when there is nothing to look at. Two statements at most.
    """
    reach, told = within_m or settings.NEARBY_M, _told(user, geom).with_lateness(now)
    found: list[ServiceRequest] = []
    if geom is not None and category is not None:
        same_family = told.open().filter(category__family=category.family_id).near(geom, within_m=reach)
        found = list(same_family.order_by("away", "id")[: AT_MOST + 1])
    elif joins is None:
        return None
    rows = found[:AT_MOST]
    if joins is not None and joins not in rows:
        rows = [*told.filter(pk=joins.pk), *rows[: AT_MOST - 1]]
    return Nearby(within_m=reach, rows=rows, more=len(found) > AT_MOST, joins=joins, looked=geom is not None)


def _told(user: User, geom: GEOSGeometry | None) -> ServiceRequestQuerySet:
    first_photo = Attachment.objects.filter(request=OuterRef("pk")).order_by("pk").values("pk")[:1]
    seen = ServiceRequest.objects.visible_to(user).select_related("category").with_callers()
    rows = seen.annotate(photo=Subquery(first_photo))
    return rows.annotate(away=Distance("geom", geom)) if geom is not None else rows
