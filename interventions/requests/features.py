"""Requests as machines read them: GeoJSON features, alone or a page at a time, in one statement."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform import sql
from gisplatform.models import User
from interventions.requests.lifecycle import State, possible
from interventions.requests.models import ServiceRequest
from interventions.routing import explain

INSTANTS = ("captured_at", "submitted_at", "updated_at", "due_at", "closed_at")


def feature(request_id: int, *, user: User, now: datetime.datetime) -> dict[str, Any]:
    """One request as a Feature; who asked is in it when `user` may see that. One statement."""
    (only,) = _features([request_id], user=user, now=now, with_requester=user.may("see_requester"))
    return only


def features(ids: Sequence[int], *, user: User, now: datetime.datetime) -> list[dict[str, Any]]:
    """Requests as Features in the order of `ids`, never with who asked. One statement, however many."""
    return _features(ids, user=user, now=now, with_requester=False)


def tracking_url(token: str) -> str:
    """The requester's page, as an address that works in a mail."""
    return settings.PUBLIC_URL + reverse("tracking", args=[token])


@dataclass(frozen=True)
class Reader:
    """What is the same in each row of an answer, found out once."""

    moves: dict[str, list[str]]  # by state
    tracking: str | None  # an address with * for the token; None for who may not hand it out
    with_requester: bool
    zone: datetime.tzinfo


def _features(ids: Sequence[int], *, user: User, now: datetime.datetime, with_requester: bool) -> list[dict[str, Any]]:
    parameters = {"ids": list(ids), "on": timezone.localdate(now), "with_requester": with_requester}
    reader = Reader(
        moves={state.value: list(possible(state=state, may=user.may)) for state in State},
        # Who holds this address is taken for the requester.
        tracking=tracking_url("*") if user.may("log_request") else None,
        with_requester=with_requester,
        zone=timezone.get_current_timezone(),
    )
    return [_feature(row, reader) for row in sql.rows(sql.load("interventions.requests", "features"), parameters)]


def _feature(row: dict[str, Any], reader: Reader) -> dict[str, Any]:
    reference, geometry = row["reference"], json.loads(row.pop("geometry"))
    token, photos = row.pop("tracking_token"), row.pop("photos")
    if not reader.with_requester:
        del row["requester"]
    routing = _routing(row)
    for name in INSTANTS:
        row[name] = row[name] and row[name].astimezone(reader.zone).isoformat()
    properties = {
        **row,
        "tracking_url": reader.tracking and reader.tracking.replace("*", token),
        "photos": [settings.PUBLIC_URL + reverse("api-photo", args=[reference, photo]) for photo in photos],
        "moves": reader.moves[row["state"]],
        "routing": routing,
    }
    return {"type": "Feature", "id": reference, "geometry": geometry, "properties": properties}


def _routing(row: dict[str, Any]) -> dict[str, Any]:
    """Why this department: by the rules, by a person, or not routed (a suggestion). Takes its facts off `row`."""
    department_name, by_hand, trace = row.pop("department_name"), row.pop("by_hand"), row.pop("trace")
    told = explain.routing(
        trace=trace or {"candidates": []},
        border_distance_m=row.pop("border_distance_m"),
        doubtful=bool(row.pop("doubtful")),
    )
    if by_hand:
        chosen = {"state": "routed", "department": row["department"], "authority": row["authority"]}
        said = _("%(department)s: chosen by a person, not by a rule") % {"department": department_name}
        return {**told, **chosen, "sentence": said}
    if trace is None and row["nature"] == ServiceRequest.Nature.SUGGESTION:
        return {**told, "sentence": _("A suggestion is not routed: the central technician reads it.")}
    return told
