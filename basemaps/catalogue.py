"""The backgrounds a person may choose: our own plan, which needs no network, and online ones by setting."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basemaps.models import Basemap
from gisplatform.memo import Memo

WMTS = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&TILEMATRIXSET=PM"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&LAYER={layer}&STYLE={style}&FORMAT={format}"
)
IGN = "© IGN – Géoplateforme"


@dataclass(frozen=True)
class Online:
    """A raster background of the web: tiles of 256 pixels by {z}, {x}, {y}."""

    name: Any
    tiles: tuple[str, ...]
    attribution: str
    max_zoom: int = 19
    photograph: bool = False  # shown as it is; a plan is toned down, so that data speaks


# The addresses are those of the providers' documentation (Géoplateforme, OpenStreetMap France), 2026.
PRESETS = {
    "plan-ign": Online(
        name=_("IGN plan"),
        tiles=(WMTS.format(layer="GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2", style="normal", format="image/png"),),
        attribution=IGN,
    ),
    "ortho-ign": Online(
        name=_("Aerial photograph"),
        tiles=(WMTS.format(layer="ORTHOIMAGERY.ORTHOPHOTOS", style="normal", format="image/jpeg"),),
        attribution=IGN,
        photograph=True,
    ),
    "cadastre": Online(
        name=_("Land register"),
        tiles=(WMTS.format(layer="CADASTRALPARCELS.PARCELLAIRE_EXPRESS", style="PCI%20vecteur", format="image/png"),),
        attribution=IGN,
    ),
    "osm-france": Online(
        name="OpenStreetMap France",
        tiles=tuple(f"https://{host}.tile.openstreetmap.fr/osmfr/{{z}}/{{x}}/{{y}}.png" for host in "abc"),
        attribution="© OpenStreetMap France | © les contributeurs OpenStreetMap",
        max_zoom=20,
    ),
}


def _entered() -> dict[str, Online]:
    today = timezone.localdate()
    rows = Basemap.objects.exclude(retired_on__lte=today).order_by("position", "name", "code")
    return {
        row.code: Online(row.name, (row.tiles,), row.attribution, max_zoom=row.max_zoom, photograph=row.photograph)
        for row in rows
    }


entered = Memo(_entered)


def chosen() -> dict[str, Online]:
    """What may be chosen: the presets named by the setting, in its order, then what the administration entered."""
    return {**presets(), **entered()}


def presets() -> dict[str, Online]:
    """Those named by the setting; none by default. Raises ImproperlyConfigured."""
    unknown = [code for code in settings.BASEMAPS if code not in PRESETS]
    if unknown:
        raise ImproperlyConfigured(f"GISPLATFORM_BASEMAPS: {', '.join(unknown)}? There are: {', '.join(PRESETS)}")
    return {code: PRESETS[code] for code in settings.BASEMAPS}


def hosts() -> list[str]:
    """The origins a browser must be allowed to fetch tiles from."""
    origins = {f"{url.scheme}://{url.netloc}" for online in chosen().values() for url in map(urlsplit, online.tiles)}
    return sorted(origins)
