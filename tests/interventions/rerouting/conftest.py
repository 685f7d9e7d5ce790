"""The model town, its WEST given a rule and a department each; a second version of its squares moves the border."""

import pytest
from django.contrib.gis.geos import MultiPolygon

from interventions.rerouting.models import Rerouting
from interventions.rerouting.services import run
from layers.models import LayerVersion, Zone
from layers.publishing import publish
from tests.town import NOW, SQUARES, square

# WEST reaches 400 m further, over what was NORTH's and SOUTH's.
MOVED = {**SQUARES, "WEST": (0, 0, 1400, 2000), "NORTH": (1400, 1000, 2000, 2000), "SOUTH": (1400, 0, 2000, 1000)}
CHANGES_HANDS = (1200, 300)  # from SOUTH to WEST
STAYS_WEST = (500, 500)
STAYS_SOUTH = (1700, 300)


@pytest.fixture
def ruled(town):
    for code in SQUARES:
        town.rule(code.lower(), zones=(code,))
    return town


def draft(town, squares=MOVED, *, layer="squares", **facts) -> LayerVersion:
    where = town.layers[layer]
    version = LayerVersion.objects.create(layer=where, number=where.versions.count() + 1, imported_at=NOW, **facts)
    for code, corners in squares.items():
        Zone.objects.create(version=version, code=code, name=code, geom=MultiPolygon(square(*corners)))
    return version


def put(version: LayerVersion, **facts) -> Rerouting:
    """Publish, and make every step of the pass it orders."""
    facts = {"valid_from": NOW.date(), "by": None, "now": NOW, **facts}
    publish(version, **facts)
    return finish(Rerouting.objects.get(version=version), now=facts["now"])


def finish(rerouting: Rerouting, *, now=NOW) -> Rerouting:
    *_steps, last = run(rerouting, clock=lambda: now)
    return last


def told(rerouting: Rerouting) -> dict[tuple[str | None, str | None], tuple[int, ...]]:
    """By codes of departments: moved, kept for work, kept for a person."""
    rows = rerouting.moves.values_list(
        "from_department__code", "to_department__code", "moved", "at_work", "by_person"
    )  # fmt: skip
    return {(before, after): tuple(counts) for before, after, *counts in rows}
