"""What became of the zones of one version in another: told by the ground they share, never by their codes alone.

A zone goes on in another when at least half of either lies in the other. Zones tied so are one change: one and one are
the same zone (perhaps renamed, perhaps with another border), several and one a merger, one and several a split, several
and several a redrawing; what is tied to nothing was removed, or is new. Ground that passes between zones not tied is
told apart, with its area: it is what a moved border did.

Zones may overlap, as markets overlap quarters. What has exactly its own ground in the other version goes on in that one
alone, and what shares its ground went nowhere: a zone loses no more than it had and has not, and gains no more than it
has and had not.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gisplatform import sql
from layers.models import LayerVersion

HALF = 0.5
TOLERANCE_M2 = 1.0
# In the order they are told.
KINDS = ("added", "removed", "merged", "split", "redrawn", "renamed", "moved", "same")
DRAWN_AT_MOST = 500  # passages on a map, the largest


class Place(NamedTuple):
    """The zones of one code in one version, taken together; `name` is that of the oldest."""

    code: str
    name: str
    area_m2: float


Places = dict[str, Place]
Shared = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Change:
    """`gained_m2` and `lost_m2`: ground that came from, or went to, zones outside this change, or none."""

    kind: str
    before: list[Place]
    after: list[Place]
    gained_m2: float = 0.0
    lost_m2: float = 0.0

    @property
    def sides(self) -> tuple[list[Place], list[Place]]:
        return self.before, self.after


@dataclass(frozen=True)
class Passage:
    """Ground that changed hands. None: it was in no zone before, or is in none after."""

    before: Place | None
    after: Place | None
    area_m2: float


@dataclass(frozen=True)
class Comparison:
    """`changes` are all but those of kind `same`, by kind, the largest first; `passages` the largest first."""

    before: LayerVersion
    after: LayerVersion
    changes: list[Change] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    same: int = 0

    def counts(self) -> dict[str, int]:
        """How many changes of each kind; kinds that do not occur are left out."""
        found = {kind: sum(change.kind == kind for change in self.changes) for kind in KINDS}
        return {kind: count for kind, count in {**found, "same": self.same}.items() if count}


def compare(before: LayerVersion, after: LayerVersion, *, tolerance_m2: float = TOLERANCE_M2) -> Comparison:
    """What changed between two versions; what is as small as the tolerance is no change. Three queries."""
    sooner, later = _places(before), _places(after)
    asked = {"before_id": before.pk, "after_id": after.pk, "tolerance_m2": tolerance_m2}
    shared = {(row["before"], row["after"]): row["shared_m2"] for row in sql.rows(sql.load("layers", "shares"), asked)}
    groups = list(_tied(sooner, later, _ties(sooner, later, shared, tolerance_m2)))
    gone, come = _own(sooner, later, shared, groups)
    together = {(one, other) for ones, others in groups for one in ones for other in others}
    passed = {
        (one, other): min(area, gone.get(one, area), come.get(other, area))
        for (one, other), area in shared.items()
        if (one, other) not in together
    }
    passages = [
        Passage(sooner[one], later[other], area) for (one, other), area in passed.items() if area > tolerance_m2
    ]
    passages += _in_no_zone(sooner, later, shared, tolerance_m2)
    passages.sort(key=lambda each: (-each.area_m2, each.before or ("",), each.after or ("",)))
    lost: dict[str, float] = defaultdict(float)
    gained: dict[str, float] = defaultdict(float)
    for each in passages:
        if each.before:
            lost[each.before.code] += each.area_m2
        if each.after:
            gained[each.after.code] += each.area_m2
    # Where zones overlap, what one has lost or gained need not have passed to or from another.
    lost |= {code: gone[code] for code in _overlapped(sooner, shared, 0, tolerance_m2) & gone.keys()}
    gained |= {code: come[code] for code in _overlapped(later, shared, 1, tolerance_m2) & come.keys()}
    changes = [
        _change(
            [sooner[code] for code in ones],
            [later[code] for code in others],
            lost_m2=_told(sum(lost[code] for code in ones), tolerance_m2),
            gained_m2=_told(sum(gained[code] for code in others), tolerance_m2),
        )
        for ones, others in groups
    ]
    changes.sort(key=lambda each: (KINDS.index(each.kind), -(each.lost_m2 + each.gained_m2), each.before, each.after))
    same = sum(each.kind == "same" for each in changes)
    return Comparison(before, after, [each for each in changes if each.kind != "same"], passages, same)


def ground(comparison: Comparison) -> dict[str, Any]:
    """The largest passages as a GeoJSON FeatureCollection; ids are ranks in `passages`, from 1. One query."""
    told = comparison.passages[:DRAWN_AT_MOST]
    asked = {
        "before_id": comparison.before.pk,
        "after_id": comparison.after.pk,
        "froms": [each.before and each.before.code for each in told],
        "tos": [each.after and each.after.code for each in told],
    }
    rows = sql.rows(sql.load("layers", "ground"), asked) if told else []
    return {"type": "FeatureCollection", "features": [row["feature"] for row in rows]}


def _places(version: LayerVersion) -> Places:
    found: Places = {}
    for code, name, area in version.zones.order_by("id").values_list("code", "name", "area_m2"):
        known = found.get(code, Place(code, name, 0.0))
        found[code] = known._replace(area_m2=known.area_m2 + area)
    return found


def _ties(sooner: Places, later: Places, shared: Shared, tolerance_m2: float) -> list[tuple[str, str]]:
    """Codes before and after of zones that go on in each other."""
    same: dict[str, str] = {}
    for one, other in sorted(shared, key=lambda pair: (pair[0] != pair[1], pair)):  # of two that match, its own code
        larger = max(sooner[one].area_m2, later[other].area_m2)
        if larger - shared[one, other] <= tolerance_m2 and one not in same and other not in same.values():
            same[one] = other
    taken = set(same.values())
    return [*same.items()] + [
        (one, other)
        for (one, other), area in shared.items()
        if area >= HALF * min(sooner[one].area_m2, later[other].area_m2) and one not in same and other not in taken
    ]


def _own(
    sooner: Places, later: Places, shared: Shared, groups: Iterable[tuple[list[str], list[str]]]
) -> tuple[dict[str, float], dict[str, float]]:
    """Of each zone that goes on alone in one: what of it is in that one no more, and what of that one is new."""
    alone = [(ones[0], others[0]) for ones, others in groups if len(ones) == len(others) == 1]
    gone = {one: max(0.0, sooner[one].area_m2 - shared[one, other]) for one, other in alone}
    return gone, {other: max(0.0, later[other].area_m2 - shared[one, other]) for one, other in alone}


def _overlapped(places: Places, shared: Shared, side: int, tolerance_m2: float) -> set[str]:
    """Codes of the zones that share more ground with those of the other version than they have."""
    held: dict[str, float] = defaultdict(float)
    for pair, area in shared.items():
        held[pair[side]] += area
    return {code for code, area in held.items() if area > places[code].area_m2 + tolerance_m2}


def _told(area_m2: float, tolerance_m2: float) -> float:
    return area_m2 if area_m2 > tolerance_m2 else 0.0


def _tied(
    sooner: Iterable[str], later: Iterable[str], ties: list[tuple[str, str]]
) -> Iterable[tuple[list[str], list[str]]]:
    """Codes before and after that belong together, each code in exactly one group."""
    leader: dict[tuple[int, str], tuple[int, str]] = {(0, code): (0, code) for code in sooner}
    leader |= {(1, code): (1, code) for code in later}

    def of(each: tuple[int, str]) -> tuple[int, str]:
        while leader[each] != each:
            leader[each] = leader[leader[each]]
            each = leader[each]
        return each

    for one, other in ties:
        leader[of((1, other))] = of((0, one))
    groups: dict[tuple[int, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, code in leader:
        groups[of((side, code))][side].append(code)
    return groups.values()


def _in_no_zone(sooner: Places, later: Places, shared: Shared, tolerance_m2: float) -> list[Passage]:
    """What of each place lies in no zone of the other version."""
    left = {code: place.area_m2 for code, place in sooner.items()}
    come = {code: place.area_m2 for code, place in later.items()}
    for (one, other), area in shared.items():
        left[one] -= area
        come[other] -= area
    gone = [Passage(sooner[code], None, area) for code, area in left.items() if area > tolerance_m2]
    return gone + [Passage(None, later[code], area) for code, area in come.items() if area > tolerance_m2]


def _change(before: list[Place], after: list[Place], *, lost_m2: float, gained_m2: float) -> Change:
    match len(before), len(after):
        case 0, _:
            kind = "added"
        case _, 0:
            kind = "removed"
        case 1, 1:
            named = before[0][:2] == after[0][:2]
            kind = "renamed" if not named else "moved" if lost_m2 or gained_m2 else "same"
        case _, 1:
            kind = "merged"
        case 1, _:
            kind = "split"
        case _:
            kind = "redrawn"
    return Change(kind, sorted(before), sorted(after), gained_m2, lost_m2)
