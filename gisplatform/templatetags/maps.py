"""`{% map_frame %}`: the place of a map on a page, with all addresses and words its module needs."""

import json
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

register = template.Library()


@register.inclusion_tag("components/map_frame.html", takes_context=True)
def map_frame(
    context: Context,
    layers: str = "",
    label: str = "",
    bounds: tuple[float, float, float, float] | None = None,
    *,
    cooperative: bool = False,
) -> dict[str, Any]:
    """A map frame; `#gisplatform/map` brings it to life.

    `layers` are codes separated by commas, whose borders are drawn for those who may see layers (`code@2` means those
    of version 2, in force or not); `label` says what the map shows, to a screen reader; `bounds` (west, south, east,
    north in degrees) is where it opens, by default on the whole background; `cooperative` leaves one finger and the
    wheel to the page around it.
    """
    codes = [code.strip() for code in layers.split(",") if code.strip()]
    style = reverse("map-style")
    return {
        "style": f"{style}?theme=light",
        "style_dark": f"{style}?theme=dark",
        "layers": [_tilejson(code) for code in codes] if _may(context, "view_layers") else [],
        "reverse": reverse("address-reverse") if _may(context, "view_requests") else "",
        "bounds": json.dumps(bounds) if bounds else "",
        "cooperative": cooperative,
        "words": json.dumps(_words(str(label) or _("Map")), ensure_ascii=False),
    }


def _tilejson(layer: str) -> str:
    code, at, number = layer.partition("@")
    return reverse("tilejson-version", args=[code, number]) if at else reverse("tilejson-zones", args=[code])


def _may(context: Context, permission: str) -> bool:
    user = context.get("user")
    return user is not None and user.is_authenticated and user.may(permission)


def _words(label: str) -> dict[str, Any]:
    """What the module and MapLibre say, by MapLibre's own keys."""
    return {
        # Translators: %s is an address or a pair of coordinates.
        "centred": _("Map centred on %s"),
        "placed": _("The place is set."),
        "maplibre": {
            "Map.Title": label,
            "Marker.Title": _("The place, as a pin"),
            "NavigationControl.ZoomIn": _("Zoom in"),
            "NavigationControl.ZoomOut": _("Zoom out"),
            "AttributionControl.ToggleAttribution": _("Show or hide the sources"),
            "ScaleControl.Meters": "m",
            "ScaleControl.Kilometers": "km",
            "CooperativeGesturesHandler.WindowsHelpText": _("Hold Ctrl and scroll to zoom the map"),
            "CooperativeGesturesHandler.MacHelpText": _("Hold ⌘ and scroll to zoom the map"),
            "CooperativeGesturesHandler.MobileHelpText": _("Move the map with two fingers"),
        },
    }
