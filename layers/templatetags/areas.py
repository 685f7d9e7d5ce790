"""Areas and versions as people read them."""

import math

from django import template
from django.utils import timezone
from django.utils.formats import number_format

from layers.models import LayerVersion

register = template.Library()


@register.filter
def area(square_metres: float | None) -> str:
    """« 25,72 km² », « 14,20 ha » below a km², « 850 m² » below a hectare; « – » for None."""
    if square_metres is None:
        return "–"
    for size, unit in ((1e6, "km²"), (1e4, "ha")):
        if square_metres >= size:
            return f"{number_format(square_metres / size, 2)}\N{NO-BREAK SPACE}{unit}"
    return f"{number_format(square_metres, 0 if square_metres >= 10 else 2)}\N{NO-BREAK SPACE}m²"


@register.filter
def width(metres: float | None) -> str:
    """« 12 m », « 0,02 m », « 3 mm » below a centimetre; « – » for None."""
    if metres is None:
        return "–"
    if metres < 0.01:
        return f"{number_format(metres * 1000, 1)}\N{NO-BREAK SPACE}mm"
    return f"{number_format(metres, 0 if metres >= 10 else 2)}\N{NO-BREAK SPACE}m"


@register.filter
def share(part: float | None) -> str:
    """« 99,9 % », rounded down: « 100 % » leaves at most a hundred-thousandth out; « – » for None."""
    if part is None:
        return "–"
    percent = math.floor(part * 1000 + 0.01) / 10
    return f"{number_format(percent, 0 if percent in (0, 100) else 1)}\N{NO-BREAK SPACE}%"


@register.inclusion_tag("layers/standing.html")
def standing(version: LayerVersion) -> dict[str, object]:
    """The badge of what a version is today."""
    return {"standing": version.standing(timezone.localdate()), "version": version}
