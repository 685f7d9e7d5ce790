"""GDAL, GEOS and PROJ are those of the wheels, and they find their own tables."""

import ctypes
import sys
from pathlib import Path

import pyogrio
import pytest
import shapely
from django.contrib.gis.gdal import gdal_version
from django.contrib.gis.geos import Point
from django.contrib.gis.geos.libgeos import geos_version_tuple
from django.core.checks import run_checks

from gisplatform import native


def test_geodjango_uses_the_gdal_of_pyogrio():
    assert tuple(int(part) for part in gdal_version().decode().split(".")) == pyogrio.__gdal_version__


def test_geodjango_uses_the_geos_of_shapely():
    assert geos_version_tuple() == shapely.geos_version


def test_gdal_is_recent_enough_to_refuse_malicious_references():
    assert "gis.W001" not in {message.id for message in run_checks()}


def test_a_point_of_caen_comes_out_in_lambert_93():
    point = Point(-0.3707, 49.1829, srid=4326)
    point.transform(2154)
    assert point.coords == pytest.approx((454302.82, 6903373.64), abs=0.01)


def test_without_wheels_django_looks_for_the_systems_libraries(monkeypatch, tmp_path):
    package = tmp_path / "pyogrio"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "pyogrio")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert native.gdal() is None


@pytest.mark.parametrize("library", [native.gdal, native.geos])
def test_the_library_that_is_named_loads(library):
    path = library()
    assert path is not None
    assert Path(ctypes.CDLL(path)._name).is_file()
