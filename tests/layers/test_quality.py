"""What does not fit together in a version, drawn with squares of the model town."""

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from pyproj import Transformer

from layers.quality import check_and_note
from tests.layers.drafts import draft
from tests.layers.files import box, feature, geojson
from tests.town import NEW_YEAR, SQUARES, square

PLANTED = {  # overlap of 0.4 m × 100 m, a hole of 30 m × 10 m, a strip of 0.02 m × 40 m
    "a": box(0, 0, 100, 100),
    "b": box(99.6, 0, 200, 100),
    "c": box(0, 100, 200, 200).difference(box(60, 140, 90, 150)),
    "d": shapely.union_all([box(200, 0, 300, 200), box(310, 20, 310.02, 60)]),
}


def found(version, **options):
    return [(f.kind, round(f.area_m2, 2), f.zones) for f in check_and_note(version, **{"on": NEW_YEAR, **options})]


@pytest.mark.parametrize("crs", [2154, 3949, 4326])
def test_planted_faults_are_found_and_nothing_else(town, command, tmp_path, crs):
    """In other systems too: what the way there and back does to coordinates is no fault of the zones."""
    there = Transformer.from_crs(2154, crs, always_xy=True).transform
    moved = {code: shapely.transform(shape, there, interleaved=False) for code, shape in PLANTED.items()}
    shapes = [feature(shape, code=code) for code, shape in moved.items()]
    file = geojson(tmp_path / "planted.geojson", *shapes, crs=None if crs == 4326 else f"EPSG:{crs}")
    command("import_layer", file, layer="planted")
    told = command("check_layer", "planted", tolerance=0)["findings"]
    assert [(each["kind"], each["area_m2"], each["zones"]) for each in told] == [
        ("overlap", pytest.approx(40, rel=0.01), ["a", "b"]),
        ("gap", pytest.approx(300, rel=0.01), ["c"]),
        ("sliver", pytest.approx(0.8, rel=0.01), ["d"]),
    ]


def test_neighbours_that_share_their_border_are_clean(town):
    assert found(draft(town, SQUARES.items(), layer="squares")) == []


def test_overlaps_are_measured_pair_by_pair(town):
    shapes = [("a", (0, 0, 100, 100)), ("b", (90, 0, 200, 100)), ("c", (95, 50, 200, 60)), ("d", (200, 0, 300, 100))]
    assert found(draft(town, shapes)) == [
        ("overlap", 1050.0, ["b", "c"]),
        ("overlap", 1000.0, ["a", "b"]),
        ("overlap", 50.0, ["a", "c"]),
    ]


def test_two_zones_in_the_same_place_overlap_altogether(town):
    assert found(draft(town, [("a", (0, 0, 100, 100)), ("b", (0, 0, 100, 100))])) == [("overlap", 10_000.0, ["a", "b"])]


def test_another_version_is_another_matter(town):
    draft(town, [("a", (0, 0, 100, 100))])
    assert found(draft(town, [("b", (0, 0, 100, 100))])) == []


def test_an_enclosed_gap_is_found_with_its_neighbours(town):
    around = [
        ("a", (0, 0, 100, 300)),
        ("b", (100, 0, 200, 100)),
        ("c", (100, 200, 200, 300)),
        ("d", (200, 0, 300, 300)),
    ]
    (finding,) = check_and_note(draft(town, around), on=NEW_YEAR)
    assert (finding.kind, finding.area_m2, finding.zones) == ("gap", 10_000.0, ["a", "b", "c", "d"])
    assert finding.width_m == 50.0
    spot = square(100, 100, 200, 200).transform(4326, clone=True)
    west, south, east, north = spot.extent
    assert west < finding.lon < east
    assert south < finding.lat < north


def test_an_island_in_a_gap_is_no_gap(town):
    ring = square(0, 0, 300, 300).difference(square(100, 100, 200, 200))
    assert found(draft(town, [("ring", ring), ("island", (140, 140, 160, 160))])) == [
        ("gap", 9600.0, ["island", "ring"])
    ]


def test_what_is_open_to_the_outside_is_no_gap(town):
    assert found(draft(town, [("a", (0, 0, 100, 100)), ("b", (110, 0, 200, 100))])) == []


@pytest.mark.parametrize(("width", "kinds"), [(0.5, ["sliver"]), (1.9, ["sliver"]), (3, [])])
def test_a_part_hardly_wider_than_a_line_is_a_sliver(town, width, kinds):
    parts = MultiPolygon(square(0, 0, 100, 100), square(0, 200, 100, 200 + width), srid=2154)
    assert [finding.kind for finding in check_and_note(draft(town, [("a", parts)]), on=NEW_YEAR)] == kinds


def test_a_code_borne_twice_is_the_one_error(town):
    shapes = [("a", (0, 0, 100, 100)), ("a", (100, 0, 200, 100)), ("b", (90, 0, 101, 100))]
    findings = check_and_note(draft(town, shapes), on=NEW_YEAR)
    assert [(f.kind, f.severity, f.zones, round(f.area_m2, 2)) for f in findings] == [
        ("duplicate_code", "error", ["a", "a"], 20_000.0),
        ("overlap", "warning", ["a", "b"], 1000.0),
        ("overlap", "warning", ["a", "b"], 100.0),
    ]
    assert findings[0].width_m is None


def test_what_reaches_outside_the_territory_is_measured(town):
    across_the_gap = (1990, 0, 2030, 100)  # 20 m × 100 m of it over the water
    assert found(draft(town, [("in", (0, 0, 2000, 2000)), ("across", across_the_gap)]), tolerance_m2=1) == [
        ("overlap", 1000.0, ["in", "across"]),
        ("off_territory", 2000.0, ["across"]),
    ]


def test_the_territory_is_not_held_against_itself(town):
    assert found(draft(town, [("new", (5000, 0, 6000, 100))], layer="squares")) == []


def test_without_a_territory_nothing_is_off_it(town):
    town.layers["squares"].territory = False
    town.layers["squares"].save()
    assert found(draft(town, [("far", (5000, 0, 6000, 100))])) == []


def test_the_territory_is_that_of_the_day(town):
    version = draft(town, [("far", (5000, 0, 6000, 100))])
    assert found(version) == [("off_territory", 100_000.0, ["far"])]
    assert found(version, on=NEW_YEAR.replace(year=2025)) == []


@pytest.mark.parametrize(("tolerance_m2", "count"), [(0, 1), (0.4, 1), (0.6, 0), (1, 0)])
def test_what_is_as_small_as_the_tolerance_passes(town, tolerance_m2, count):
    version = draft(town, [("a", (0, 0, 100, 100)), ("b", (99.995, 0, 200, 100))])
    assert len(found(version, tolerance_m2=tolerance_m2)) == count


def test_a_checked_draft_keeps_its_findings(town):
    version = draft(town, [("a", (0, 0, 100, 100)), ("b", (90, 0, 200, 100))])
    check_and_note(version, on=NEW_YEAR)
    version.refresh_from_db()
    assert (version.status, [each.kind for each in version.findings.all()]) == ("checked", ["overlap"])
    wrong = draft(town, [("a", (0, 0, 100, 100)), ("a", (100, 0, 200, 100))])
    check_and_note(wrong, on=NEW_YEAR)
    assert wrong.status == "draft"


def test_a_zone_with_a_hole_filled_by_another_is_clean(town):
    hole = [(x, y) for x, y in square(100, 100, 200, 200).coords[0]]
    ring = Polygon(square(0, 0, 300, 300).coords[0], hole, srid=2154)
    assert found(draft(town, [("ring", ring), ("filling", (100, 100, 200, 200))])) == []


def test_what_the_layer_allows_is_told_apart_and_last(town):
    shapes = [("a", (0, 0, 100, 100)), ("b", (90, 0, 200, 100)), ("c", (1990, 0, 2030, 100))]
    town.layers["market"].overlaps_allowed = True
    town.layers["market"].save()
    findings = check_and_note(draft(town, shapes), on=NEW_YEAR)
    assert [(each.kind, each.severity) for each in findings] == [("off_territory", "warning"), ("overlap", "info")]


def test_gaps_may_be_allowed_and_slivers_have_the_layers_width(town):
    ring = square(0, 0, 300, 300).difference(square(100, 100, 200, 200))
    parts = MultiPolygon(ring, square(400, 0, 500, 3), srid=2154)
    town.layers["market"].gaps_allowed, town.layers["market"].sliver_width_m = True, 4
    town.layers["market"].save()
    findings = check_and_note(draft(town, [("a", parts)]), on=NEW_YEAR)
    assert [(each.kind, each.severity) for each in findings] == [("sliver", "warning"), ("gap", "info")]


def test_the_tolerance_is_the_layers_unless_another_is_given(town, command):
    draft(town, [("a", (0, 0, 100, 100)), ("b", (99.9, 0, 200, 100))])
    town.layers["market"].tolerance_m2 = 20
    town.layers["market"].save()
    assert (command("check_layer", "market")["tolerance_m2"], command("check_layer", "market")["findings"]) == (20, [])
    assert [each["area_m2"] for each in command("check_layer", "market", tolerance=1)["findings"]] == [10.0]


def test_a_finding_has_the_outline_of_its_area(town):
    around = square(0, 0, 300, 300).difference(square(100, 100, 200, 200))
    version = draft(town, [("ring", around), ("a", (0, 310, 100, 400)), ("b", (90, 310, 200, 400))])
    check_and_note(version, on=NEW_YEAR)
    outlines = {each.kind: each.geom for each in version.findings.all()}
    assert outlines["gap"].sym_difference(square(100, 100, 200, 200)).area == pytest.approx(0)
    assert outlines["overlap"].sym_difference(square(90, 310, 100, 400)).area == pytest.approx(0)


def test_a_check_replaces_the_one_before_and_says_its_limits(town):
    version = draft(town, [("a", (0, 0, 100, 100)), ("b", (90, 0, 200, 100))])
    for _time in range(2):
        check_and_note(version, on=NEW_YEAR)
    assert version.findings.count() == 1
    check_and_note(version, on=NEW_YEAR, tolerance_m2=5000)
    assert not version.findings.exists()
    assert version.report["check"] == {
        "tolerance_m2": 5000, "sliver_width_m": 2, "gaps_allowed": False, "overlaps_allowed": False, "on": "2026-01-01",
        "territory": [town.layers["squares"].versions.get().pk],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("layer", "shapes", "share"),
    [
        ("market", [("a", (0, 0, 1000, 2000)), ("b", (0, 0, 1000, 1500))], 1 / 3),
        ("market", [("all", (-50, -50, 9000, 9000))], 1),
        ("market", [("far", (8000, 8000, 9000, 9000))], 0),
        ("squares", [("a", (0, 0, 1000, 2000))], None),
    ],
    ids=["a third", "all", "nothing", "the territory itself"],
)
def test_a_check_tells_what_share_of_the_territory_is_covered(town, layer, shapes, share):
    version = draft(town, shapes, layer=layer)
    check_and_note(version, on=NEW_YEAR)
    assert version.covered_share == (share if share is None else pytest.approx(share))


def test_the_command_tells_machines_and_people(town, command, capsys):
    draft(town, [("a", (0, 0, 100, 100)), ("a", (100, 0, 200, 100)), ("b", (190, 0, 300, 100))])
    told = command("check_layer", "market")
    assert (told["layer"], told["version"], told.refusal) == ("market", 2, "")
    assert [(each["kind"], each["area_m2"]) for each in told["findings"]] == [
        ("duplicate_code", 20_000.0),
        ("overlap", 1000.0),
    ]
    assert command("check_layer", "market", version=1)["findings"] == []
    assert command("check_layer", "market", tolerance=5000)["findings"][0]["kind"] == "duplicate_code"
    assert "n’a pas de version 7 ; elle a : 1, 2" in command("check_layer", "market", version=7).refusal
    assert "Il n’y a pas de couche « x »" in command("check_layer", "x").refusal

    from django.core.management import call_command

    call_command("check_layer", "market")
    assert "erreur, code en double : a, a, 20" in capsys.readouterr().out
