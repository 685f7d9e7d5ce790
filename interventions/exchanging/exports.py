"""The requests of a list as rows for a file."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import geopandas
from django.contrib.gis.db.models.functions import Transform
from django.db.models import BinaryField, F, Func

from gisplatform import geofiles
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
    wanted = columns(personal=personal)
    shape = Func(Transform("geom", srid), function="ST_AsBinary", output_field=BinaryField())
    rows = (
        requests.order_by("submitted_at", "id")
        .annotate(shape=shape)
        .values_list(*(F(path) for path in wanted.values()), "shape")
    )
    return geofiles.frame(seen(rows.iterator(chunk_size=5000)), columns=list(wanted), srid=srid, instants=INSTANTS)
