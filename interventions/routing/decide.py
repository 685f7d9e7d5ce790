"""Who must answer: `route.sql` for stored requests, the same parts in `preview.sql` for one being typed."""

import datetime
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from gisplatform import sql
from interventions.glossary.models import Category
from interventions.routing import explain


class Answer(NamedTuple):
    """What `route.sql` says of one subject. `department_id` is None when no rule matches: the request is to sort."""

    request_id: int | None
    decision_id: int | None
    department_id: int | None
    rule_id: int | None
    zone_id: int | None
    layer_version_id: int | None
    share: float | None
    border_distance_m: float | None
    doubtful: bool
    trace: dict[str, Any]

    def as_routing(self) -> dict[str, Any]:
        """The `routing` object of the contract; `candidates` leaves out the one that was chosen."""
        return explain.routing(trace=self.trace, border_distance_m=self.border_distance_m, doubtful=self.doubtful)


def decide(ids: Sequence[int], *, now: datetime.datetime) -> list[Answer]:
    """Decide these requests by the rules in force on the day of `now`, and write it. One statement, one row a request.

    Each gets a new Decision, made its current one; its department follows, and its state when nobody evaluated it yet
    (`to_evaluate`, or `to_sort` when no rule matches).
    """
    return _answers(sql.prepared("interventions.routing", "route"), {"ids": list(ids), **_when(now)})


def decide_many(ids: Sequence[int], *, now: datetime.datetime) -> tuple[int, int]:
    """As `decide`, for thousands; how many were decided, and how many of them no rule matches (to sort).

    The work is done by `route_many.sql`, whose answers are those of `route.sql`; memory grows with the number of ids.
    """
    with transaction.atomic(), sql.large_sets():
        (row,) = sql.rows(sql.load("interventions.routing", "route_many"), {"ids": list(ids), **_when(now)})
    return row["decided"], row["to_sort"]


def preview(
    *, category: Category, geom: GEOSGeometry, now: datetime.datetime, accuracy_m: float | None = None
) -> Answer:
    """What `decide` would answer for a request not yet logged; `geom` in the storage CRS. Writes nothing."""
    place = {
        "category_id": category.pk, "family_id": category.family_id, "geom": geom.ewkb, "accuracy_m": accuracy_m
    }  # fmt: skip
    (answer,) = _answers(sql.prepared("interventions.routing", "preview"), {**place, **_when(now)})
    return answer


def _answers(statement: str, parameters: dict[str, Any]) -> list[Answer]:
    return [Answer._make((*row[:-1], json.loads(row[-1]))) for row in sql.tuples(statement, parameters)]


def _when(now: datetime.datetime) -> dict[str, Any]:
    # The day of the platform, which is nobody's own: not the time zone a thread may have set for itself.
    day = now.astimezone(timezone.get_default_timezone()).date()
    return {"rules_of": day, "now": now, "doubt_m": float(settings.ROUTING_DOUBT_M)}
