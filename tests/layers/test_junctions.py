"""A neighbour's corner on a long edge in degrees: no sliver that nobody drew."""

import numpy as np
import pytest
import shapely

from layers.junctions import join
from layers.models import Zone
from tests.layers.files import feature, geojson

WEST, EAST, SOUTH, MIDDLE, NORTH = -0.45, -0.30, 49.10, 49.15, 49.20
LOWER = shapely.box(WEST, SOUTH, EAST, MIDDLE)
UPPER = [shapely.box(WEST, MIDDLE, -0.37, NORTH), shapely.box(-0.37, MIDDLE, EAST, NORTH)]


def findings(command, tmp_path, *shapes, **members):
    zones = [feature(shape, code=str(n)) for n, shape in enumerate(shapes)]
    told = command("import_layer", geojson(tmp_path / "a.geojson", *zones, **members), layer="a")
    return told, command("check_layer", "a", tolerance=0)["findings"]


def test_a_corner_on_a_long_edge_leaves_no_sliver(command, tmp_path):
    told, found = findings(command, tmp_path, LOWER, *UPPER, crs=None)
    assert [each for each in found if each["kind"] in ("gap", "overlap")] == []
    assert told["notes"] == [
        "1 sommet d’une zone voisine se trouvait sur un long côté en degrés : il a été ajouté à ce côté."
    ]
    assert [zone.geom.num_coords for zone in Zone.objects.order_by("code")] == [6, 5, 5]


def test_edges_that_agree_are_left_as_they_are(command, tmp_path):
    told, found = findings(command, tmp_path, LOWER, shapely.box(WEST, MIDDLE, EAST, NORTH), crs=None)
    assert [each for each in found if each["kind"] in ("gap", "overlap")] == []
    assert told["notes"] == []
    assert {zone.geom.num_coords for zone in Zone.objects.all()} == {5}


def test_a_gap_that_is_there_stays(command, tmp_path):
    dented = [(WEST, SOUTH), (EAST, SOUTH), (EAST, MIDDLE), (-0.34, MIDDLE), (-0.35, MIDDLE - 1e-4), (-0.36, MIDDLE)]
    _told, found = findings(command, tmp_path, shapely.Polygon([*dented, (WEST, MIDDLE)]), *UPPER, crs=None)
    (gap,) = [each for each in found if each["kind"] in ("gap", "overlap")]
    assert gap["kind"] == "gap"
    assert gap["area_m2"] == pytest.approx(1459 * 11.12 / 2, rel=0.01)


@pytest.mark.parametrize("turned", [False, True], ids=["as drawn", "the other way round"])
def test_corners_are_written_in_their_order_into_outlines_and_holes(turned):
    hole = shapely.box(-0.42, 49.11, -0.32, 49.14)
    around = shapely.Polygon(LOWER.exterior, [hole.exterior.reverse() if turned else hole.exterior])
    inner = [shapely.box(west, 49.11, west + 0.05, 49.14) for west in (-0.42, -0.37)]
    shapes = np.array([shapely.MultiPolygon([around]), *inner], dtype=object)
    (note,) = join(shapes, [0, 1, 2], definition="EPSG:4326")
    assert note.startswith("2 ")
    assert shapely.equals(shapes[0], around)
    assert shapely.is_valid(shapes).all()
    assert shapely.get_num_coordinates(shapes[0]) == shapely.get_num_coordinates(around) + 2


def test_short_edges_are_not_looked_at():
    shapes = np.array([shapely.box(0, 49, 1e-3, 49.0005), shapely.box(5e-4, 49.0005, 1e-3, 49.001)], dtype=object)
    assert join(shapes, [0, 1], definition="EPSG:4326") == []
