"""Each file is read again by geopandas, and by GDAL's own program, and equals the rows it was made from."""

import datetime
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import geopandas
import pandas
import pyogrio
import pytest
import shapely
from django.core.management import CommandError, call_command
from geopandas.testing import assert_geodataframe_equal
from openpyxl import load_workbook

from gisplatform import geofiles, geoparts
from interventions.exchanging import exports
from interventions.requests import paging, services
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact
from interventions.work import services as work
from layers import exports as zones
from layers.models import Zone
from tests.town import BORDER, FOUNTAIN, NOW, STALL, line, point, square

EVERY = pytest.mark.parametrize("as_", geofiles.FORMATS)
IN = pytest.mark.parametrize("srid", geofiles.CRS)
ASKED = {"as": "geojson", "crs": "4326"}
WITH_GEOMETRY = [code for code in geofiles.FORMATS if code not in {"csv", "xlsx"}]
DESCRIPTION = "Œuvre « éphémère » à l’angle\nde la rue – 3 m²"


@pytest.fixture
def requests(town):
    """Two points, a line and an area; an empty date, an accent, a formula."""
    town.rule("cleaning")
    town.request(FOUNTAIN, description=DESCRIPTION, contact=Contact(name="Zoé Lefèvre", email="zoe@example.org"))
    town.request(BORDER, description="=1+1", accuracy_m=4.5)
    town.request(line(FOUNTAIN, BORDER))
    town.request(square(100, 100, 300, 250))
    ServiceRequest.objects.filter(description="=1+1").update(closed_at=NOW + datetime.timedelta(hours=3), due_at=None)
    return ServiceRequest.objects.all()


def read(file: Path) -> geopandas.GeoDataFrame:
    """All the layers of a file, or of the files in a zip, in the order of the references."""
    if file.suffix == ".parquet":
        parts = [geopandas.read_parquet(file)]
    else:
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                archive.extractall(file.parent / "unzipped")
            sources = [each for each in (file.parent / "unzipped").iterdir() if each.suffix in {".shp", ".fgb"}]
        else:
            sources = [file]
        parts = [
            pyogrio.read_dataframe(each, layer=name) for each in sources for name, _kind in pyogrio.list_layers(each)
        ]
    assert len({part.crs.to_epsg() for part in parts}) == 1
    whole = pandas.concat(parts, ignore_index=True)
    return geopandas.GeoDataFrame(whole, crs=parts[0].crs).sort_values("reference", ignore_index=True)


def flat(file: Path, srid: int) -> geopandas.GeoDataFrame:
    """The rows of a file for spreadsheet programs, their outline read from its text."""
    told = pandas.read_csv(file, sep=";", encoding="utf-8-sig") if file.suffix == ".csv" else pandas.read_excel(file)
    return geopandas.GeoDataFrame(told, geometry=geopandas.GeoSeries.from_wkt(told["wkt"]), crs=srid)


def same_places(told: geopandas.GeoDataFrame, stored: list) -> bool:
    """Within a millimetre of the stored outlines once brought back to Lambert-93, by whatever PROJ geopandas has."""
    outlines = [shapely.from_wkb(bytes(each.wkb)) for each in stored]
    return max(map(shapely.hausdorff_distance, told.geometry.to_crs(2154), outlines)) < 0.001


def plain(cell) -> str:
    """What a format tells of a text: nothing and an empty one are the same to several of them."""
    return "" if cell is None or pandas.isna(cell) else str(cell)


@EVERY
@IN
def test_a_file_read_again_equals_its_rows(requests, tmp_path, as_, srid):
    file = geofiles.write(
        exports.frame(requests, srid=srid), as_=as_, name="demandes", folder=tmp_path, short=exports.SHORT
    )
    told = read(file) if as_ in WITH_GEOMETRY else flat(file, srid)
    rows = list(requests.order_by("reference").values("geom", *exports.COLUMNS.values()))
    assert told.crs.to_epsg() == srid
    assert same_places(told, [row["geom"] for row in rows])
    for name, path in exports.COLUMNS.items():
        column = told[exports.SHORT.get(name, name) if as_ == "shp" else name]
        wanted = [row[path] for row in rows]
        if name in exports.INSTANTS:
            read_again = [None if plain(each) == "" else pandas.Timestamp(each).tz_convert("UTC") for each in column]
            assert read_again == [each and pandas.Timestamp(each) for each in wanted], name
        elif name == "accuracy_m":
            assert [None if pandas.isna(each) else each for each in column] == wanted == [None, 4.5, None, None]
        else:
            formula = "'=1+1" if as_ in {"csv", "xlsx"} else "=1+1"
            assert [plain(each) for each in column] == [
                formula if each == "=1+1" else plain(each) for each in wanted
            ], name
    assert [row["closed_at"] is None for row in rows] == [True, False, True, True]
    assert rows[0]["description"] == DESCRIPTION


@pytest.mark.parametrize("as_", [each for each in geofiles.FORMATS if each != "parquet"])  # Debian's GDAL reads none
def test_gdals_own_program_opens_it_without_a_word(requests, tmp_path, as_):
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo is not installed")
    file = geofiles.write(
        exports.frame(requests, srid=2154), as_=as_, name="demandes", folder=tmp_path, short=exports.SHORT
    )
    sources = [file]
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path / "opened")
        sources = [each for each in (tmp_path / "opened").iterdir() if each.suffix in {".shp", ".fgb"}]
    # All of it is read, not only its head: what GDAL finds wrong with a value it says then.
    said = [subprocess.run(["ogrinfo", "-al", each], capture_output=True, text=True, check=True) for each in sources]
    counts = [
        int(row.split(":")[1]) for each in said for row in each.stdout.splitlines() if row.startswith("Feature Count")
    ]
    assert sum(counts) == 4
    assert [each.stderr for each in said] == [""] * len(said)


def test_kinds_of_geometry_get_a_layer_each(requests, tmp_path):
    file = geofiles.write(exports.frame(requests, srid=4326), as_="gpkg", name="demandes", folder=tmp_path)
    assert dict(pyogrio.list_layers(file)) == {
        "demandes_points": "Point", "demandes_lignes": "LineString", "demandes_surfaces": "Polygon",
    }  # fmt: skip


@EVERY
def test_no_request_makes_a_file_without_rows(town, tmp_path, as_):
    content = exports.frame(ServiceRequest.objects.none(), srid=4326)
    assert geofiles.write(content, as_=as_, name="demandes", folder=tmp_path).stat().st_size > 0


@IN
@EVERY
def test_a_layers_zones_read_again_equal_its_rows(town, tmp_path, as_, srid):
    zones_now = Zone.objects.filter(version__layer__code="squares").order_by("code")
    zones_now.filter(code="NORTH").update(
        name="Côte « Est »", attributes={"jours": "lundi, jœudi", "foyers": 12, "depuis": "2026-02-28"}
    )
    content = zones.frame(town.layers["squares"], on=NOW.date(), srid=srid)
    file = geofiles.write(content, as_=as_, name="squares", folder=tmp_path)
    if as_ not in WITH_GEOMETRY:
        told = flat(file, srid)
    else:
        told = geopandas.read_parquet(file) if as_ == "parquet" else pyogrio.read_dataframe(file)
    assert told.crs.to_epsg() == srid
    assert same_places(told, [each.geom for each in zones_now])
    assert list(told["code"]) == ["ISLAND", "NORTH", "SOUTH", "WEST"]
    assert list(told["name"]) == ["Island", "Côte « Est »", "South", "West"]
    assert [plain(each) for each in told["jours"]] == ["", "lundi, jœudi", "", ""]
    assert [plain(each)[:10] for each in told["depuis"]] == ["", "2026-02-28", "", ""]
    assert [None if pandas.isna(each) else int(each) for each in told["foyers"]] == [None, 12, None, None]


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_page_gives_the_requests_of_the_list(requests, town, client):
    client.force_login(town.person("manager"))
    form = client.get("/demandes/exporter/", {"q": "=1+1"})
    assert form.context["count"].number == 1
    assert ("q", "=1+1") in form.context["kept"]
    answer = client.get("/demandes/exporter/", {"q": "=1+1", "as": "geojson", "crs": "4326"})
    (feature,) = json.loads(b"".join(answer.streaming_content))["features"]
    assert {"reference", "category", "state", "department", "description"} <= feature["properties"].keys()
    assert "requester" not in feature["properties"]


@pytest.mark.parametrize(("role", "told"), [("manager", True), ("technician", False), ("analyst", False)])
def test_who_asked_is_told_only_to_those_who_may_see_it(requests, town, client, role, told):
    client.force_login(town.person(role, department="cleaning"))
    answer = client.get("/demandes/exporter/", {"as": "xlsx", "crs": "4326", "personal": "on"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = {cell for row in sheet.values for cell in row}
    assert ("Zoé Lefèvre" in cells) == told


def test_another_authoritys_requests_are_not_exported(requests, town, client):
    other = type(town.authority).objects.create(code="county", name="Comté")
    town.department("roads", authority=other)
    client.force_login(town.person("manager", department="roads"))
    answer = client.get("/demandes/exporter/", {"as": "geojson", "crs": "4326"})
    assert json.loads(b"".join(answer.streaming_content))["features"] == []


def test_an_unknown_format_is_refused_in_place(requests, town, client):
    client.force_login(town.person("manager"))
    page = client.get("/demandes/exporter/", {"as": "dwg", "crs": "4326", "q": "mur"})
    assert page.status_code == 400
    assert ("q", "mur") in page.context["kept"]


# --- The command --------------------------------------------------------------------------------------------------


def test_the_command_writes_the_same(requests, tmp_path):
    call_command(
        "export", "requests", format="gpkg", crs="EPSG:2154", output=tmp_path / "all.gpkg", stdout=io.StringIO()
    )
    assert len(read(tmp_path / "all.gpkg")) == 4
    call_command("export", "squares", format="geojson", output=tmp_path / "zones.geojson", stdout=io.StringIO())
    assert set(pyogrio.read_dataframe(tmp_path / "zones.geojson")["code"]) == {"ISLAND", "NORTH", "SOUTH", "WEST"}


@pytest.mark.parametrize("as_", WITH_GEOMETRY)
def test_interventions_are_written_too(requests, town, tmp_path, as_):
    person = town.person("regulator", department="cleaning")
    ids = [each.pk for each in requests.order_by("id")]
    for pk in ids:
        services.move(request_id=pk, name="accept", actor=person, now=NOW)
    made = work.pour(request_ids=ids[:2], executed_by=None, actor=person, now=NOW, instructions="Œuvre à part")
    work.pour(request_ids=ids[2:], executed_by=None, actor=person, now=NOW)
    file = tmp_path / f"work.{geofiles.FORMATS[as_].extension}"
    call_command("export", "interventions", format=as_, crs="EPSG:2154", output=file, stdout=io.StringIO())
    told = read(file if file.exists() else file.with_suffix(".zip"))
    # Requests of all kinds make one intervention of all kinds; a Shapefile has a row for each.
    assert len(told) == (3 if as_ == "shp" else 2)
    first = told.set_index("reference").loc[made.reference]
    assert (first["requests"], first["categories"]) == (", ".join(requests_of(made)), "graffiti")
    assert first["instr" if as_ == "shp" else "instructions"] == "Œuvre à part"
    assert pandas.Timestamp(first["ordered_at"]).tz_convert("UTC") == pandas.Timestamp(NOW)
    outline = shapely.from_wkb(bytes(made.geom.wkb))
    assert shapely.hausdorff_distance(first["geometry"], outline) < 0.001


def test_the_page_gives_the_interventions_one_may_see(requests, town, client):
    person = town.person("manager", department="cleaning")
    services.move(request_id=requests.first().pk, name="accept", actor=person, now=NOW)
    made = work.pour(request_ids=[requests.first().pk], executed_by=None, actor=person, now=NOW)
    client.force_login(person)
    assert client.get("/interventions/exporter/").context["count"].number == 1
    told = json.loads(b"".join(client.get("/interventions/exporter/", ASKED).streaming_content))
    assert [each["properties"]["reference"] for each in told["features"]] == [made.reference]
    done = json.loads(b"".join(client.get("/interventions/exporter/", {**ASKED, "state": "done"}).streaming_content))
    assert done["features"] == []
    assert client.get("/interventions/exporter/", {**ASKED, "state": "lost"}).status_code == 400
    other = type(town.authority).objects.create(code="county", name="Comté")
    town.department("roads", authority=other)
    client.force_login(town.person("manager", department="roads", username="neighbour"))
    theirs = json.loads(b"".join(client.get("/interventions/exporter/", ASKED).streaming_content))
    assert theirs["features"] == []


def requests_of(made) -> list[str]:
    return list(made.requests.order_by("id").values_list("reference", flat=True))


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "interventions", "query": "state=open"},
        {"crs": "EPSG:27572"},
        {"query": "state=lost"},
        {"what": "rivers"},
    ],
)
def test_what_it_cannot_write_it_says(requests, tmp_path, wrong):
    options = {"what": "requests", "format": "csv", "output": tmp_path / "x.csv", **wrong}
    with pytest.raises(CommandError):
        call_command("export", options.pop("what"), **options)


@pytest.mark.parametrize("as_", geoparts.IN_PARTS)
def test_a_file_written_in_parts_holds_what_one_at_once_holds(town, tmp_path, monkeypatch, as_):
    places = [point(FOUNTAIN), point(STALL), line((0, 0), (10, 10)), square(0, 0, 10, 10)]
    for number, place in enumerate(places * 2):
        town.request(place, accuracy_m=number or None, now=NOW + datetime.timedelta(minutes=number))
    requests = ServiceRequest.objects.all()
    whole = geofiles.write(exports.frame(requests, srid=2154), as_=as_, name="whole", folder=tmp_path)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    parts = exports.write(requests, as_=as_, srid=2154, name="parts", folder=tmp_path)
    if as_ == "csv":
        assert parts.read_bytes() == whole.read_bytes()
        return
    for kind in ("points", "lignes", "surfaces"):
        left, right = (
            geopandas.read_file(file, layer=f"{file.stem}_{kind}").sort_values("reference") for file in (whole, parts)
        )
        assert list(left.columns) == list(right.columns)
        assert_geodataframe_equal(left.reset_index(drop=True), right.reset_index(drop=True))


@pytest.mark.parametrize("as_", geoparts.IN_PARTS)
def test_without_a_row_there_is_a_file_all_the_same(town, tmp_path, as_):
    file = exports.write(ServiceRequest.objects.none(), as_=as_, srid=4326, name="demandes", folder=tmp_path)
    assert file.stat().st_size > 0


def test_very_many_are_told_as_more_than_what_was_counted(requests, town, client, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_AT_MOST", 2)
    client.force_login(town.person("manager"))
    assert "Plus de 2 demandes à exporter" in " ".join(client.get("/demandes/exporter/").content.decode().split())
