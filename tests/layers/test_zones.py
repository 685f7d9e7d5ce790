"""Which zones hold a place, on which day."""

import datetime

import pytest

from layers.models import Zone
from tests.town import BORDER, CORNER, FAR_AWAY, FOUNTAIN, GAP, NEW_YEAR, SQUARES, STALL, line, point, square

EXPECTED = {
    "inside": (FOUNTAIN, ["WEST"]),
    "border": (BORDER, ["NORTH", "SOUTH"]),
    "corner": (CORNER, ["NORTH", "SOUTH", "WEST"]),
    "two layers": (STALL, ["MARKET", "SOUTH"]),
    "gap": (GAP, []),
    "outside": (FAR_AWAY, []),
}


def codes(zones):
    return [zone.code for zone in zones]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_zones_that_hold_a_point(town, name):
    place, expected = EXPECTED[name]
    assert codes(Zone.objects.in_force(NEW_YEAR).covering(point(place))) == expected


def test_lines_and_areas_meet_every_zone_they_cross(town):
    zones = Zone.objects.in_force(NEW_YEAR).filter(version__layer__code="squares")
    assert codes(zones.covering(line((500, 500), (1500, 500)))) == ["SOUTH", "WEST"]
    assert codes(zones.covering(square(900, 900, 1400, 1200))) == ["NORTH", "SOUTH", "WEST"]


def test_zones_nearby_come_nearest_first(town):
    near = Zone.objects.in_force(NEW_YEAR).filter(version__layer__code="squares").near(point((2008, 500)), within_m=15)
    away_m = [round(vars(zone)["away_m"].m, 3) for zone in near]
    assert (codes(near), away_m) == (["SOUTH", "ISLAND"], [8.0, 12.0])
    assert not Zone.objects.near(point(FAR_AWAY), within_m=15).exists()


def test_a_version_is_in_force_from_its_first_day_to_the_day_before_its_last(town):
    day = datetime.timedelta(days=1)
    change = datetime.date(2026, 6, 1)
    town.publish("squares", {"ALL": (0, 0, 3020, 2000)}, valid_from=change)

    def on(date):
        return set(codes(Zone.objects.in_force(date).filter(version__layer__code="squares")))

    assert on(NEW_YEAR - day) == set()
    assert on(NEW_YEAR) == on(change - day) == set(SQUARES)
    assert on(change) == {"ALL"}


def test_the_territory_is_the_zones_of_its_layers(town):
    assert set(codes(Zone.objects.in_force(NEW_YEAR).of_territory())) == set(SQUARES)
