"""What the screen tells while it is being filled in: who will answer, by when, and what is already known nearby."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.gis.db.models.functions import AsGeoJSON, Transform
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, Func
from django.utils import timezone

from gisplatform.geo import STORAGE_SRID, WGS84
from gisplatform.models import User
from interventions.glossary.models import Category
from interventions.requests.intake.nearby import Nearby, look
from interventions.requests.intake.place import zones_in_words
from interventions.requests.models import ServiceRequest
from interventions.requests.services import due_at
from interventions.routing import explain
from interventions.routing.decide import Answer, preview
from layers.models import Zone

OUTLINE_M = 2.0  # how much an outline may move to be lighter on its way to the map


@dataclass(frozen=True)
class Told:
    """The answer card. Each part is empty as long as the place or the category it needs is unknown."""

    category: Category | None = None
    placed: bool = False
    zones: str = ""
    due_on: datetime.date | None = None
    answer: Answer | None = None
    nearby: Nearby | None = None

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The winning candidate of the trace: department, authority, zone, rule; None when nobody answers."""
        return explain.chosen_of(self.answer.trace["candidates"]) if self.answer else None

    @property
    def rivals(self) -> list[dict[str, Any]]:
        return explain.rivals_of(self.answer.trace["candidates"]) if self.answer and self.answer.doubtful else []

    @property
    def spreads(self) -> bool:
        """Does the winning zone hold only a part of the line or the area?"""
        return self.chosen is not None and self.chosen["share"] < 1

    @property
    def sentence(self) -> str:
        if self.answer is None:
            return ""
        return explain.sentence(trace=self.answer.trace, border_distance_m=self.answer.border_distance_m)

    @property
    def reason(self) -> str:
        return under(self.chosen["department"]["name"], self.sentence) if self.chosen else ""


def under(department: str, sentence: str) -> str:
    """A sentence of `explain` as it stands under the department's name, which it begins with."""
    return sentence.removeprefix(department).lstrip(" \u00a0:")


def tell(
    *,
    user: User,
    category: Category | None,
    geom: GEOSGeometry | None,
    now: datetime.datetime,
    accuracy_m: float | None = None,
    within_m: int | None = None,
    joins: ServiceRequest | None = None,
) -> Told:
    """Everything the screen shows about a request not yet logged; `geom` in the storage CRS. Writes nothing.

    `within_m` is how far it looks for the same problem, `joins` the request it is to join.
    """
    announced = due_at(category=category, now=now) if category else None
    due_on = timezone.localdate(announced) if announced else None
    nearby = look(user=user, category=category, geom=geom, within_m=within_m, joins=joins, now=now)
    if geom is None:
        return Told(category=category, due_on=due_on, nearby=nearby)
    zones = zones_in_words(geom=geom, on=timezone.localdate(now))
    if category is None:
        return Told(placed=True, zones=zones, nearby=nearby)
    return Told(
        category=category,
        placed=True,
        zones=zones,
        due_on=due_on,
        answer=preview(category=category, geom=geom, now=now, accuracy_m=accuracy_m),
        nearby=nearby,
    )


def outline(zone_id: int) -> Mapping[str, Any]:
    """The zone's `name` and its lightened `geometry`, GeoJSON text in longitude and latitude."""
    lightened = Func(
        F("geom"), OUTLINE_M, function="ST_SimplifyPreserveTopology", output_field=MultiPolygonField(srid=STORAGE_SRID)
    )
    return (
        Zone.objects.annotate(geometry=AsGeoJSON(Transform(lightened, WGS84), precision=6))
        .values("name", "geometry")
        .get(pk=zone_id)
    )
