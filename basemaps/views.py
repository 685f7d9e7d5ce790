"""The style of the map and the tiles of the background: open to all, as streets are no secret."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from basemaps import background, catalogue, style
from gisplatform.pages import public
from gisplatform.tiles import MAX_ZOOM, Tile, address, answer, etag_of, tilejson


@public
@require_safe
def map_style(request: HttpRequest) -> HttpResponse:
    """A MapLibre style: ?theme=light|dark, ?fond=CODE for an online background of the catalogue."""
    theme, code = request.GET.get("theme", "light"), request.GET.get("fond", "")
    online = catalogue.chosen()
    if theme not in style.THEMES or (code and code not in online):
        raise Http404(_("There is no such background."))
    version = background.version()
    known = background.facts(version)
    if code:
        document = style.online(online[code], theme)
    else:
        document = style.plan(theme, tiles=_tiles(request, version), max_zoom=MAX_ZOOM)
    document["metadata"] = {
        "bounds": known.bounds,
        "schematic": known.schematic and not code,
        "basemaps": [
            {"name": str(name), "light": _style(each, "light"), "dark": _style(each, "dark")}
            for each, name in [("", _("Plan")), *((each, choice.name) for each, choice in online.items())]
        ],
    }
    return JsonResponse(document, headers={"Cache-Control": "public, max-age=60"})


@public
@require_safe
def background_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponseBase:
    body = background.tile_of(Tile(z, x, y))
    return answer(request, lambda: body, etag=etag_of(body), version=background.version(), private=False)


@public
@require_safe
def background_tilejson(request: HttpRequest) -> HttpResponse:
    version = background.version()
    known = background.facts(version)
    document = tilejson(
        name=_("Background"),
        tiles=_tiles(request, version),
        bounds=known.bounds,
        attribution="",
        fields=background.FIELDS,
        schematic=known.schematic,
    )
    return JsonResponse(document, headers={"Cache-Control": "public, max-age=60"})


def _style(code: str, theme: str) -> str:
    return f"{reverse('map-style')}?theme={theme}" + (f"&fond={code}" if code else "")


def _tiles(request: HttpRequest, version: int) -> str:
    return address(request, reverse("tiles-background", args=[0, 0, 0]), query=f"v={version}")
