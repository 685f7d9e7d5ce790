"""Interventions as rows for a file."""

import geopandas
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import BinaryField, F, Func

from gisplatform import geofiles
from interventions.work.queries import InterventionQuerySet

COLUMNS = {
    "reference": "reference",
    "state": "state",
    "department": "department__code",
    "department_name": "department__name",
    "executed_by": "executed_by__code",
    "executed_by_name": "executed_by__name",
    "instructions": "instructions",
    "report": "report",
    "ordered_at": "ordered_at",
    "validated_at": "validated_at",
    "started_at": "started_at",
    "ended_at": "ended_at",
    "due_at": "due_at",
}
INSTANTS = ("ordered_at", "validated_at", "started_at", "ended_at", "due_at")
# Names of ten letters, for Shapefiles.
SHORT = {
    "department": "dept", "department_name": "dept_name", "executed_by": "done_by", "executed_by_name": "by_name",
    "instructions": "instr", "validated_at": "validated", "categories": "categories",
}  # fmt: skip


def frame(work: InterventionQuerySet, *, srid: int) -> geopandas.GeoDataFrame:
    """These interventions, the first ordered first, in `srid`, with what they serve. One query."""
    shape = Func(Transform("geom", srid), function="ST_AsBinary", output_field=BinaryField())
    served = {
        "told_requests": StringAgg("requests__reference", ", ", order_by="requests__id"),
        "told_categories": StringAgg("requests__category__code", ", ", distinct=True),
    }
    rows = (
        work.order_by("ordered_at", "id")
        .annotate(shape=shape, **served)
        .values_list(*(F(path) for path in COLUMNS.values()), "told_requests", "told_categories", "shape")
    )
    columns = [*COLUMNS, "requests", "categories"]
    return geofiles.frame(rows.iterator(chunk_size=5000), columns=columns, srid=srid, instants=INSTANTS)
