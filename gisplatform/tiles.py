"""Vector tiles on the wire: which tile is asked for, and how it is answered. The SQL is each room's own."""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _

MVT = "application/vnd.mapbox-vector-tile"
MAX_ZOOM = 16  # beyond it clients enlarge these: one step of the tile grid is then about 10 cm
DEEPEST_ZOOM = 22
EARTH_RADIUS_M = 6378137.0  # of Web Mercator, whose Earth is a ball
FORMAT = 1  # a part of every version: raise it when the content of tiles changes

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Tile:
    """The square `x`, `y` of the Web Mercator grid at zoom `z`; Http404 when the grid has no such square."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if self.z > DEEPEST_ZOOM or self.x >> self.z or self.y >> self.z:
            raise Http404(_("There is no such tile."))

    def bounds_m(self, reach: float = 0) -> Bounds:
        """West, south, east, north in Web Mercator metres, the edges moved outwards by a share of the side."""
        side = 2 * math.pi * EARTH_RADIUS_M / 2**self.z
        west, north = self.x * side - math.pi * EARTH_RADIUS_M, math.pi * EARTH_RADIUS_M - self.y * side
        return west - reach * side, north - (1 + reach) * side, west + (1 + reach) * side, north + reach * side

    def as_parameters(self) -> dict[str, int]:
        return {"z": self.z, "x": self.x, "y": self.y}


def etag_of(*facts: object) -> str:
    return f'"{hashlib.sha256(repr((FORMAT, *facts)).encode()).hexdigest()[:24]}"'


def answer(
    request: HttpRequest, draw: Callable[[], bytes], *, etag: str, version: object, private: bool
) -> HttpResponseBase:
    """A tile, or 304 without drawing it. Asked for under its `version` (`?v=`) it is kept an hour, else revalidated.

    An empty tile is an answer, not an error: its body is empty.
    """
    whose = "private" if private else "public"
    named = request.GET.get("v") == str(version)
    response = HttpResponse(content_type=MVT)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"{whose}, max-age=3600" if named else f"{whose}, no-cache"
    if private:
        patch_vary_headers(response, ["Cookie", "Authorization"])
    known = get_conditional_response(request, etag, response=response)
    if known is None or known is response:
        response.content = draw()
        return response
    return known


def in_degrees(extent: tuple[float, float, float, float]) -> Bounds:
    """The bounds of an extent in Web Mercator metres, rounded outwards to 10⁻⁵ degree (about a metre)."""

    def longitude(x: float) -> float:
        return math.degrees(x / EARTH_RADIUS_M) * 1e5

    def latitude(y: float) -> float:
        return math.degrees(math.atan(math.sinh(y / EARTH_RADIUS_M))) * 1e5

    west, south, east, north = extent
    return (
        math.floor(longitude(west)) / 1e5,
        math.floor(latitude(south)) / 1e5,
        math.ceil(longitude(east)) / 1e5,
        math.ceil(latitude(north)) / 1e5,
    )


def address(request: HttpRequest, of_a_tile: str, *, query: str) -> str:
    """The absolute address of all tiles, with {z}, {x} and {y} to fill in, from that of tile 0/0/0."""
    # The braces go in last: an address built with them would have them percent-encoded.
    path = request.build_absolute_uri(of_a_tile).replace("0/0/0.mvt", "{z}/{x}/{y}.mvt")
    return f"{path}?{query}" if query else path


def tilejson(
    *,
    name: str,
    tiles: str,
    bounds: Bounds | None,
    attribution: str,
    fields: dict[str, dict[str, str]],
    **facts: Any,
) -> dict[str, Any]:
    """A TileJSON 3.0 document; `fields` are the properties of each layer inside, with their types.

    `bounds` is west, south, east, north in degrees, None when there is nothing to show yet.
    """
    document = {
        "tilejson": "3.0.0",
        "name": name,
        "version": f"{FORMAT}.0.0",
        "tiles": [tiles],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "attribution": attribution,
        "vector_layers": [{"id": layer, "fields": of_layer} for layer, of_layer in fields.items()],
        **facts,
    }
    if bounds:
        west, south, east, north = bounds
        document |= {"bounds": list(bounds), "center": [(west + east) / 2, (south + north) / 2, 12]}
    return document
