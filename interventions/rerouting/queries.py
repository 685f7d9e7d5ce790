"""Which requests are looked at again, and what passes have found."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from interventions.requests.lifecycle import ENDED, OPEN, State
from interventions.requests.models import ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from interventions.rerouting.models import Rerouting, ReroutingMove


def looked_at(*, with_ended: bool = False) -> ServiceRequestQuerySet:
    """Open requests, which have all been routed once: suggestions never are.

    `with_ended`, those that have ended too, but for duplicates: what they have joined answers for them.
    """
    states = [*OPEN, *(each for each in ENDED if each != State.DUPLICATE)] if with_ended else OPEN
    return ServiceRequest.objects.filter(state__in=states, nature=ServiceRequest.Nature.INCIDENT)


@dataclass(frozen=True)
class Told:
    """A pass as pages tell it: how far it is (`standing`), and what it found, the most moved first."""

    rerouting: Rerouting
    standing: str
    moves: list[ReroutingMove]

    @property
    def under_way(self) -> bool:
        return self.standing in {"waiting", "working"}

    @property
    def moved(self) -> int:
        return sum(each.moved for each in self.moves)

    @property
    def at_work(self) -> int:
        return sum(each.at_work for each in self.moves)

    @property
    def by_person(self) -> int:
        return sum(each.by_person for each in self.moves)


def told(reroutings: Iterable[Rerouting], *, on: datetime.date) -> list[Told]:
    """What these passes tell on that day. One query more, for all of them."""
    passes = list(reroutings)
    rows = ReroutingMove.objects.filter(rerouting__in=passes).select_related("from_department", "to_department")
    found: dict[int, list[ReroutingMove]] = {}
    for move in rows.order_by("-moved", F("from_department__name").asc(nulls_last=True), "id"):
        found.setdefault(move.rerouting_id, []).append(move)
    return [Told(each, each.standing(on), found.get(each.pk, [])) for each in passes]
