"""The zones of a layer as rows for a file."""

import datetime
from typing import Any

import geopandas
from django.contrib.gis.db.models.functions import Transform
from django.db.models import BinaryField, Func

from gisplatform import geofiles
from layers.models import Layer, Zone

RESERVED = ("code", "name")


def frame(layer: Layer, *, on: datetime.date, srid: int) -> geopandas.GeoDataFrame:
    """The zones of the version in force that day, by code, in `srid`; their attributes are columns after code and name.

    No version in force gives a frame without rows. One query.
    """
    shape = Func(Transform("geom", srid), function="ST_AsBinary", output_field=BinaryField())
    zones = Zone.objects.in_force(on).filter(version__layer=layer).order_by("code", "id").annotate(shape=shape)
    rows = list(zones.values_list("code", "name", "attributes", "shape"))
    extra = list(dict.fromkeys(name for *own, facts, _wkb in rows for name in facts if _adds(name, facts, own)))
    told = [(code, name, *(facts.get(each) for each in extra), wkb) for code, name, facts, wkb in rows]
    return geofiles.frame(told, columns=[*RESERVED, *extra], srid=srid)


def _adds(name: str, facts: dict[str, Any], own: list[str]) -> bool:
    """Whether an attribute tells more than the code and name of its zone do."""
    return name not in RESERVED or str(facts[name]) != own[RESERVED.index(name)]
