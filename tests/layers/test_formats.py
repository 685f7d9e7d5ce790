"""Formats with habits of their own: tables of outlines, KML, GeoParquet and its metadata, outlines with arcs."""

import datetime
import decimal
import json
import math
import zipfile

import geopandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from layers.models import Layer, Zone
from tests.layers.files import box, vector, zipped
from tests.town import X, Y

WEST, NORTH = box(0, 0, 1000, 2000), box(1000, 1000, 2000, 2000)
RADIUS_M = 1000
CIRCLE = shapely.Point(X, Y).buffer(RADIUS_M, quad_segs=20_000)


def geoparquet(path, *, crs="EPSG:2154", geo=None, **columns):
    """Two zones; `geo` changes the metadata that geopandas wrote: a dictionary laid over them, or None to drop them."""
    columns = {"code": ["W", "N"], "nom": ["Ouest", "Épron"], **columns}
    geopandas.GeoDataFrame(columns, geometry=[WEST, NORTH], crs=crs).to_parquet(path)
    table = pq.read_table(path)
    told = json.loads(table.schema.metadata[b"geo"])
    column = {**told["columns"]["geometry"], **(geo or {}).pop("column", {})}
    kept = {name: value for name, value in column.items() if value != "drop"}
    table = table.replace_schema_metadata({"geo": json.dumps({**told, "columns": {"geometry": kept}, **(geo or {})})})
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize("crs", ["EPSG:2154", "EPSG:3949"])
def test_geoparquet_is_read_in_the_crs_of_its_metadata(command, tmp_path, crs):
    zones = geopandas.GeoDataFrame({"code": ["W"], "nom": ["Épron"]}, geometry=[WEST], crs="EPSG:2154").to_crs(crs)
    zones.to_parquet(tmp_path / "a.parquet")
    told = command("import_layer", tmp_path / "a.parquet", layer="a")
    assert (told["zones"], told["format"], told["crs"]) == (1, "GeoParquet", crs)
    zone = Zone.objects.get()
    assert (zone.code, zone.name) == ("W", "Épron")
    assert zone.area_m2 == pytest.approx(2_000_000, rel=1e-6)


@pytest.mark.parametrize("crs", ["OGC:CRS84", "EPSG:4326", "drop"])
def test_geoparquet_in_degrees_is_longitude_first(command, tmp_path, crs):
    square = shapely.box(-0.4, 49.1, -0.3, 49.2)
    zones = geopandas.GeoDataFrame({"code": ["a"]}, geometry=[square], crs="EPSG:4326" if crs == "drop" else crs)
    zones.to_parquet(tmp_path / "a.parquet")
    if crs == "drop":
        table = pq.read_table(tmp_path / "a.parquet")
        told = json.loads(table.schema.metadata[b"geo"])
        del told["columns"]["geometry"]["crs"]
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(told)}), tmp_path / "a.parquet")
    assert command("import_layer", tmp_path / "a.parquet", layer="a")["crs"] == "EPSG:4326"
    extent = Zone.objects.get().geom.transform(4326, clone=True).extent
    assert extent == pytest.approx((-0.4, 49.1, -0.3, 49.2))


def test_geoparquet_keeps_types_and_may_come_in_an_archive(command, tmp_path):
    facts = {
        "population": [12, None], "share": [0.5, float("nan")], "since": [datetime.date(2026, 1, 31), None],
        "price": [decimal.Decimal("1.50"), None], "tags": [["a", "b"], []],
    }  # fmt: skip
    file = zipped(tmp_path / "a.zip", geoparquet(tmp_path / "zones.parquet", **facts))
    told = command("import_layer", file, layer="a")
    assert (told["zones"], told["source_layer"]) == (2, "zones")
    assert Zone.objects.get(code="W").attributes == {
        "code": "W", "nom": "Ouest", "population": 12, "share": 0.5, "since": "2026-01-31", "price": 1.5,
        "tags": ["a", "b"],
    }  # fmt: skip
    assert Zone.objects.get(code="N").attributes["share"] is None


def test_geoparquet_of_unknown_crs_is_asked(command, tmp_path):
    file = geoparquet(tmp_path / "a.parquet", geo={"column": {"crs": None}})
    assert "Il ressemble à EPSG:2154" in command("import_layer", file, layer="a").refusal
    assert command("import_layer", file, layer="a", crs="EPSG:2154")["zones"] == 2


@pytest.mark.parametrize(
    ("geo", "sentence"),
    [
        ({"primary_column": "tracé"}, "nomme une colonne de tracés qu’il n’a pas (tracé)"),
        ({"columns": []}, "nomme une colonne de tracés qu’il n’a pas"),
        ({"column": {"encoding": "polygon"}}, "sont écrits en « polygon » : exportez-le avec le codage WKB"),
    ],
)
def test_geoparquet_that_contradicts_itself_is_refused_in_words(command, tmp_path, geo, sentence):
    assert sentence in command("import_layer", geoparquet(tmp_path / "a.parquet", geo=geo), layer="a").refusal
    assert not Layer.objects.exists()


def test_parquet_without_outlines_or_damaged_is_refused_in_words(command, tmp_path):
    pq.write_table(pa.table({"code": ["a"]}), tmp_path / "a.parquet")
    assert "ne dit pas quelle colonne" in command("import_layer", tmp_path / "a.parquet", layer="a").refusal
    whole = geoparquet(tmp_path / "b.parquet").read_bytes()
    for damaged in (whole[:-200], whole[:50], b"PAR1" + whole[200:], whole[:300] + b"\xff" * 300 + whole[600:]):
        (tmp_path / "c.parquet").write_bytes(damaged)
        told = command("import_layer", tmp_path / "c.parquet", layer="a")
        assert "abîmé, coupé ou incomplet" in told.refusal or [each["line"] for each in told["refused"]]


def test_broken_outlines_of_geoparquet_are_refused_by_line(command, tmp_path):
    file = geoparquet(tmp_path / "a.parquet")
    table = pq.read_table(file)
    broken = pa.array([table["geometry"][0].as_py(), b"\x01\x03\x00"])
    table = table.set_column(table.schema.get_field_index("geometry"), "geometry", broken)
    pq.write_table(table, file)
    told = command("import_layer", file, layer="a")
    assert (told["zones"], [each["line"] for each in told["refused"]]) == (1, [2])


def test_a_table_of_outlines(command, tmp_path):
    text = f"code;nom;geom\n1;Épron;SRID=2154;{WEST.wkt}\n".replace("SRID=2154;", '"SRID=2154;').replace(
        "))\n", '))"\n'
    )
    (tmp_path / "a.csv").write_bytes(text.encode("cp1252"))
    told = command("import_layer", tmp_path / "a.csv", layer="a")
    assert (told["zones"], told["crs"], told["encoding"]) == (1, "EPSG:2154", "cp1252")
    ewkb = shapely.to_wkb(shapely.set_srid(WEST, 2154), hex=True, include_srid=True)
    (tmp_path / "b.csv").write_text(f"id,wkb_geometry\n7,{ewkb}\n8,\n9,XYZ\n")
    told = command("import_layer", tmp_path / "b.csv", layer="b")
    assert (told["zones"], [each["line"] for each in told["refused"]]) == (1, [2, 3])
    assert Zone.objects.get(code="7").attributes == {"id": "7"}


def test_kml_and_its_archive(command, tmp_path):
    square = shapely.box(-0.4, 49.1, -0.3, 49.2)
    kml = vector(
        tmp_path / "a.kml", [square], "EPSG:4326", driver="LIBKML", columns={"Name": ["Épron"], "insee": ["14242"]}
    )
    told = command("import_layer", kml, layer="a")
    assert (told["zones"], told["format"], Zone.objects.get().code) == (1, "KML", "14242")
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.write(kml, "doc.kml")
    assert command("import_layer", tmp_path / "a.kmz", layer="a")["zones"] == 1


def circle_in_gml() -> str:
    points = " ".join(f"{X + RADIUS_M * math.cos(a)} {Y + RADIUS_M * math.sin(a)}" for a in (0, math.pi / 2, math.pi))
    back = " ".join(f"{X + RADIUS_M * math.cos(a)} {Y + RADIUS_M * math.sin(a)}" for a in (math.pi, 1.5 * math.pi, 0))
    arcs = "".join(f"<gml:Arc><gml:posList>{each}</gml:posList></gml:Arc>" for each in (points, back))
    return (
        '<?xml version="1.0"?><ogr:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:ogr="http://ogr/">'
        '<ogr:featureMember><ogr:zone gml:id="z1"><ogr:geom><gml:Polygon srsName="urn:ogc:def:crs:EPSG::2154">'
        f"<gml:exterior><gml:Ring><gml:curveMember><gml:Curve><gml:segments>{arcs}</gml:segments></gml:Curve>"
        "</gml:curveMember></gml:Ring></gml:exterior></gml:Polygon></ogr:geom><ogr:code>1</ogr:code></ogr:zone>"
        "</ogr:featureMember></ogr:FeatureCollection>"
    )


def circle_in_wkt() -> str:
    ring = ", ".join(
        f"{X + RADIUS_M * math.cos(a)} {Y + RADIUS_M * math.sin(a)}"
        for a in (0, math.pi / 2, math.pi, 1.5 * math.pi, 0)
    )
    return f'code,wkt\n1,"SRID=2154;CURVEPOLYGON (CIRCULARSTRING ({ring}))"\n'


@pytest.mark.parametrize(("name", "text"), [("a.gml", circle_in_gml), ("a.csv", circle_in_wkt)])
def test_arcs_become_lines_within_a_stated_centimetre(command, tmp_path, name, text):
    (tmp_path / name).write_text(text())
    told = command("import_layer", tmp_path / name, layer="a")
    assert (told["zones"], told["refused"]) == (1, [])
    assert told["notes"][0] == (
        "1 tracé peut contenir des arcs : ils sont devenus des segments, à 1 cm au plus d’un arc de 1 km de rayon."
    )
    stored = shapely.from_wkb(bytes(Zone.objects.get().geom.wkb))
    assert shapely.hausdorff_distance(stored.boundary, CIRCLE.boundary) < 0.01
    assert stored.area < CIRCLE.area


def test_an_outline_made_invalid_by_its_new_crs_is_repaired_and_told(command, tmp_path):
    """A hole a metre from a long edge: in degrees inside, in metres across it, where parallels bend."""
    hole = [(-0.3, 49.10001), (-0.29, 49.15), (-0.31, 49.15)]
    outline = shapely.Polygon([(-0.4, 49.1), (-0.2, 49.1), (-0.3, 49.3)], [hole])
    assert outline.is_valid
    geopandas.GeoDataFrame({"code": ["a"]}, geometry=[outline], crs="EPSG:4326").to_file(tmp_path / "a.gpkg")
    told = command("import_layer", tmp_path / "a.gpkg", layer="a")
    assert [each["line"] for each in told["repaired"]] == [1]
    assert shapely.from_wkb(bytes(Zone.objects.get().geom.wkb)).is_valid
