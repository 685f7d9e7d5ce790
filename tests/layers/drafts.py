"""Drafts of the model town: versions that wait, made of squares and of what is awkward on purpose."""

from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from layers.models import LayerVersion, Zone
from tests.town import NOW, Town, square


def draft(town: Town, shapes: Iterable[tuple[str, Any]], layer: str = "market") -> LayerVersion:
    """A draft of these `(code, shape)`; a shape is the corners of a square, or a geometry."""
    where = town.layers[layer]
    version = LayerVersion.objects.create(layer=where, number=where.versions.count() + 1, imported_at=NOW)
    for code, shape in shapes:
        geom: GEOSGeometry = square(*shape) if isinstance(shape, tuple) else shape
        multi = geom if isinstance(geom, MultiPolygon) else MultiPolygon(geom, srid=geom.srid)
        Zone.objects.create(version=version, code=code, name=code, geom=multi)
    return version
