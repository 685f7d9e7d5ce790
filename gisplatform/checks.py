"""System checks: what must be true before anything is served."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from pyproj import CRS


@register()
def storage_crs_is_in_metres(**_: Any) -> list[CheckMessage]:
    """Shares, distances and areas are computed in the storage CRS, so its unit must be the metre."""
    unit = CRS.from_epsg(settings.STORAGE_SRID).axis_info[0].unit_name
    if unit == "metre":
        return []
    return [
        Error(
            f"EPSG:{settings.STORAGE_SRID} is measured in {unit}, not in metres.",
            hint="Set GISPLATFORM_STORAGE_SRID to a projected CRS in metres, EPSG:2154 in France.",
            id="gisplatform.E001",
        )
    ]
