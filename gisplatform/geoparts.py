"""Files written part by part: what memory holds does not grow with the number of rows."""

from collections.abc import Collection, Iterable
from pathlib import Path

import geopandas
import pandas
import shapely

from gisplatform.geofiles import FORMATS, KINDS, as_multiple, flat, in_utc, with_gdal

IN_PARTS = ("csv", "gpkg")  # the formats that can be added to


def write(
    parts: Iterable[geopandas.GeoDataFrame], *, as_: str, types: Collection[int], name: str, folder: Path
) -> Path:
    """As `geofiles.write`, in a format of IN_PARTS. Columns have one type in all parts; there is one part at least.

    `types` are the types of geometry in all parts together, as shapely numbers them: they decide the layers beforehand.
    """
    target = folder / f"{name}.{FORMATS[as_].extension}"
    if as_ == "csv":
        for number, part in enumerate(parts):
            began = number > 0
            flat(part).to_csv(
                target, index=False, sep=";", encoding="utf-8" if began else "utf-8-sig", header=not began,
                mode="a" if began else "w",
            )  # fmt: skip
        return target
    several = len({_kind(each) for each in types}) > 1
    begun: set[str] = set()
    for local in parts:
        part = in_utc(local)  # rows that are added are not brought to it by GDAL
        kinds = pandas.Series(shapely.get_type_id(part.geometry.values), index=part.index).map(_kind)
        if part.empty:
            with_gdal(part, target, FORMATS[as_].driver, layer=name)
        for kind in kinds.unique():
            layer = f"{name}_{kind}" if several else name
            alike = part[kinds == kind]
            if len({each for each in types if _kind(each) == kind}) > 1:
                alike = as_multiple(alike)
            with_gdal(alike, target, FORMATS[as_].driver, layer=layer, append=layer in begun)
            begun.add(layer)
    return target


def _kind(type_id: int) -> str:
    return KINDS.get(type_id, "autres")
