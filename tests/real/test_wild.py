"""Files found as they are: each meets the fate written down, and has no zone fewer than a plain reader finds."""

import os
import shutil
import tempfile
import warnings
from pathlib import Path

import pyogrio
import pytest
from django.contrib.gis.db.models.functions import IsValid

from layers.models import LayerVersion, Zone
from tests.layers.commands import run
from tests.real.wild import WILD

DATA = Path(os.environ.get("GISPLATFORM_TEST_DATA", "")) / "awkward/wild"
pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif("GISPLATFORM_TEST_DATA" not in os.environ, reason="GISPLATFORM_TEST_DATA is not set"),
]
POLYGONAL = {"Polygon", "MultiPolygon"}


@pytest.fixture
def workplace(monkeypatch, tmp_path):
    """Where temporary files go, to see whether any stays."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


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
    record_property("wild", f"{name:<55} {zones:>5} {len(lines):>6}  {said[:110]}")
    assert (zones, len(lines)) == (fate.zones, fate.lines), said
    assert bool(told.refusal) == (not fate.zones)
    assert fate.says in said
    assert Zone.objects.count() == zones
    assert not Zone.objects.filter(~IsValid("geom")).exists()
    assert list(workplace.iterdir()) == []


@pytest.mark.parametrize("name", WILD)
def test_no_polygon_that_a_plain_reader_finds_is_missing(name, tmp_path):
    file, _bar, layer = name.partition("|")
    if not layer and f"{file}|" in "".join(f"{each} " for each in WILD):
        return  # told layer by layer
    assert WILD[name].zones >= polygons(DATA / file, layer, tmp_path)


def polygons(path: Path, layer: str, folder: Path) -> int:
    """How many polygons pyogrio reads there, with leave to write a lost index beside a copy of the file."""
    shutil.copytree(path.parent, folder / "copy")
    try:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = pyogrio.read_dataframe(folder / "copy" / path.name, layer=layer or None)
    except Exception:  # noqa: BLE001 (whatever it stumbles on, it reads nothing)
        return 0
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    shapes = read.geometry if hasattr(read, "geometry") else []
    return sum(shape is not None and not shape.is_empty and shape.geom_type in POLYGONAL for shape in shapes)
