"""Interventions as machines read them: GeoJSON features, alone or a page at a time, in one statement."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from gisplatform import sql
from gisplatform.models import User
from interventions.work.lifecycle import State, possible

INSTANTS = ("ordered_at", "validated_at", "started_at", "ended_at", "due_at")


def features(ids: Sequence[int], *, user: User) -> list[dict[str, Any]]:
    """Interventions as Features in the order of `ids`, each with the moves open to `user`. One statement."""
    moves = {state.value: list(possible(state=state, may=user.may)) for state in State}
    door = "contractor-photo" if user.may("company_work") else "work-photo"
    rows = sql.rows(sql.load("interventions.work", "features"), {"ids": list(ids)})
    return [_feature(row, moves, door, timezone.get_current_timezone()) for row in rows]


def version(row_id: int, state: str, *moments: datetime.datetime | None) -> str:
    """The ETag of an intervention: its state, and when it last came to one."""
    last = max(each for each in moments if each is not None)
    return f'"{row_id}-{state}-{last.timestamp():.6f}"'


def _feature(row: dict[str, Any], moves: dict[str, list[str]], door: str, zone: datetime.tzinfo) -> dict[str, Any]:
    geometry, reference = json.loads(row.pop("geometry")), row["reference"]
    photos = [settings.PUBLIC_URL + reverse(door, args=[reference, photo]) for photo in row.pop("photos")]
    del row["id"]
    for name in INSTANTS:
        row[name] = row[name] and row[name].astimezone(zone).isoformat()
    properties = {**row, "photos": photos, "moves": moves[row["state"]]}
    return {"type": "Feature", "id": reference, "geometry": geometry, "properties": properties}
