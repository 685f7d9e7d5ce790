"""The background from a file."""

import json
from pathlib import Path

from django.db import transaction

from basemaps.models import Landmark
from gisplatform.errors import UnreadableFile
from gisplatform.geo import from_geojson


def load_background(path: Path) -> int:
    """Replace the background by the features of a GeoJSON file; how many there are now.

    Properties read: kind, name, rank, city, numbers_from, numbers_to. A file with the member `"schematic": true`
    was drawn for demonstration and maps say so. Raises UnreadableFile, InvalidGeometry; then nothing is replaced.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        landmarks = [_landmark(feature, schematic=document.get("schematic", False)) for feature in document["features"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(f"{path.name}: {error!r}") from error
    with transaction.atomic():
        Landmark.objects.all().delete()
        Landmark.objects.bulk_create(landmarks, batch_size=1000)
    return len(landmarks)


def _landmark(feature: dict, *, schematic: bool) -> Landmark:
    facts = feature["properties"]
    return Landmark(
        kind=Landmark.Kind(facts["kind"]),
        name=facts.get("name") or "",
        rank=facts.get("rank") or 2,
        city=facts.get("city") or "",
        numbers_from=facts.get("numbers_from"),
        numbers_to=facts.get("numbers_to"),
        schematic=schematic,
        geom=from_geojson(feature["geometry"]),
    )
