"""Files nested in themselves: what reads them may fall, whoever asked stands and says so."""

import os
import subprocess
import sys

import pytest
import shapely
from django.conf import settings as platform

from tests.layers.files import box, feature, geojson


def nested(levels: int, inside: str) -> str:
    return "GEOMETRYCOLLECTION(" * levels + inside + ")" * levels


IN_A_THREAD = """
import sys, threading, django
from pathlib import Path
django.setup()
from layers import reading
from layers.judging import Wishes, judge

def read():
    try:
        judge(path=Path(sys.argv[1]), wishes=Wishes(), file_name="a.csv")
    except Exception as error:
        print(error)

threading.stack_size(256 * 1024)
thread = threading.Thread(target=read)
thread.start()
thread.join()
"""


def in_wkb(levels: int) -> str:
    return "010700000001000000" * levels + shapely.to_wkb(box(0, 0, 9, 9), hex=True)


def in_wkt(levels: int) -> str:
    return f"SRID=2154;{nested(levels, box(0, 0, 9, 9).wkt)}"


@pytest.mark.parametrize("levels", [20, 1_000, 3_000, 20_000])
@pytest.mark.parametrize("written", [in_wkt, in_wkb])
def test_a_nested_geometry_does_not_end_the_server_that_asks(tmp_path, levels, written):
    """Its threads have smaller stacks than a process."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "a.csv").write_text(f'code;wkt\n1;"{written(levels)}"\n')
    done = subprocess.run(
        [sys.executable, "-c", IN_A_THREAD, str(tmp_path / "a.csv")],
        cwd=platform.BASE_DIR,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert "s’emboîtent trop profondément" in done.stdout or "a interrompu sa lecture" in done.stdout
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_collection_within_a_collection_is_laid_flat(command, tmp_path):
    square = nested(3, f"{box(0, 0, 9, 9).wkt}, POINT(0 0)")
    (tmp_path / "a.csv").write_text(f'code;wkt\n1;"SRID=2154;{square}"\n')
    assert command("import_layer", tmp_path / "a.csv", layer="a")["zones"] == 1


@pytest.mark.parametrize("levels", [150, 500, 100_000])
def test_nested_attributes_are_kept_or_refused_in_words(command, tmp_path, levels):
    text = geojson(tmp_path / "a.geojson", feature(box(0, 0, 9, 9), code="1", more=0)).read_text()
    (tmp_path / "a.geojson").write_text(text.replace('"more": 0', f'"more": {"[" * levels}{"]" * levels}'))
    told = command("import_layer", tmp_path / "a.geojson", layer="a")
    assert told["zones"] == 1 if levels < 200 else "niveaux" in told.refusal


@pytest.mark.parametrize("crs", ["PROJCS[" * 50_000, "[" * 100_000, "+proj=pipeline " * 10_000, "é" * 30_000])
def test_a_crs_that_is_none_is_told_shortly(command, tmp_path, crs):
    file = geojson(tmp_path / "a.geojson", feature(box(0, 0, 9, 9), code="1"), crs=crs)
    refusal = command("import_layer", file, layer="a").refusal
    assert "système de coordonnées illisible" in refusal
    assert len(refusal) < 500
