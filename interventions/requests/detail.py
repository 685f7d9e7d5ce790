"""All that the page of one request tells: why this department, what happened, what may be done now."""

import datetime
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform import sql
from gisplatform.models import Department, User
from interventions.events.models import Event
from interventions.requests.lifecycle import Move, possible
from interventions.requests.listing import dots
from interventions.requests.models import Attachment, Requester, ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from interventions.routing import explain
from interventions.routing.models import Decision

# What a move did, said once it is done.
MADE = {
    "accept": gettext_lazy("Request accepted"),
    "redirect": gettext_lazy("Redirected"),
    "refuse": gettext_lazy("Request refused"),
    "answer": gettext_lazy("Answered at once"),
    "watch": gettext_lazy("Under watch"),
    "plan": gettext_lazy("Work planned"),
    "start": gettext_lazy("Work started"),
    "finish": gettext_lazy("Work done"),
    "verify": gettext_lazy("Work verified"),
    "close": gettext_lazy("Request closed"),
    "reopen": gettext_lazy("Request reopened"),
    "reschedule": gettext_lazy("Another date announced"),
    "merge": gettext_lazy("Joined to a request already reported"),
    "cancel": gettext_lazy("Request cancelled"),
}

NEARBY_AT_MOST = 20
CLOSEST_M, FARTHEST_M = 250, 900
METRES_A_DEGREE = 111_320  # of latitude


@dataclass(frozen=True)
class Candidate:
    """A rule that could have answered, and why it did or did not."""

    department: str
    rule: str
    zone: str
    layer: str
    version: int
    share: int  # percent
    reason: str
    chosen: bool


@dataclass(frozen=True)
class Routing:
    """The current decision in words; `candidates` begin with the chosen one, if any."""

    sentence: str
    doubtful: bool
    candidates: list[Candidate]
    decision: Decision


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    title: str
    at: datetime.datetime
    actor: User | None
    text: str
    public: bool
    state: str  # reached by it, "" when it stayed
    kind: str


@dataclass(frozen=True)
class Offered:
    """An authority and those of its departments a request may be redirected to."""

    name: str
    departments: list[Department]


@dataclass(frozen=True)
class Detail:
    request: ServiceRequest
    routing: Routing | None
    timeline: list[Entry]
    photos: list[Attachment]
    nearby: list[ServiceRequest]
    moves: dict[str, Move]
    principal: ServiceRequest | None  # the one it has joined; None too for those who may not see that one
    joined: list[ServiceRequest]  # those that have joined it; `seen` when this person may see them
    requester: Requester | None  # None too for those who may not see them
    may_see_requesters: bool
    may_show_photos: bool
    departments: list[Offered]  # where it may be redirected; empty when it may not

    @property
    def callers(self) -> int:
        return 1 + len(self.joined)

    @property
    def references(self) -> list[str]:
        """All that the page tells of."""
        others = [self.principal] if self.principal else []
        return [each.reference for each in (self.request, *others, *self.joined, *self.nearby)]

    @property
    def last_step(self) -> Entry | None:
        """What brought it where it is; None while nothing has."""
        return next((entry for entry in reversed(self.timeline) if entry.state), None)

    @property
    def nearby_m(self) -> int:
        return settings.NEARBY_M

    @property
    def direct_moves(self) -> dict[str, Move]:
        """Those made with one press, a word being optional."""
        return {name: move for name, move in self.moves.items() if not _asks(name, move)}

    @property
    def reasoned_moves(self) -> dict[str, Move]:
        """Those that ask for something first."""
        return {name: move for name, move in self.moves.items() if _asks(name, move)}


def detail(request: ServiceRequest, *, user: User, visible: ServiceRequestQuerySet) -> Detail:
    """What `user` may see and do of `request`; `visible` are the requests they may see at all."""
    moves = possible(state=request.state, may=user.may)
    decisions = list(request.decisions.select_related("reason__department", "decided_by").order_by("id"))
    return Detail(
        request=request,
        routing=_routing(request.decision, request.department),
        timeline=_timeline(request, decisions),
        photos=list(photos_of(request)),
        nearby=list(nearby(request, visible=visible).select_related("category").with_callers()),
        moves=moves,
        principal=visible.select_related("department").filter(pk=request.duplicate_of_id).first()
        if request.duplicate_of_id
        else None,
        joined=list(joined(request, visible=visible)),
        requester=request.requester if user.may("see_requester") else None,
        may_see_requesters=user.may("see_requester"),
        may_show_photos=user.may("show_photo"),
        departments=_offered() if "redirect" in moves else [],
    )


def photos_of(request: ServiceRequest) -> QuerySet[Attachment]:
    """Photos of the place, then those of the work that was done there."""
    either = Q(request=request) | Q(intervention__requests=request)
    return Attachment.objects.filter(either).distinct().order_by(F("intervention").asc(nulls_first=True), "id")


def _asks(name: str, move: Move) -> bool:
    return move.needs_reason or name == "merge"  # a duplicate: of which request?


def _offered() -> list[Offered]:
    rows = Department.objects.filter(retired_on=None).select_related("authority").order_by("authority__name", "name")
    return [Offered(name, list(under)) for name, under in groupby(rows, key=lambda row: row.authority.name)]


def around(placed: Any, *, within_m: float) -> tuple[float, float, float, float]:
    """West, south, east, north, in degrees, of a box `within_m` metres around a request read `with_position`."""
    lon, lat = placed.position.coords
    north = within_m / METRES_A_DEGREE
    east = north / math.cos(math.radians(lat))
    return lon - east, lat - north, lon + east, lat + north


def seen_m(decision: Decision | None) -> float:
    """How far around a request its map shows: to the border of the zone that answers, where that is near."""
    border_m = decision.border_distance_m if decision else None
    return min(max(CLOSEST_M, 1.2 * (border_m or 0)), FARTHEST_M)


def joined(request: ServiceRequest, *, visible: ServiceRequestQuerySet) -> QuerySet[ServiceRequest]:
    """The requests that have joined this one, the first first, each with `seen`: is it among `visible`?"""
    seen = Exists(visible.filter(pk=OuterRef("pk")))
    return request.duplicates.select_related("requester").defer("geom", "geom_3857").annotate(seen=seen).order_by("pk")


def nearby(request: ServiceRequest, *, visible: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
    """Other open requests within NEARBY_M metres (a setting), the latest first."""
    others = visible.open().near(request.geom, within_m=settings.NEARBY_M).exclude(pk=request.pk)
    return others.order_by("-submitted_at", "-id")[:NEARBY_AT_MOST]


def surroundings(request: ServiceRequest, *, visible: ServiceRequestQuerySet, now: datetime.datetime) -> dict[str, Any]:
    """The map of one request, as GeoJSON: features whose `role` is place, zone (of the answer) or neighbour."""
    (row,) = sql.rows(sql.load("interventions.requests", "place"), {"id": request.pk})
    features = [json.loads(row[name]) for name in ("zone", "place") if row[name]]
    neighbours = json.loads(dots(nearby(request, visible=visible), now=now))["features"]
    for each in neighbours:
        each["properties"]["role"] = "neighbour"
    return {"type": "FeatureCollection", "features": [*features, *neighbours]}


def _routing(decision: Decision | None, department: Department | None) -> Routing | None:
    if decision is None:
        return None
    candidates = decision.reason.trace["candidates"]
    if decision.decided_by_id is not None and department is not None:
        said = _("%(department)s: chosen by a person, not by a rule") % {"department": department.name}
    else:
        said = explain.sentence(trace=decision.reason.trace, border_distance_m=decision.border_distance_m)
    return Routing(said, decision.reason.doubtful, [_candidate(each) for each in candidates], decision)


def _candidate(facts: dict[str, Any]) -> Candidate:
    return Candidate(
        department=facts["department"]["name"],
        rule=facts["rule"]["name"],
        zone=facts["zone"]["name"],
        layer=facts["layer"]["name"],
        version=facts["layer"]["version"],
        share=round(100 * facts["share"]),
        reason=explain.reason(facts),
        chosen=facts["reason"] == "chosen",
    )


def _timeline(request: ServiceRequest, decisions: Sequence[Decision]) -> list[Entry]:
    """Events, the oldest first, each with the decision made with it.

    A decision that only confirms the department by the zones of a later version is no event.
    """
    made = {each.decided_at: each for each in decisions}
    entries = [_told(event, made.get(event.at)) for event in _events(request)]
    return sorted(entries, key=lambda entry: entry.at)


def _events(request: ServiceRequest) -> QuerySet[Event]:
    return request.events.select_related("actor", "other").order_by("id")


# What an event that looks at another request says of it.
OF_ANOTHER = {
    "submitted": gettext_lazy("Logged, joined to request %(reference)s"),
    "merge": gettext_lazy("Joined to request %(reference)s, already reported"),
    "reopen": gettext_lazy("Detached from request %(reference)s"),
    "joined_by": gettext_lazy("Request %(reference)s joined: same problem, other caller"),
    "left_by": gettext_lazy("Request %(reference)s detached"),
    "rejoined": gettext_lazy("Joined to request %(reference)s"),
    "added": gettext_lazy("Precision of the requester of %(reference)s"),
}


# Moves of an intervention that moved its request no further.
OF_WORK = {
    "validate": gettext_lazy("Intervention validated"),
    "start": gettext_lazy("Intervention begun"),
    "finish": gettext_lazy("Intervention done"),
    "cancel": gettext_lazy("Intervention taken back"),
}


def _told(event: Event, decision: Decision | None) -> Entry:
    title = str(Event.Kind(event.kind).label)
    if event.kind == Event.Kind.MOVED:
        title = str(MADE[event.move])
        if event.move == "redirect" and decision is not None and decision.reason.department is not None:
            title = _("Redirected to %(department)s") % {"department": decision.reason.department.name}
    if event.kind == Event.Kind.WORKED:
        title = str(OF_WORK.get(event.move, title))
    if event.kind == Event.Kind.REROUTED and decision is not None:
        named = decision.reason.department
        title = _("Given by the rules to %(department)s") % {"department": named.name if named else _("nobody")}
    if event.other is not None:
        title = OF_ANOTHER[event.move or event.kind] % {"reference": event.other.reference}
    reached = event.to_state if event.to_state != event.from_state else ""
    return Entry(title, event.at, event.actor, event.text, event.public, reached, event.kind)
