"""GeoParquet: a table of columns whose metadata name the one of outlines and its CRS (geoparquet.org, 1.0 and 1.1)."""

import datetime
import decimal
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading.datasets import Dataset
from layers.reading.geojson import UNREADABLE
from layers.reading.source import Source, plain

DEGREES = "EPSG:4326"  # where the file says nothing: longitude and latitude
FAULTS = (pa.ArrowException, OSError, ValueError)


def read(dataset: Dataset, *, encoding: str = "") -> Source:  # noqa: ARG001 (its text is always UTF-8)
    try:
        file = pq.ParquetFile(dataset.path)
        outlines, facts = _outlines(file.schema_arrow)
        table = file.read(use_threads=False)
        rows = table.drop_columns(outlines).to_pylist()
        cells = table[outlines].to_pylist()
    except FAULTS:
        raise UnreadableFile(
            _("The %(format)s file is damaged, cut short or incomplete: ask for it again, or export it again.")
            % {"format": dataset.kind.value}
        ) from None
    if not rows:
        raise UnreadableFile(_("The file holds no feature."))
    shapes = shapely.from_wkb(cells, on_invalid="ignore")
    unreadable = [line for line, (cell, shape) in enumerate(zip(cells, shapes, strict=True), 1) if cell and not shape]
    return Source(
        format=dataset.kind.value,
        layer=dataset.title,
        crs=_crs(facts),
        crs_from=_("declared by its metadata") if "crs" in facts else _("a GeoParquet that says nothing is in degrees"),
        geometries=shapes,
        attributes=[{plain(name): _value(value) for name, value in row.items()} for row in rows],
        refused={line: _(UNREADABLE) for line in unreadable},
    )


def _outlines(schema: pa.Schema) -> tuple[str, dict[str, Any]]:
    """The column of outlines and what the metadata say of it; raises UnreadableFile."""
    told = (schema.metadata or {}).get(b"geo")
    geo = json.loads(told) if told else None
    if not isinstance(geo, dict):
        raise UnreadableFile(
            _("The Parquet file does not say which column holds the outlines: export it as GeoParquet.")
        )
    column = str(geo.get("primary_column"))
    columns = geo.get("columns")
    facts = columns.get(column) if isinstance(columns, dict) else None
    if not isinstance(facts, dict) or column not in schema.names:
        raise UnreadableFile(
            _("The GeoParquet file names a column of outlines that it does not have (%(column)s): export it again.")
            % {"column": column[:60]}
        )
    kind = schema.field(column).type
    if facts.get("encoding") != "WKB" or not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        raise UnreadableFile(
            _("The outlines of the GeoParquet file are written as “%(encoding)s”: export it with the encoding WKB.")
            % {"encoding": str(facts.get("encoding"))[:60]}
        )
    return column, facts


def _crs(facts: dict[str, Any]) -> str | None:
    """What the column declares: WGS 84 where it says nothing, None where it says that it is not known."""
    if "crs" not in facts:
        return DEGREES
    declared = facts["crs"]
    if declared is None:
        return None
    identity = declared.get("id") if isinstance(declared, dict) else None
    if identity == {"authority": "OGC", "code": "CRS84"}:
        return DEGREES
    return json.dumps(declared)


def _value(value: Any) -> Any:
    match value:
        case datetime.date() | datetime.time():
            return value.isoformat()
        case decimal.Decimal():
            return float(value)
        case bytes():
            return value.hex()
        case datetime.timedelta():
            return value.total_seconds()
        case dict():
            return {plain(str(name)): _value(each) for name, each in value.items()}
        case list():
            return [_value(each) for each in value]
        case _:
            return plain(value)
