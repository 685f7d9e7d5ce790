"""Whatever a layer's columns are called and hold, every format writes them and tells them again."""

import zipfile
from pathlib import Path

import geopandas
import pandas
import pyogrio
import pytest
import shapely
from openpyxl import load_workbook

from gisplatform import geofiles
from gisplatform.columns import distinct

POINT = shapely.to_wkb(shapely.Point(1, 2))
EVERY = pytest.mark.parametrize("as_", geofiles.FORMATS)


def written(as_: str, folder: Path, columns: list[str], *rows: tuple) -> pandas.DataFrame:
    content = geofiles.frame([(*row, POINT) for row in rows], columns=columns, srid=2154)
    file = geofiles.write(content, as_=as_, name="essai", folder=folder)
    if as_ == "parquet":
        return geopandas.read_parquet(file)
    if as_ == "csv":
        return pandas.read_csv(file, sep=";", encoding="utf-8-sig")
    if as_ == "xlsx":
        return pandas.read_excel(file)
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder / "unzipped")
        file = folder / "unzipped/essai.shp"
    return pyogrio.read_dataframe(file)


@EVERY
def test_names_that_clash_are_told_apart(tmp_path, as_):
    names = ["code", "CODE", "Code", "fid", "geom", "x", "wkt", "code", "geometry"]
    told = written(as_, tmp_path, names, tuple("abcdefghi"))
    values = [value for value in told.drop(columns="geometry", errors="ignore").iloc[0] if isinstance(value, str)]
    assert set("abcdefghi") <= set(values)


def test_a_number_given_is_not_given_twice():
    assert distinct(["a", "A_2", "A", "fid"]) == ["a", "A_2", "A_3", "fid_2"]


@EVERY
def test_a_column_of_everything_is_told_as_text(tmp_path, as_):
    told = written(as_, tmp_path, ["mixed"], (1,), ("deux",), ([3],), ({"quatre": 4},), (None,))
    # Some writers set JSON with other spaces.
    texts = [None if pandas.isna(each) or each == "" else str(each).replace(" ", "") for each in told["mixed"]]
    assert texts == ["1", "deux", "[3]", '{"quatre":4}', None]


@EVERY
@pytest.mark.parametrize("others", [(), (1.5,), ("b",)])
def test_numbers_that_no_format_knows_are_told_as_text(tmp_path, as_, others):
    long = 10**400 // 9 if as_ not in ("shp", "csv", "xlsx") else 10**30 // 9
    told = written(as_, tmp_path, ["number"], (long,), (7,), (None,), *((each,) for each in others))
    assert str(told["number"][0]) == str(long) or as_ in ("csv", "xlsx")
    assert len(told) == 3 + len(others)


@EVERY
def test_a_name_that_ends_like_a_date_may_hold_anything(tmp_path, as_):
    told = written(as_, tmp_path, ["seen_at"], ("au marché",))
    assert list(told["seen_at"]) == ["au marché"]


@EVERY
def test_control_characters_stop_no_format(tmp_path, as_):
    told = written(as_, tmp_path, ["text"], ("deux\x0blignes",))
    assert told["text"][0] == ("deuxlignes" if as_ == "xlsx" else "deux\x0blignes")


def test_a_shapefile_cuts_long_texts_between_two_letters(tmp_path):
    told = written("shp", tmp_path, ["text", "a_long_name", "a_long_name_too"], ("é" * 200, 1, 2))
    assert told["text"][0] == "é" * 127
    assert list(told.columns[:3]) == ["text", "a_long_nam", "a_long_na2"]


def test_a_heading_is_no_formula(tmp_path):
    written("xlsx", tmp_path, ["=1+1"], ("a",))
    assert next(iter(load_workbook(tmp_path / "essai.xlsx").active.values))[0] == "'=1+1"


def test_an_outline_no_cell_can_hold_is_left_out_whole(tmp_path):
    circle = shapely.to_wkb(shapely.Point(0, 0).buffer(100, quad_segs=1000))
    content = geofiles.frame([("a", circle)], columns=["code"], srid=2154)
    told = pandas.read_excel(geofiles.write(content, as_="xlsx", name="essai", folder=tmp_path))
    assert told["wkt"].isna().all()
    assert told["x"].notna().all()
