"""Files found as they are: each meets the fate written down, and gives a zone for each polygon a plain reader finds."""

import os
import shutil
import warnings
import zipfile
from pathlib import Path

import pyogrio
import pytest
import shapely
from django.contrib.gis.db.models.functions import IsValid

from layers.models import LayerVersion, Zone
from tests.layers.commands import run
from tests.layers.files import feature, geojson, vector, zipped
from tests.real.wild import WILD, Fate, refuses, row, takes

DATA = Path(os.environ.get("GISPLATFORM_TEST_DATA", "")) / "awkward/wild"
pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif("GISPLATFORM_TEST_DATA" not in os.environ, reason="GISPLATFORM_TEST_DATA is not set"),
]
POLYGONAL = {"Polygon", "MultiPolygon"}
PARTS = {".cpg", ".dbf", ".prj", ".shx"}


def test_every_file_has_its_line():
    assert {name.partition("|")[0] for name in WILD} == {
        path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", WILD)
def test_a_wild_file_meets_its_fate(name, workplace, record_property):
    fate, (file, _bar, layer) = WILD[name], name.partition("|")
    options = {"source_layer": layer} if layer else {}
    told = run("import_layer", DATA / file, layer="wild", **options)
    if fate.crs:
        assert "(--crs)" in told.refusal, "a CRS that is not there is asked for"
        assert not LayerVersion.objects.exists()
        told = run("import_layer", DATA / file, layer="wild", crs=fate.crs, **options)
    zones, lines = told.get("zones", 0), told.get("refused", [])
    said = told.refusal or "; ".join(sorted({each["reason"] for each in lines}))
    record_property("file", row(name, zones, lines, said))
    assert (zones, len(lines)) == (fate.zones, fate.lines), said
    assert bool(told.refusal) == (not fate.zones)
    assert fate.says in said
    assert Zone.objects.count() == zones
    assert not Zone.objects.filter(~IsValid("geom")).exists()
    assert list(workplace.iterdir()) == []


@pytest.mark.parametrize("name", [name for name in WILD if not any(each.startswith(f"{name}|") for each in WILD)])
def test_as_many_zones_are_taken_as_a_plain_reader_finds_polygons(name, tmp_path):
    file, _bar, layer = name.partition("|")
    assert WILD[name].zones == polygons(DATA / file, layer, tmp_path)


CAEN = shapely.box(454_000, 6_902_000, 455_000, 6_903_000)
BOW = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])


def other_classes(folder: Path) -> dict[str, tuple[Path, dict[str, str], Fate]]:
    """Classes of awkward file that nobody laid aside for us: what is given, what its owner says, its fate."""
    bow = shapely.affinity.translate(BOW, 454_000, 6_902_000)
    swapped = shapely.transform(CAEN, lambda xy: xy[:, ::-1])
    cc49 = shapely.box(1_454_000, 8_225_000, 1_455_000, 8_226_000)
    mixed = [
        CAEN,
        bow,
        shapely.Polygon(),
        None,
        shapely.Point(454_000, 6_902_000),
        shapely.LineString([(0, 0), (1, 1)]),
    ]
    ewkb = shapely.to_wkb(shapely.set_srid(CAEN, 2154), hex=True, include_srid=True)
    with zipfile.ZipFile(folder / "outside.zip", "w") as archive:
        archive.writestr("../../zones.geojson", "{}")
    (folder / "ewkt.csv").write_text(f'code;geom\n1;"SRID=2154;{CAEN.wkt}"\n')
    (folder / "ewkb.csv").write_text(f"code,geom\n1,{ewkb}\n")
    features = [feature(shape, code=str(number)) for number, shape in enumerate(mixed)]
    lost = {"without": (".prj",)}
    # Boston in feet of its state plane, then in metres of Caen: neither says in what it is.
    feet = vector(folder / "feet.shp", [shapely.box(770_000, 2_950_000, 771_000, 2_951_000)], None)
    metres = vector(folder / "cc49.shp", [cc49], None)
    return {
        "swapped axes": (geojson(folder / "swapped.geojson", feature(swapped, code="1")), {}, refuses("inversées")),
        "CC49, declared": (vector(folder / "cc49.gpkg", [cc49], "EPSG:3949"), {}, takes(1)),
        "CC49, not declared": (zipped(folder / "cc49.zip", metres, **lost), {}, refuses("Il ressemble à EPSG:3949")),
        "feet, not declared": (zipped(folder / "f.zip", feet, **lost), {}, refuses("dans quel système de coordonnées")),
        "feet, once said": (folder / "f.zip", {"crs": "EPSG:2249"}, takes(1)),
        "an archive that leads outside": (folder / "outside.zip", {}, refuses("mène hors d’elle")),
        "crossing, empty and mixed": (geojson(folder / "mixed.geojson", *features), {}, takes(2, 4)),
        "EWKT": (folder / "ewkt.csv", {}, takes(1)),
        "EWKB": (folder / "ewkb.csv", {}, takes(1)),
    }


@pytest.mark.parametrize("name", [
    "swapped axes", "CC49, declared", "CC49, not declared", "feet, not declared", "feet, once said",
    "an archive that leads outside", "crossing, empty and mixed", "EWKT", "EWKB",
])  # fmt: skip
def test_other_classes_meet_their_fate(name, tmp_path, workplace, record_property):
    file, options, fate = other_classes(tmp_path)[name]
    told = run("import_layer", file, layer="wild", **options)
    zones, lines = told.get("zones", 0), told.get("refused", [])
    record_property("file", row(f"written: {name}", zones, lines, told.refusal))
    assert (zones, len(lines)) == (fate.zones, fate.lines), told.refusal
    assert fate.says in told.refusal
    assert not Zone.objects.filter(~IsValid("geom")).exists()
    assert list(workplace.iterdir()) == []


def polygons(path: Path, layer: str, folder: Path) -> int:
    """How many polygons pyogrio reads there, from a copy; none where it stumbles.

    It is helped as any person would: a Shapefile is named by its .shp, and unpacked, and a lost index may be written.
    """
    copy = Path(shutil.copytree(path.parent, folder / "copy")) / path.name
    if zipfile.is_zipfile(copy) and not path.name.endswith(".gdb.zip"):
        shutil.unpack_archive(copy, folder / "unpacked")
        shapefiles = sorted((folder / "unpacked").rglob(f"{layer or '*'}.shp"))
        if not shapefiles:
            return 0
        (copy,), layer = shapefiles, ""
    elif copy.suffix in PARTS:
        copy = copy.with_suffix(".shp")
    try:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = pyogrio.read_dataframe(copy, layer=layer or None)
    except Exception:  # noqa: BLE001 (whatever it stumbles on, it reads nothing)
        return 0
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    shapes = read.geometry if hasattr(read, "geometry") else []
    return sum(shape is not None and not shape.is_empty and shape.geom_type in POLYGONAL for shape in shapes)
