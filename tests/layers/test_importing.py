"""A file becomes a version: what is taken, what is refused by line, what is repaired."""

import datetime
import json

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry

from gisplatform.errors import UnreadableFile
from layers import importing, outlines
from layers.models import Layer, LayerVersion, Zone
from tests.layers.files import box, feature, geojson, vector, zipped
from tests.town import X, Y

WEST, NORTH = box(0, 0, 1000, 2000), box(1000, 1000, 2000, 2000)
BOW_TIE = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100), (X, Y)])


def shape(code: str) -> shapely.Geometry:
    return shapely.from_wkb(bytes(Zone.objects.get(code=code).geom.wkb))


def test_a_new_layer_gets_version_1_with_every_attribute(command, tmp_path):
    facts = {
        "code": "W",
        "nom": "Ouest",
        "population": 12,
        "share": 0.5,
        "open": True,
        "since": None,
        "days": ["lundi"],
    }
    file = geojson(tmp_path / "quartiers.geojson", feature(WEST, **facts), feature(NORTH, code="N", nom="Nord"))
    told = command("import_layer", file, layer="quartiers", name="Quartiers", territory=True)
    assert told.refusal == ""
    assert {name: told[name] for name in ("layer", "version", "zones", "refused", "repaired")} == {
        "layer": "quartiers", "version": 1, "zones": 2, "refused": [], "repaired": [],
    }  # fmt: skip
    assert (told["code_field"], told["name_field"], told["crs"]) == ("code", "nom", "EPSG:2154")
    layer, version = Layer.objects.get(), LayerVersion.objects.get()
    assert (layer.name, layer.territory, version.status) == ("Quartiers", True, "draft")
    assert (version.file_name, version.source_crs) == ("quartiers.geojson", "EPSG:2154")
    zone = Zone.objects.get(code="W")
    assert (zone.name, zone.attributes) == ("Ouest", facts)
    assert zone.geom.geom_type == "MultiPolygon"
    assert zone.area_m2 == pytest.approx(2_000_000)
    assert shape("W").equals(WEST)


def test_versions_are_numbered_and_the_draft_is_not_in_force(command, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(WEST, code="W"))
    assert [command("import_layer", file, layer="a", valid_from="2026-01-31")["version"] for _ in range(3)] == [1, 2, 3]
    assert set(LayerVersion.objects.values_list("status", "valid_from")) == {("draft", datetime.date(2026, 1, 31))}
    assert not Zone.objects.in_force(datetime.date(2026, 6, 1)).exists()


def test_degrees_become_metres_to_the_millimetre(command, tmp_path):
    corner, lambert_93 = (-0.3707, 49.1829), (454_302.8196, 6_903_373.6376)
    triangle = shapely.Polygon([corner, (-0.36, 49.1829), (-0.36, 49.19)])
    command("import_layer", geojson(tmp_path / "t.geojson", feature(triangle, code="t"), crs=None), layer="t")
    assert (
        min(shapely.Point(lambert_93).distance(shapely.Point(each)) for each in shape("t").geoms[0].exterior.coords)
        < 0.001
    )


@pytest.mark.parametrize(
    ("crs", "east", "north", "within_m"),
    [
        ("EPSG:2154", 456_766.171, 6_901_944.816, 0.001),
        ("EPSG:4326", -0.33611822, 49.17100606, 0.01),
        ("EPSG:3949", 1_456_825.059, 8_224_360.268, 0.01),
        ("EPSG:32630", 694_165.036, 5_449_882.504, 0.01),
        ("EPSG:3857", -37_416.509, 6_303_927.514, 0.01),
        ("EPSG:27572", 405_000, 2_467_000, 0.05),  # NTF: 1.4 m off where the grid of IGN is not used
    ],
)
@pytest.mark.parametrize("suffix", [".zip", ".gpkg", ".geojson", ".fgb"])
def test_every_declared_crs_leads_to_the_same_place(command, tmp_path, crs, east, north, within_m, suffix):
    side = 0.001 if crs == "EPSG:4326" else 100
    square = shapely.box(east, north, east + side, north + side)
    if suffix == ".geojson":
        file = geojson(tmp_path / "a.geojson", feature(square, code="a"), crs=crs)
    elif suffix == ".zip":
        file = zipped(tmp_path / "a.zip", vector(tmp_path / "a.shp", [square], crs))
    else:
        file = vector(tmp_path / f"a{suffix}", [square], crs)
    assert command("import_layer", file, layer="a")["crs"] == crs
    corners = [shapely.Point(each) for each in Zone.objects.get().geom.coords[0][0]]
    assert min(shapely.Point(456_766.171, 6_901_944.816).distance(corner) for corner in corners) < within_m


def test_lines_that_are_no_zones_are_refused_one_by_one(command, tmp_path):
    file = geojson(
        tmp_path / "mixed.geojson",
        feature(shapely.Point(X, Y), code="point"),
        feature(WEST, code="W"),
        feature(shapely.LineString([(X, Y), (X + 1, Y)]), code="line"),
        feature(None, code="null"),
        feature(shapely.Polygon(), code="empty"),
        feature({"type": "Polygon", "coordinates": [[[X, Y], [X + 1, Y], [X, Y + 1]]]}, code="open"),
        feature({"type": "Polygon", "coordinates": [[[X, "north"]]]}, code="text"),
        None,
        feature(shapely.Polygon([(X, Y), (X + 5, Y), (X + 9, Y), (X, Y)]), code="flat"),
        feature(box(0, 0, 1, 1)),
        feature(box(0, 0, 1e9, 1e12), code="far"),
    )
    told = command("import_layer", file, layer="a")
    assert told.refusal == ""
    assert told["zones"] == Zone.objects.count() == 1
    assert {each["line"]: each["reason"] for each in told["refused"]} == {
        1: "c’est un point, or une zone est un polygone",
        3: "c’est une ligne, or une zone est un polygone",
        4: "pas de géométrie",
        5: "sa géométrie est vide",
        6: "sa géométrie est illisible (contour non fermé, coordonnées absentes ou fausses)",
        7: "sa géométrie est illisible (contour non fermé, coordonnées absentes ou fausses)",
        8: "ce n’est pas un objet GeoJSON (Feature)",
        9: "il n’en reste aucune surface",
        10: "son code (code) est vide",
        11: "ses coordonnées (EPSG:2154) n’ont pas de place sur la carte",
    }


def test_an_outline_that_reaches_a_pole_is_cut_before_it(command, tmp_path):
    cap = shapely.box(0, -90, 40, -70)
    told = command("import_layer", geojson(tmp_path / "a.geojson", feature(cap, code="A"), crs=None), layer="a")
    assert (told["zones"], told["refused"]) == (1, [])
    assert "1 tracé atteint un pôle : il a été coupé à 85° de latitude." in told["notes"]


def test_when_nothing_can_be_taken_nothing_is_written(command, tmp_path):
    told = command("import_layer", geojson(tmp_path / "a.geojson", feature(shapely.Point(X, Y))), layer="a")
    assert (
        told.refusal
        == "Aucune zone n’a pu être prise dans le fichier (ligne 1 : c’est un point, or une zone est un polygone)."
        " Donnez une couche de polygones, ou corrigez ces lignes."
    )
    assert (told["zones"], [each["line"] for each in told["refused"]]) == (0, [1])
    assert not Layer.objects.exists()


def test_a_fault_of_the_last_batch_undoes_the_first(command, tmp_path, monkeypatch):
    monkeypatch.setattr(outlines, "BATCH", 1)
    file = geojson(tmp_path / "a.geojson", feature(WEST, code="W"), feature(NORTH, code="N"))
    taken = importing._take

    def second_fails(version, judged, indexes):
        if indexes == [1]:
            raise UnreadableFile
        return taken(version, judged, indexes)

    monkeypatch.setattr(importing, "_take", second_fails)
    assert command("import_layer", file, layer="a").refusal
    assert not Layer.objects.exists()
    assert not Zone.objects.exists()


def test_lines_keep_their_numbers_over_batches(command, tmp_path, monkeypatch):
    monkeypatch.setattr(outlines, "BATCH", 2)
    shapes = [box(n * 200, 0, n * 200 + 100, 100) for n in range(5)]
    shapes[3] = shapely.affinity.translate(BOW_TIE, 600, 0)
    told = command(
        "import_layer",
        geojson(tmp_path / "a.geojson", *(feature(s, code=str(n)) for n, s in enumerate(shapes))),
        layer="a",
    )
    assert told["repaired"] == [{"line": 4, "area_change_m2": 5000.0}]
    assert list(Zone.objects.order_by("id").values_list("code", flat=True)) == list("01234")


def test_invalid_outlines_are_repaired_and_told(command, tmp_path):
    overlapping_parts = shapely.MultiPolygon([box(0, 0, 100, 100), box(50, 0, 150, 100)])
    with_a_line = shapely.GeometryCollection([box(300, 0, 400, 100), shapely.LineString([(X, Y), (X + 9, Y)])])
    file = geojson(
        tmp_path / "a.geojson",
        feature(BOW_TIE, code="bow tie"),
        feature(overlapping_parts, code="parts"),
        feature(with_a_line, code="collection"),
        feature(WEST, code="sound"),
    )
    told = command("import_layer", file, layer="a")
    assert told["repaired"] == [
        {"line": 1, "area_change_m2": 5000.0},  # its two halves counted against each other
        {"line": 2, "area_change_m2": -5000.0},  # what was there twice counts once
        {"line": 3, "area_change_m2": 0.0},
    ]
    areas = {zone.code: round(zone.area_m2) for zone in Zone.objects.all()}
    assert areas == {"bow tie": 5000, "parts": 15_000, "collection": 10_000, "sound": 2_000_000}


def test_heights_are_dropped(command, tmp_path):
    square = shapely.force_3d(WEST, 12.5)
    file = vector(tmp_path / "z.gpkg", [square], geometry_type="Polygon Z")
    assert command("import_layer", file, layer="a")["zones"] == 1
    assert not Zone.objects.get().geom.hasz


def test_a_geopackage_keeps_json_types(command, tmp_path):
    file = vector(
        tmp_path / "types.gpkg", [WEST, NORTH],
        columns={"code": ["W", "N"], "count": [1, 2], "rate": [1.1, float("nan")], "day": ["2026-01-31", "NaT"],
                 "note": ["é", None]},
        dtypes={"rate": "float32", "day": "datetime64[D]", "note": object, "code": object},
    )  # fmt: skip
    command("import_layer", file, layer="a")
    attributes = dict(Zone.objects.values_list("code", "attributes"))
    assert attributes["W"] == {"code": "W", "count": 1, "rate": 1.1, "day": "2026-01-31", "note": "é"}
    assert attributes["N"] == {"code": "N", "count": 2, "rate": None, "day": None, "note": None}


def test_what_jsonb_cannot_hold_is_mended(command, tmp_path):
    text = json.dumps({"type": "FeatureCollection", "features": [feature(WEST, code="W")]})
    text = text.replace(
        '"code": "W"', r'"code": "W", "nul": "a\u0000b", "half": "\ud800", "nan": NaN, "deep": [{"x": Infinity}]'
    )
    (tmp_path / "a.json").write_text(text)
    assert command("import_layer", tmp_path / "a.json", layer="a", crs="EPSG:2154").refusal == ""
    assert Zone.objects.get().attributes == {"code": "W", "nul": "ab", "half": "?", "nan": None, "deep": [{"x": None}]}


@pytest.mark.parametrize(
    ("rows", "code", "name"),
    [
        ([{"INSEE_COM": "14118", "NOM_COM": "Caen"}], "14118", "Caen"),
        ([{"id": 7, "Libellé": "Nord"}], "7", "Nord"),
        ([{"objectid": 3, "code": 14118.0, "name": "Caen"}], "14118", "Caen"),
        ([{"code": "14", "id": 1, "nom": "a"}, {"code": "14", "id": 2, "nom": "b"}], "1", "a"),  # id tells them apart
        ([{"code": "14", "nom": "a"}, {"code": "14", "nom": "b"}], "14", "a"),
        ([{"nom": "Authie"}, {"nom": "Caen"}], "Authie", "Authie"),
        ([{"nom": "Caen"}, {"nom": "Caen"}], "1", "Caen"),
        ([{}], "1", "1"),
    ],
)
def test_the_usual_fields_are_found(command, tmp_path, rows, code, name):
    file = geojson(tmp_path / "a.geojson", *(feature(box(n, 0, n + 1, 1), **row) for n, row in enumerate(rows)))
    command("import_layer", file, layer="a")
    first = Zone.objects.order_by("id")[0]
    assert (first.code, first.name) == (code, name)


def test_fields_may_be_named_and_must_exist(command, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(WEST, code="c", other="o", title="t", nom="n"))
    told = command("import_layer", file, layer="a", code_field="OTHER", name_field="title")
    assert (told["code_field"], told["name_field"]) == ("other", "title")
    assert Zone.objects.filter(code="o", name="t").exists()
    refusal = command("import_layer", file, layer="a", code_field="insee").refusal
    assert refusal == "La couche n’a pas de champ « insee ». Ses champs : code, other, title, nom. (--code-field)"


def test_an_existing_layer_keeps_what_is_not_said(command, tmp_path, town):
    file = geojson(tmp_path / "a.geojson", feature(WEST, code="W"))
    command("import_layer", file, layer="squares", source="IGN")
    layer = Layer.objects.get(code="squares")
    assert (layer.name, layer.source, layer.territory, layer.versions.count()) == ("quartiers", "IGN", True, 2)
    assert "n’est pas le territoire" in command("import_layer", file, layer="market", territory=True).refusal


def test_a_schematic_layer_says_so_until_told_otherwise(command, tmp_path):
    Layer.objects.create(code="communes", name="Communes", schematic=True)
    file = geojson(tmp_path / "a.geojson", feature(WEST, code="W"))
    assert "La couche est marquée comme schématique" in command("import_layer", file, layer="communes")["notes"][-1]
    assert command("import_layer", file, layer="communes", schematic="no")["notes"] == []
    assert not Layer.objects.get().schematic


@pytest.mark.parametrize("code", ["requests", "interventions", "a b", "été", "x" * 51])
def test_codes_that_cannot_be(command, tmp_path, code):
    assert command("import_layer", geojson(tmp_path / "a.geojson", feature(WEST, code="W")), layer=code).refusal
    assert not Layer.objects.exists()


def test_a_day_is_a_day(command, tmp_path):
    told = command("import_layer", tmp_path / "a.geojson", layer="a", valid_from="31/01/2026")
    assert told.refusal == "« 31/01/2026 » n’est pas une date : écrivez-la sous la forme 2026-01-31."


def test_stored_zones_answer_where_a_point_lies(command, tmp_path):
    command(
        "import_layer",
        geojson(tmp_path / "a.geojson", feature(WEST, code="W"), feature(NORTH, code="N")),
        layer="a",
        publish=True,
    )
    place = GEOSGeometry(f"SRID=2154;POINT({X + 1500} {Y + 1500})")
    assert [zone.code for zone in Zone.objects.covering(place)] == ["N"]
