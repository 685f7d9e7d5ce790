"""The requests of a list as rows for a file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import geopandas
from django.contrib.gis.db.models.functions import Transform
from django.db.models import BinaryField, CharField, F, Func

from gisplatform import geofiles, geoparts
from interventions.requests.queries import ServiceRequestQuerySet

COLUMNS = {
    "reference": "reference",
    "nature": "nature",
    "state": "state",
    "category": "category__code",
    "category_name": "category__name",
    "family": "category__family__code",
    "department": "department__code",
    "department_name": "department__name",
    "authority": "department__authority__code",
    "address": "address",
    "description": "description",
    "channel": "channel",
    "accuracy_m": "accuracy_m",
    "submitted_at": "submitted_at",
    "due_at": "due_at",
    "closed_at": "closed_at",
}
PERSONAL = {"requester": "requester__name", "email": "requester__email", "phone": "requester__phone"}
INSTANTS = ("submitted_at", "due_at", "closed_at")
AT_ONCE = 10_000  # rows that memory holds
TYPES = {
    "POINT": 0, "LINESTRING": 1, "POLYGON": 3, "MULTIPOINT": 4, "MULTILINESTRING": 5, "MULTIPOLYGON": 6,
    "GEOMETRYCOLLECTION": 7,
}  # fmt: skip
# Names of ten letters, for Shapefiles.
SHORT = {
    "category_name": "cat_name", "department": "dept", "department_name": "dept_name", "description": "descr",
    "submitted_at": "received", "accuracy_m": "accuracy",
}  # fmt: skip


def columns(*, personal: bool) -> Mapping[str, str]:
    return {**COLUMNS, **PERSONAL} if personal else COLUMNS


def frame(
    requests: ServiceRequestQuerySet,
    *,
    srid: int,
    personal: bool = False,
    seen: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> geopandas.GeoDataFrame:
    """These requests, the oldest first, in `srid`; who asked only when `personal`. One query.

    `seen` stands between the rows and the file, for who wants to know how far it is.
    """
    rows = _rows(requests, srid=srid, personal=personal)
    return _framed(seen(rows), srid=srid, personal=personal)


def write(
    requests: ServiceRequestQuerySet,
    *,
    as_: str,
    srid: int,
    name: str,
    folder: Path,
    personal: bool = False,
    seen: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> Path:
    """The file of these requests, in parts where the format allows it: its memory is then that of AT_ONCE rows."""
    if as_ not in geoparts.IN_PARTS:
        content = frame(requests, srid=srid, personal=personal, seen=seen)
        return geofiles.write(content, as_=as_, name=name, folder=folder, short=SHORT)
    rows = iter(seen(_rows(requests, srid=srid, personal=personal)))
    return geoparts.write(
        _parts(rows, srid=srid, personal=personal), as_=as_, types=_types(requests), name=name, folder=folder
    )


def _parts(rows: Iterator[Any], *, srid: int, personal: bool) -> Iterator[geopandas.GeoDataFrame]:
    """AT_ONCE rows after the other; one part at least."""
    yield _framed(islice(rows, AT_ONCE), srid=srid, personal=personal)
    while part := list(islice(rows, AT_ONCE)):
        yield _framed(part, srid=srid, personal=personal)


def _types(requests: ServiceRequestQuerySet) -> set[int]:
    """The types of geometry among them, as shapely numbers them."""
    kind = Func("geom", function="GeometryType", output_field=CharField())
    found = requests.order_by().annotate(kind=kind).values_list("kind", flat=True).distinct()
    return {TYPES[each] for each in found}


def _framed(rows: Iterable[Any], *, srid: int, personal: bool) -> geopandas.GeoDataFrame:
    told = geofiles.frame(rows, columns=list(columns(personal=personal)), srid=srid, instants=INSTANTS)
    # A column has its type also in a part where nothing tells it.
    told["accuracy_m"] = told["accuracy_m"].astype("float64")
    empty = [name for name in told.columns if told[name].dtype == object]
    return told.astype(dict.fromkeys(empty, "str"))


def _rows(requests: ServiceRequestQuerySet, *, srid: int, personal: bool) -> Iterator[Any]:
    wanted = columns(personal=personal)
    shape = Func(Transform("geom", srid), function="ST_AsBinary", output_field=BinaryField())
    rows = (
        requests.order_by("submitted_at", "id")
        .annotate(shape=shape)
        .values_list(*(F(path) for path in wanted.values()), "shape")
    )
    return rows.iterator(chunk_size=5000)
