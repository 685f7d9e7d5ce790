"""The stand-alone map: one HTML file with its data, drawings and programs inside, that opens without network.

Drawn by folium, whose links to other servers are replaced by what they point to.
"""

import datetime
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

import folium
from branca.element import Element, Figure, Template
from django.conf import settings
from django.contrib.gis.db.models.functions import AsGeoJSON, PointOnSurface, Transform
from django.contrib.staticfiles import finders
from django.db.models import Case, Q, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from folium.plugins import HeatMap

from basemaps.models import Landmark
from gisplatform import moments, statics
from gisplatform.geo import WGS84
from interventions.measuring import queries, shades
from interventions.measuring.asking import Asked
from interventions.measuring.queries import MEASURES, Row
from interventions.requests.lifecycle import AWAITED, OPEN, State
from layers.models import Zone

MARKERS_AT_MOST, LINES_AT_MOST = 2000, 3000
DIGITS = 5  # of a degree: a metre
SHADES = ("#cfe6ea", "#93c8d3", "#4fa3b5", "#1b7d93", "#0b5568")
HEAT = {0.2: "#93c8d3", 0.45: "#4fa3b5", 0.7: "#e3a32b", 1: "#b0241c"}
INKS = {"open": "#1d5aa8", "late": "#b0241c", "ended": "#1a6839"}
BACKGROUND = {"water": "#bcd3dc", "green": "#d7e3d3", "street": "#c9cfd2", "rail": "#b5b5b5"}


class Inlined(Element):
    """Text as it is: a program is no template."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def report(asked: Asked, *, layer: str, layer_name: str, measure: str, label: str, now: datetime.datetime) -> str:
    """The file's text. `measure` shades the zones of `layer` ("" for none); at most 2,000 requests have a marker."""
    requests = asked.requests()
    rows = queries.by_zone(requests, layer=layer, on=timezone.localdate(now), now=now) if layer else []
    steps = shades.steps(max((getattr(row, measure) for row in rows if row.key is not None), default=0))
    drawn = folium.Map(tiles=None, prefer_canvas=True, control_scale=True, zoom_control="bottomright")
    _background().add_to(drawn)
    if layer:
        _zones(rows, layer=layer, name=f"{layer_name} – {label}", measure=measure, steps=steps, now=now).add_to(drawn)
    cells = [[lat, lon, count] for lon, lat, count in queries.cells(requests)]
    HeatMap(cells, name=_("Heat"), radius=18, blur=14, min_opacity=0.25, gradient=HEAT).add_to(drawn)
    markers = _markers(asked, now=now)
    if markers["features"]:
        _marked(markers).add_to(drawn)
    folium.LayerControl(collapsed=False).add_to(drawn)
    if bounds := _bounds(cells):
        drawn.fit_bounds(bounds, padding=(24, 24), max_zoom=16)
    card = render_to_string(
        "overview/report_card.html",
        {
            "asked": asked,
            "found": queries.figures(requests, now=now),
            "made": moments.in_full(now),
            "layer_name": layer_name,
            "label": label,
            "legend": _legend(steps),
            "shown": len(markers["features"]),
        },
    )
    figure = cast("Figure", drawn.get_root())
    figure.title = escape(f"{_('Requests')} – {asked.period.start:%d/%m/%Y}–{asked.period.end:%d/%m/%Y}")
    _without_links(drawn, figure)
    figure.html.add_child(Inlined(card))
    return figure.render().replace("<html>", f'<html lang="{get_language()}">', 1)


def _background() -> folium.GeoJson:
    """Main streets, water and parks of the platform's own plan: no server is asked for tiles."""
    found = Landmark.objects.filter(kind__in=BACKGROUND).annotate(told=AsGeoJSON(Transform("geom", WGS84), precision=5))
    rows = found.order_by("rank", "id").values_list("kind", "told")[:LINES_AT_MOST]
    features = [_feature(told, kind=kind) for kind, told in rows]

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        kind = feature["properties"]["kind"]
        ink = BACKGROUND[kind]
        return {"color": ink, "weight": 1.5, "fillColor": ink, "fillOpacity": 0.6, "interactive": False}

    return folium.GeoJson(_collection(features), name=_("Plan"), style_function=style, control=False)


def _zones(
    rows: list[Row], *, layer: str, name: str, measure: str, steps: list[int], now: datetime.datetime
) -> folium.GeoJson:
    counted = {row.key: row for row in rows}
    outlines = (
        Zone.objects.in_force(timezone.localdate(now))
        .filter(version__layer__code=layer)
        .annotate(told=AsGeoJSON(Transform("geom", WGS84), precision=DIGITS))
        .order_by("id")
    )
    features = [
        _feature(
            told, name=escape(zone_name), shade=_shade(getattr(counted[code], measure), steps),
            **{each: getattr(counted[code], each) for each in MEASURES},
        )
        for code, zone_name, told in outlines.values_list("code", "name", "told")
    ]  # fmt: skip

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        ink = feature["properties"]["shade"]
        return {"color": "#475b68", "weight": 1, "fillColor": ink or "#ffffff", "fillOpacity": 0.55 if ink else 0}

    headings = [_("Zone"), *(pgettext("figure", each) for each in ("Received", "Open", "Late", "Closed"))]
    told = folium.GeoJsonTooltip(["name", *MEASURES], aliases=headings, sticky=True)
    return folium.GeoJson(_collection(features), name=escape(name), style_function=style, tooltip=told)


def _markers(asked: Asked, *, now: datetime.datetime) -> dict[str, Any]:
    """The latest requests, with what anybody may read of them: nobody's name, no description."""
    late = Case(When(Q(due_at__lt=now, state__in=AWAITED), then=True), default=False)
    rows = (
        asked.requests()
        .order_by("-submitted_at", "-id")
        .annotate(told=AsGeoJSON(Transform(PointOnSurface("geom"), WGS84), precision=DIGITS), late=late)
        .values_list(
            "reference", "category__name", "state", "late", "address", "department__name", "submitted_at", "told"
        )
    )
    features = []
    for reference, category, state, is_late, address, department, submitted_at, told in rows[:MARKERS_AT_MOST]:
        url = settings.PUBLIC_URL + reverse("request", args=[reference])
        ink = INKS["late" if is_late else "open" if state in OPEN else "ended"]
        features.append(
            _feature(
                told,
                ink=ink,
                reference=f'<a href="{escape(url)}">{escape(reference)}</a>',
                category=escape(category),
                state=escape(str(State(state).label)),
                department=escape(department or "–"),
                address=escape(address or "–"),
                received=escape(moments.in_full(submitted_at)),
            )
        )
    return _collection(features)


def _marked(markers: dict[str, Any]) -> folium.GeoJson:
    def style(feature: dict[str, Any]) -> dict[str, Any]:
        return {"fillColor": feature["properties"]["ink"]}

    dot = folium.CircleMarker(radius=5, weight=1.5, color="#ffffff", fill=True, fill_opacity=1)
    headings = {
        "reference": _("Request"), "category": _("Category"), "state": _("State"), "department": _("Department"),
        "address": _("Address"), "received": _("Received"),
    }  # fmt: skip
    told = folium.GeoJsonPopup([*headings], aliases=[*headings.values()])
    return folium.GeoJson(markers, name=_("Requests"), marker=dot, style_function=style, popup=told, show=False)


def _legend(steps: list[int]) -> list[tuple[str, str]]:
    """Colour and counts of each class."""
    lasts = [following - 1 for following in steps[1:]]
    told = [f"{least}–{last}" if last > least else str(least) for least, last in zip(steps, lasts, strict=False)]
    told += [f"{least} +" for least in steps[-1:]]
    return [(_shade(least, steps), text) for least, text in zip(steps, told, strict=True)]


def _shade(count: int, steps: list[int]) -> str:
    """The colour of a count; "" below the first class."""
    reached = sum(least <= count for least in steps)
    return SHADES[reached - 1 + (len(SHADES) - len(steps))] if reached else ""


def _feature(geometry: str, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": json.loads(geometry), "properties": properties}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _bounds(cells: list[list[float]]) -> list[list[float]] | None:
    if not cells:
        return None
    lats, lons = [cell[0] for cell in cells], [cell[1] for cell in cells]
    return [[min(lats), min(lons)], [max(lats), max(lons)]]


def _without_links(drawn: folium.Map, figure: Figure) -> None:
    """What folium would fetch is written into the file; what it would fetch and not use is left out."""
    elements: list[Any] = [drawn, *drawn._children.values()]
    for element in elements:
        element.default_js = element.default_css = []
    figure.header.add_child(Inlined(f"<style>{_asset('leaflet.css')}</style>"), name="leaflet_css")
    for name, text in (("leaflet", _asset("leaflet.js")), ("leaflet-heat.js", _heat())):
        figure.header.add_child(Inlined(f"<script>{text}</script>"), name=name)


@cache
def _asset(name: str) -> str:
    """A file of Leaflet, without the pictures and the map of its source it points to."""
    file = finders.find(statics.vendor("leaflet", name))
    if file is None:
        raise FileNotFoundError(name)
    text = Path(file).read_text(encoding="utf-8")
    return text.replace("//# sourceMappingURL=leaflet.js.map", "").replace("url(images/", "url(data:,")


@cache
def _heat() -> str:
    return resources.files("folium").joinpath("templates/leaflet_heat.min.js").read_text(encoding="utf-8")
