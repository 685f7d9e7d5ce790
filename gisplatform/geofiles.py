"""Writing rows with a geometry as the files that GIS and spreadsheet programs read."""

import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import pandas
import shapely
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gisplatform import columns as named
from gisplatform.spreadsheets import plain

# Those offered; stored geometries are brought to them by the database, in one place for the whole platform.
CRS = {4326: _("Longitude and latitude (WGS 84)"), 2154: "Lambert-93", 3949: "RGF93 CC49"}
KINDS = {0: "points", 1: "lignes", 3: "surfaces", 4: "points", 5: "lignes", 6: "surfaces"}
COLLECTION = 7
SHAPEFILE_NAME_MAX, SHAPEFILE_TEXT_MAX = 10, 254  # bytes
EXCEL_CELL_MAX = 32_767


@dataclass(frozen=True)
class Format:
    """`driver` is GDAL's, "" for what it does not write; `mixed` when one layer may hold several kinds of geometry."""

    label: str
    extension: str
    driver: str = ""
    mixed: bool = True


FORMATS = {
    "gpkg": Format("GeoPackage", "gpkg", "GPKG", mixed=False),
    "geojson": Format("GeoJSON", "geojson", "GeoJSON"),
    "fgb": Format("FlatGeobuf", "fgb", "FlatGeobuf", mixed=False),
    "parquet": Format("GeoParquet", "parquet"),
    "shp": Format("Shapefile", "shp", "ESRI Shapefile", mixed=False),
    "csv": Format("CSV", "csv"),
    "xlsx": Format("Excel", "xlsx"),
}


def frame(
    rows: Iterable[Sequence[Any]], *, columns: Sequence[str], srid: int, instants: Collection[str] = ()
) -> geopandas.GeoDataFrame:
    """Rows whose last value is a geometry as WKB in `srid`, under their names; `instants` are told in local time.

    No row gives a frame with the same columns. A name that a writer keeps for itself gets a number.
    """
    names = named.distinct(columns)  # before anything is looked up by name; none of them is "geometry"
    table = pandas.DataFrame.from_records(list(rows), columns=[*names, "geometry"])
    shapes = shapely.from_wkb([bytes(each) for each in table.pop("geometry")])
    for wanted, name in zip(columns, names, strict=True):
        if wanted in instants:
            moments = pandas.to_datetime(table[name], utc=True).dt.as_unit("ms")
            table[name] = moments.dt.tz_convert(settings.TIME_ZONE)
        else:
            table[name] = named.of_one_kind(table[name])
    return geopandas.GeoDataFrame(table, geometry=shapes, crs=srid)


def write(
    content: geopandas.GeoDataFrame, *, as_: str, name: str, folder: Path, short: Mapping[str, str] | None = None
) -> Path:
    """Write `content` in `folder` as the file `name` of the format `as_` (a key of FORMATS); return the file.

    What holds one kind of geometry a layer gets a layer for each: layers of one GeoPackage, several files in a zip for
    the others. A Shapefile is always a zip; `short` are names of its columns, the others are cut to ten letters.
    """
    chosen = FORMATS[as_]
    target = folder / f"{name}.{chosen.extension}"
    if as_ == "parquet":
        content.to_parquet(target, index=False, compression="zstd")
    elif as_ == "csv":
        flat(content).to_csv(target, index=False, sep=";", encoding="utf-8-sig")
    elif as_ == "xlsx":
        _for_excel(flat(content)).to_excel(target, index=False, sheet_name=name[:31])
    elif chosen.mixed:
        with_gdal(content, target, chosen.driver)
    elif as_ == "gpkg":
        for kind, part in _parts(content):
            with_gdal(in_utc(part), target, chosen.driver, layer=f"{name}_{kind}" if kind else name)
    else:
        return _zipped(content, as_, name, folder, short or {})
    return target


def _zipped(content: geopandas.GeoDataFrame, as_: str, name: str, folder: Path, short: Mapping[str, str]) -> Path:
    chosen, parts = FORMATS[as_], _parts(_without_collections(content) if as_ == "shp" else content)
    if as_ == "shp":
        parts = [(kind, _for_shapefile(part, short)) for kind, part in parts]
    files = []
    for kind, part in parts:
        files.append(folder / f"{name}{f'_{kind}' if kind else ''}.{chosen.extension}")
        with_gdal(part, files[-1], chosen.driver)
    if len(files) == 1 and as_ != "shp":
        return files[0]
    target = folder / f"{name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.iterdir()):
            if each != target and each.stem in {file.stem for file in files}:
                archive.write(each, each.name)
    return target


def with_gdal(part: geopandas.GeoDataFrame, target: Path, driver: str, **more: Any) -> None:
    # FlatGeobuf would sort the rows along its index.
    options = {"SPATIAL_INDEX": "NO"} if driver == "FlatGeobuf" else {}
    if driver == "GeoJSON":
        options["COORDINATE_PRECISION"] = "9"
    if driver == "ESRI Shapefile":
        options["ENCODING"] = "UTF-8"
    if driver == "GPKG":
        options["VERSION"] = "1.2"  # 1.4 makes GDAL before 3.7, and the QGIS that stands on it, warn
    part.to_file(target, driver=driver, engine="pyogrio", use_arrow=True, index=False, **options, **more)


def _parts(content: geopandas.GeoDataFrame) -> list[tuple[str, geopandas.GeoDataFrame]]:
    """One frame for each kind of geometry, with its name; a single one has no name. Single and multiple go together."""
    types = shapely.get_type_id(content.geometry.values)
    kinds = pandas.Series(types, index=content.index).map(KINDS).fillna("autres")
    found = [kind for kind in (*dict.fromkeys(KINDS.values()), "autres") if (kinds == kind).any()]
    if len(found) < 2:
        return [("", _alike(content))]
    return [(kind, _alike(content[kinds == kind])) for kind in found]


def _without_collections(content: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """A row for each kind of geometry a collection holds: a Shapefile knows none."""
    mixed = shapely.get_type_id(content.geometry.values) == COLLECTION
    if not mixed.any():
        return content
    single = content[mixed].explode(ignore_index=False)
    kinds = pandas.Series(shapely.get_type_id(single.geometry.values)).map(KINDS).to_numpy()
    apart = single.dissolve(by=[single.index, kinds]).reset_index(drop=True)
    return pandas.concat([content[~mixed], apart[content.columns]], ignore_index=True)


def _alike(part: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Every geometry multiple where one is: a layer has one type."""
    types = shapely.get_type_id(part.geometry.values)
    return part if len(set(types)) < 2 else as_multiple(part)


def as_multiple(part: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Every geometry multiple; what knows no such form stays."""
    types = shapely.get_type_id(part.geometry.values)
    if not set(types) <= KINDS.keys():
        return part
    make = {"points": shapely.multipoints, "lignes": shapely.multilinestrings, "surfaces": shapely.multipolygons}
    multiple = [
        shape if shape.geom_type.startswith("Multi") else make[KINDS[kind]]([shape])
        for shape, kind in zip(part.geometry.values, types, strict=True)
    ]
    return part.set_geometry(geopandas.GeoSeries(multiple, index=part.index, crs=part.crs))


def _for_shapefile(part: geopandas.GeoDataFrame, short: Mapping[str, str]) -> geopandas.GeoDataFrame:
    """Ten letters a name, 254 bytes a text; instants as text, which the format does not know."""
    told = _instants_as_text(part)
    for name in told.columns.drop("geometry"):
        told[name] = told[name].map(
            lambda cell: named.shortened(cell, SHAPEFILE_TEXT_MAX) if isinstance(cell, str) else cell
        )
    names = {name: short.get(name, name) for name in told.columns.drop("geometry")}
    cut = named.short(names.values(), longest=SHAPEFILE_NAME_MAX)
    return told.rename(columns={name: cut[wanted] for name, wanted in names.items()})


def flat(content: geopandas.GeoDataFrame) -> pandas.DataFrame:
    """Without geometry column: its text (WKT), and x and y of a point of it; no cell or heading is a formula."""
    inside = content.geometry.representative_point()
    table = pandas.DataFrame(_instants_as_text(content).drop(columns="geometry"))
    for name in table.columns:
        table[name] = table[name].map(plain)
    table.columns = table.columns.map(plain)
    digits = 9 if content.crs.is_geographic else 4
    return table.assign(
        x=inside.x.round(digits), y=inside.y.round(digits), wkt=content.geometry.to_wkt(rounding_precision=digits)
    )


def _for_excel(table: pandas.DataFrame) -> pandas.DataFrame:
    """What a cell can hold: no control character, and no outline that would have to be cut."""
    for name in table.columns:
        table[name] = table[name].map(
            lambda cell: ILLEGAL_CHARACTERS_RE.sub("", cell)[:EXCEL_CELL_MAX] if isinstance(cell, str) else cell
        )
    table["wkt"] = table["wkt"].mask(table["wkt"].str.len() >= EXCEL_CELL_MAX, "")
    table.columns = table.columns.map(lambda name: ILLEGAL_CHARACTERS_RE.sub("", name))
    return table


def in_utc(content: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """A GeoPackage tells instants in UTC (OGC 12-128, table 1)."""
    return content.assign(**{name: content[name].dt.tz_convert("UTC") for name in content.select_dtypes("datetimetz")})


def _instants_as_text(content: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """`2026-03-02T10:30:00+01:00`; what is empty stays empty."""
    instants = content.select_dtypes("datetimetz").columns
    return content.assign(
        **{name: [each.isoformat() if each is not pandas.NaT else None for each in content[name]] for name in instants}
    )
