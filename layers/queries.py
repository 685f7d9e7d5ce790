"""What the pages of layers show: the catalogue, the versions of a layer, the zones of a version."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Envelope, Transform
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Count, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from gisplatform import sql
from gisplatform.geo import WGS84
from layers.models import Layer, LayerVersion, Zone

ZONES_AT_MOST = 200  # of the list beside a map; the search and the table find the others
WORDS_AT_MOST = 8
UNPUBLISHED = (LayerVersion.Status.DRAFT, LayerVersion.Status.CHECKED)


def catalogue(on: datetime.date) -> QuerySet[Layer]:
    """Every layer, with what holds that day (`number`, `since`, `zone_count`, `area_m2`, `covered_share` of the
    territory), what comes after it and what came last.

    `next_number`, `next_from` are the first version published for a later day, `draft_number`, `draft_status` the
    latest version while it is not published; `version_count`, `imported_at` and `imported_by` (a name) tell of all and
    of the latest. What there is none of is None. One query.
    """
    versions = LayerVersion.objects.filter(layer=OuterRef("pk"))
    held, coming = versions.in_force(on), versions.to_come(on).order_by("valid_from")
    counted = held.annotate(counted=Count("zones"), measured=Sum("zones__area_m2"))
    latest = LayerVersion.objects.filter(layer=OuterRef("layer")).order_by("-number")
    draft = versions.filter(status__in=UNPUBLISHED, number=Subquery(latest.values("number")[:1]))
    last = versions.order_by("-number")
    full_name = Trim(Concat("imported_by__first_name", Value(" "), "imported_by__last_name"))
    named = Coalesce(NullIf(full_name, Value("")), "imported_by__username")
    return Layer.objects.annotate(
        number=Subquery(held.values("number")),
        since=Subquery(held.values("valid_from")),
        covered_share=Subquery(held.values("covered_share")),
        zone_count=Subquery(counted.values("counted")),
        area_m2=Subquery(counted.values("measured")),
        next_number=Subquery(coming.values("number")[:1]),
        next_from=Subquery(coming.values("valid_from")[:1]),
        draft_number=Subquery(draft.values("number")),
        draft_status=Subquery(draft.values("status")),
        version_count=Count("versions"),
        imported_at=Subquery(last.values("imported_at")[:1]),
        imported_by=Subquery(last.annotate(named=named).values("named")[:1]),
    ).order_by("name", "code")


def versions_of(layer: Layer) -> QuerySet[LayerVersion]:
    """Its versions, the latest first, with `zone_count`, `refused_count` and `repaired_count`. One query."""
    return (
        layer.versions.annotate(
            zone_count=Count("zones"), refused_count=_length("refused"), repaired_count=_length("repaired")
        )
        .select_related("imported_by")
        .defer("report")
        .order_by("-number")
    )


def _length(key: str) -> Func:
    """How many entries a list of the report has; None where it has no such list."""
    return Func(KeyTransform(key, "report"), function="jsonb_array_length", output_field=IntegerField())


@dataclass(frozen=True)
class Row:
    """A zone in a list; `box` is west,south,east,north in degrees."""

    pk: int
    code: str
    name: str
    area_m2: float
    box: str


def zones_of(version: LayerVersion, *, words: str = "") -> list[Row]:
    """Its zones by code, at most ZONES_AT_MOST, those that bear all of `words` in their code or name. One query."""
    zones = Zone.objects.filter(version=version).filter(bearing(words, "code", "name__unaccent"))
    rows = zones.order_by("code", "id").annotate(envelope=Transform(Envelope("geom_3857"), WGS84))
    return [
        Row(pk, code, name, area_m2, box=",".join(f"{degrees:.6f}" for degrees in envelope.extent))
        for pk, code, name, area_m2, envelope in rows.values_list("pk", "code", "name", "area_m2", "envelope")[
            :ZONES_AT_MOST
        ]
    ]


def features(
    *,
    layer: str,
    on: datetime.date,
    box: Polygon | None,
    point: GEOSGeometry | None,
    after: tuple[str, int] | None,
    size: int,
) -> tuple[list[dict[str, Any]], tuple[str, int] | None]:
    """At most `size` zones in force that day as GeoJSON features, by code, beyond the zone `after` (code, id).

    They meet `box` (EPSG:3857) and hold `point` (storage CRS), borders included. With them, the last zone of the page
    when others follow, else None. One statement, and one before it for a point.
    """
    holding = None
    if point is not None:
        there = Zone.objects.in_force(on).filter(version__layer__code=layer).covering(point)
        holding = list(there.values_list("pk", flat=True))
    code, zone_id = after or (None, None)
    parameters = {
        "layer": layer, "on_day": on, "box": box.ewkt if box else None, "among": holding, "after_code": code,
        "after_id": zone_id, "how_many": size + 1,
    }  # fmt: skip
    rows = sql.rows(sql.load("layers", "zones"), parameters)
    told = rows[:size]
    return [row["feature"] for row in told], ((told[-1]["code"], told[-1]["id"]) if len(rows) > size else None)


def measured(version: LayerVersion) -> dict[str, Any]:
    """`zone_count` and `area_m2` (of all zones together) of a version."""
    return version.zones.aggregate(zone_count=Count("id"), area_m2=Sum("area_m2"))


def with_words(layers: QuerySet[Layer], words: str) -> QuerySet[Layer]:
    """Those that bear each of the words somewhere; accents and capitals do not count."""
    texts = ("name", "description", "source", "producer", "licence")
    return layers.filter(bearing(words, "code", *(f"{text}__unaccent" for text in texts)))


def bearing(words: str, *columns: str) -> Q:
    """Each of the words somewhere in these columns; capitals do not count, and accents where a column is unaccented."""
    found = Q()
    for word in words.split()[:WORDS_AT_MOST]:
        found &= Q(*((f"{column}__icontains", word) for column in columns), _connector=Q.OR)
    return found
