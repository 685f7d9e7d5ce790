"""Files of zones for the tests, written where they stand; coordinates are metres of the model town unless said."""

import json
import sqlite3
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio import raw

from tests.town import X, Y


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A square of the model town, in EPSG:2154."""
    return shapely.box(X + west, Y + south, X + east, Y + north)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    mapping = shapely.geometry.mapping(geometry) if isinstance(geometry, shapely.Geometry) else geometry
    return {"type": "Feature", "properties": properties, "geometry": mapping}


def geojson(path: Path, *features: Any, crs: str | None = "EPSG:2154", **members: Any) -> Path:
    """`crs` goes into the old `crs` member; None writes none, which means degrees."""
    named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    path.write_text(json.dumps({"type": "FeatureCollection", **named, "features": features, **members}))
    return path


def vector(path: Path, shapes: list[Any], crs: str | None = "EPSG:2154", **facts: Any) -> Path:
    """A file by GDAL, of the kind its suffix says; `columns` are lists by field name."""
    if crs is None:
        warnings.simplefilter("ignore", UserWarning)  # pyogrio regrets it, which is what the test is about
    columns: dict[str, list[Any]] = facts.pop("columns", None) or {"code": [f"z{n}" for n, _ in enumerate(shapes)]}
    raw.write(
        str(path),
        np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object),
        [np.array(values, dtype=facts.get("dtypes", {}).get(name)) for name, values in columns.items()],
        list(columns),
        geometry_type=facts.pop("geometry_type", "Polygon"),
        crs=crs,
        **{name: value for name, value in facts.items() if name != "dtypes"},
    )
    return path


def zipped(path: Path, *members: Path, folder: str = "", without: tuple[str, ...] = ()) -> Path:
    """A zip of these files and of those that go with them (.dbf, .prj …)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            for part in sorted(member.parent.glob(f"{member.stem}.*")):
                if part.suffix not in without and part != path:
                    archive.write(part, folder + part.name)
    return path


def endless(path: Path) -> Path:
    """A GeoPackage whose only layer is a question without end."""
    vector(path, [box(0, 0, 9, 9)], layer="zones")
    database = sqlite3.connect(path)
    database.executescript(
        """
        CREATE VIEW more AS WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count)
            SELECT n AS fid, geom, code FROM count, zones WHERE n < 0;
        INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('more', 'features', 'more', 2154);
        INSERT INTO gpkg_geometry_columns VALUES ('more', 'geom', 'POLYGON', 2154, 0, 0);
        DELETE FROM gpkg_contents WHERE table_name = 'zones';
        DELETE FROM gpkg_geometry_columns WHERE table_name = 'zones';
        """
    )
    database.close()
    return path
