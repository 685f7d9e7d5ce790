"""Every way a geometry comes in."""

import json

import pytest
from django.contrib.gis.geos import GEOSGeometry, Point, Polygon

from gisplatform import geo
from gisplatform.errors import InvalidGeometry

CAEN = (-0.3707, 49.1829)
SQUARE = [[-0.37, 49.18], [-0.36, 49.18], [-0.36, 49.19], [-0.37, 49.19], [-0.37, 49.18]]
TAKEN = {
    "Point": list(CAEN),
    "LineString": SQUARE[:3],
    "Polygon": [SQUARE],
    "MultiPoint": [list(CAEN), SQUARE[0]],
    "MultiLineString": [SQUARE[:2], SQUARE[2:4]],
    "MultiPolygon": [[SQUARE]],
}


@pytest.mark.parametrize("kind", TAKEN)
def test_each_type_comes_in_as_metres(kind):
    geom = geo.from_geojson({"type": kind, "coordinates": TAKEN[kind]})
    assert (geom.geom_type, geom.srid) == (kind, geo.STORAGE_SRID)
    assert geom.extent == pytest.approx((454_000, 6_903_000, 454_000, 6_903_000), abs=3000)


def test_a_known_place_lies_where_it_should():
    # The origin of Lambert-93: 3° E, 46.5° N is (700 km, 6600 km) by definition (EPSG:2154).
    origin = geo.point(3, 46.5)
    assert isinstance(origin, Point)
    assert origin.coords == pytest.approx((700_000, 6_600_000), abs=0.001)
    back = geo.point(*CAEN).transform(geo.WGS84, clone=True)
    assert back.centroid.coords == pytest.approx(CAEN, abs=1e-8)


def test_text_is_read_as_well_as_an_object():
    value = {"type": "Point", "coordinates": list(CAEN)}
    assert geo.from_geojson(json.dumps(value)) == geo.from_geojson(value)


def test_a_height_is_left_out():
    assert not geo.from_geojson({"type": "Point", "coordinates": [*CAEN, 25.0]}).hasz


def test_a_crs_member_changes_nothing():
    legacy = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    value = {"type": "Point", "coordinates": list(CAEN), "crs": legacy}
    assert geo.from_geojson(value) == geo.point(*CAEN)


REFUSED = {
    "nothing": None,
    "a number": 3,
    "a list": [1, 2],
    "text that is no JSON": "POINT(0 49)",
    "endless text": "[" * 100_000,
    "no type": {"coordinates": [0, 49]},
    "unknown type": {"type": "Circle", "coordinates": [0, 49]},
    "a feature": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 49]}},
    "a collection": {"type": "GeometryCollection", "geometries": []},
    "a collection with coordinates": {"type": "GeometryCollection", "coordinates": [], "geometries": []},
    "no coordinates": {"type": "Point"},
    "null coordinates": {"type": "Point", "coordinates": None},
    "letters": {"type": "Point", "coordinates": ["a", "b"]},
    "one number": {"type": "Point", "coordinates": [1]},
    "null inside": {"type": "Point", "coordinates": [None, 49]},
    "an empty point": {"type": "Point", "coordinates": []},
    "an empty area": {"type": "Polygon", "coordinates": []},
    "an empty multiple": {"type": "MultiPoint", "coordinates": []},
    "a line of one point": {"type": "LineString", "coordinates": [[0, 49]]},
    "a line that does not move": {"type": "LineString", "coordinates": [[0, 49], [0, 49]]},
    "an area not closed": {"type": "Polygon", "coordinates": [SQUARE[:-1]]},
    "an area that crosses itself": {
        "type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]],
    },
    "an area without surface": {"type": "Polygon", "coordinates": [[[0, 49], [0.1, 49], [0, 49], [0, 49]]]},
    "metres passed off as degrees": {"type": "Point", "coordinates": [454_302, 6_903_373]},
    "axes swapped, out of the world": {"type": "Point", "coordinates": [49.18, -100.37]},
    "without end": {"type": "Point", "coordinates": [float("inf"), 49]},
    "no number": {"type": "Point", "coordinates": [float("nan"), 49]},
    "the south pole": {"type": "Point", "coordinates": [0, -90]},
    "too many points": {"type": "MultiPoint", "coordinates": [[i * 1e-5, 49] for i in range(geo.MAX_VERTICES + 1)]},
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_place_is_refused_with_a_sentence(name):
    with pytest.raises(InvalidGeometry) as refusal:
        geo.from_geojson(REFUSED[name])
    assert len(str(refusal.value)) > 10


@pytest.mark.parametrize(
    "text",
    [
        "49.1829, -0.3707", "49.1829,-0.3707", " 49.1829 -0.3707 ", "49,1829 -0,3707", "49.1829;-0.3707",
        "49,1829 ; -0,3707", "+49.1829, -0.3707",
    ],
)  # fmt: skip
def test_a_typed_pair_is_read_latitude_first(text):
    place = geo.parse_coordinates(text)
    assert place is not None
    assert place.distance(geo.point(*CAEN)) < 0.01


def test_metres_of_the_storage_crs_are_read_too():
    assert geo.parse_coordinates("454302 6903373") == Point(454302, 6903373, srid=geo.STORAGE_SRID)


@pytest.mark.parametrize("text", ["", "12 rue Saint-Pierre", "12", "49.18,", "1 2 3", "12 bis, 3e étage"])
def test_what_is_no_pair_is_none(text):
    assert geo.parse_coordinates(text) is None


@pytest.mark.parametrize("text", ["149.18, -0.37", "0, 181", "500 49"])
def test_a_pair_that_is_nowhere_is_refused(text):
    with pytest.raises(InvalidGeometry):
        geo.parse_coordinates(text)


def test_a_place_in_metres_stays_untouched():
    exact = GEOSGeometry("POINT(454302.123456 6903373.654321)", srid=geo.STORAGE_SRID)
    assert geo.to_storage(exact) == exact


@pytest.mark.parametrize("degrees", [
    (-0.36, 49.18, -0.3599, 49.1801), (-0.4, 49.15, -0.33, 49.21), (-2, 48, 2, 50.5), (5.3, 43.2, 5.4, 43.3),
])  # fmt: skip
def test_a_box_around_a_box_holds_its_sides_and_little_more(degrees):
    box = Polygon.from_bbox(degrees)
    box.srid = 4326
    box.transform(3857)
    around = geo.around_in_storage(box)
    west, south, east, north = box.extent
    steps = [step / 50 for step in range(51)]
    sides = [(west + (east - west) * step, y) for step in steps for y in (south, north)]
    sides += [(x, south + (north - south) * step) for step in steps for x in (west, east)]
    for x, y in sides:
        place = Point(x, y, srid=3857)
        place.transform(geo.STORAGE_SRID)
        assert around.contains(place)
    box.transform(geo.STORAGE_SRID)
    assert around.area < 1.5 * box.area


def test_no_box_is_drawn_around_half_a_world():
    assert geo.around_in_storage(Polygon.from_bbox((-2e7, -2e7, 2e7, 2e7))) is None
