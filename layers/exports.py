"""The zones of a layer, and what the check of a version found, as rows for a file."""

import datetime
from typing import Any

import geopandas
from django.contrib.gis.db.models.functions import Transform
from django.db.models import BinaryField, Func

from gisplatform import geofiles
from gisplatform.geo import WGS84
from layers.findings import FindingQuerySet
from layers.models import Layer, Zone
from layers.zones import ZoneQuerySet

RESERVED = ("code", "name")


def frame(layer: Layer, *, on: datetime.date, srid: int) -> geopandas.GeoDataFrame:
    """`zones` of the version in force that day; no version in force gives a frame without rows."""
    return zones(Zone.objects.in_force(on).filter(version__layer=layer), srid=srid)


def zones(found: ZoneQuerySet, *, srid: int) -> geopandas.GeoDataFrame:
    """These zones by code, in `srid`; their attributes are columns after code and name. One query."""
    rows = list(found.order_by("code", "id").values_list("code", "name", "attributes", _shape(srid)))
    extra = list(dict.fromkeys(name for *own, facts, _wkb in rows for name in facts if _adds(name, facts, own)))
    told = [(code, name, *(facts.get(each) for each in extra), wkb) for code, name, facts, wkb in rows]
    return geofiles.frame(told, columns=[*RESERVED, *extra], srid=srid)


def findings(found: FindingQuerySet) -> geopandas.GeoDataFrame:
    """These findings in their order, in degrees; areas in m², widths in m. One query."""
    columns = ("kind", "severity", "zones", "area_m2", "width_m")
    rows = found.order_by("pk").values_list(*columns, _shape(WGS84))
    told = [
        (kind, severity, ", ".join(codes), round(area_m2, 3), width_m and round(width_m, 4), shape)
        for kind, severity, codes, area_m2, width_m, shape in rows
    ]
    return geofiles.frame(told, columns=columns, srid=WGS84)


def _shape(srid: int) -> Func:
    return Func(Transform("geom", srid), function="ST_AsBinary", output_field=BinaryField())


def _adds(name: str, facts: dict[str, Any], own: list[str]) -> bool:
    """Whether an attribute tells more than the code and name of its zone do."""
    return name not in RESERVED or str(facts[name]) != own[RESERVED.index(name)]
