"""The style of the map: a neutral grey city plan, light or dark, on which data speaks.

No glyph and no sprite file: MapLibre draws the letters with the page's own font.
"""

from typing import Any

from basemaps.catalogue import Online

Layer = dict[str, Any]

FONT = ["Inter Variable"]
THEMES = {
    "light": {
        "land": "#e9edef", "green": "#d8e5d6", "green_name": "#527257", "water": "#c3d8e3", "water_name": "#41708a",
        "rail": "#a9b5bb", "casing": "#c9d2d7", "street": "#ffffff", "main": "#ffffff", "name": "#4f5f68",
        "place": "#33434c", "halo": "#f4f6f7", "stop": "#6b7c86",
    },
    "dark": {
        "land": "#17222a", "green": "#1b2d27", "green_name": "#86a58f", "water": "#0e2c3c", "water_name": "#7ba6bd",
        "rail": "#43525b", "casing": "#0f181e", "street": "#2c3a43", "main": "#394953", "name": "#a3b3bc",
        "place": "#c8d4da", "halo": "#131d24", "stop": "#8798a2",
    },
}  # fmt: skip
# Width in pixels of a street by its rank, at these zooms; between them it doubles with the ground.
ZOOMS = (10, 13, 16, 19)
WIDTHS = {1: (1, 3, 9.5, 30), 2: (0.5, 1.7, 6.5, 22), 3: (0.3, 1, 4.5, 16)}
EDGES = (0.6, 1.2, 2, 3)
NAMES_FROM = {1: 13, 2: 14.2, 3: 15}


def plan(theme: str, *, tiles: str, max_zoom: int) -> Layer:
    """The MapLibre style of the offline background; `tiles` is the address of its vector tiles."""
    source = {"type": "vector", "tiles": [tiles], "maxzoom": max_zoom}
    return _style({"background": source}, _layers(THEMES[theme]))


def online(basemap: Online, theme: str) -> Layer:
    """The MapLibre style of an online raster background; a plan loses some of its colour."""
    source = {
        "type": "raster",
        "tiles": list(basemap.tiles),
        "tileSize": 256,
        "maxzoom": basemap.max_zoom,
        "attribution": basemap.attribution,
    }
    paint: Layer = {} if basemap.photograph else {"raster-saturation": -0.55}
    if theme == "dark":
        paint["raster-brightness-max"] = 0.72
    land = {"id": "land", "type": "background", "paint": {"background-color": THEMES[theme]["land"]}}
    return _style({"online": source}, [land, {"id": "online", "type": "raster", "source": "online", "paint": paint}])


def _style(sources: Layer, layers: list[Layer]) -> Layer:
    return {"version": 8, "sources": sources, "layers": layers}


def _layers(colour: dict[str, str]) -> list[Layer]:
    ranks = sorted(WIDTHS, reverse=True)
    return [
        {"id": "land", "type": "background", "paint": {"background-color": colour["land"]}},
        _drawn("green", "fill", paint={"fill-color": colour["green"]}),
        _drawn("water", "fill", paint={"fill-color": colour["water"]}),
        *(_street(rank, colour["casing"], edge=True) for rank in ranks),
        *(_street(rank, colour["main" if rank == 1 else "street"], edge=False) for rank in ranks),
        *_rail(colour),
        _stop(colour),
        _area_names(colour),
        *(_street_names(rank, colour) for rank in ranks),
        _stop_names(colour),
        _place_names(colour),
    ]


def _drawn(kind: str, how: str, *, name: str = "", **facts: Any) -> Layer:
    return {"id": name or kind, "type": how, "source": "background", "source-layer": kind, **facts}


def _by_zoom(values: tuple[float, ...], *, zooms: tuple[float, ...] = ZOOMS, base: float = 1.6) -> list[Any]:
    stops = [each for pair in zip(zooms, values, strict=True) for each in pair]
    return ["interpolate", ["exponential", base], ["zoom"], *stops]


def _street(rank: int, colour: str, *, edge: bool) -> Layer:
    widths = WIDTHS[rank]
    width = tuple(inner + outer for inner, outer in zip(widths, EDGES, strict=True)) if edge else widths
    return _drawn(
        "street",
        "line",
        name=f"street-{rank}-edge" if edge else f"street-{rank}",
        filter=["==", ["get", "rank"], rank],
        layout={"line-cap": "round", "line-join": "round"},
        paint={"line-color": colour, "line-width": _by_zoom(width)},
    )


def _rail(colour: dict[str, str]) -> list[Layer]:
    sleepers = {"line-color": colour["land"], "line-width": _by_zoom((0, 0.8, 1.8, 4)), "line-dasharray": [4, 4]}
    return [
        _drawn("rail", "line", paint={"line-color": colour["rail"], "line-width": _by_zoom((0.6, 1.8, 3.4, 7))}),
        _drawn("rail", "line", name="rail-sleepers", minzoom=12, paint=sleepers),
    ]


def _stop(colour: dict[str, str]) -> Layer:
    return _drawn(
        "stop",
        "circle",
        minzoom=14,
        paint={
            "circle-radius": _by_zoom((1.6, 3, 5), zooms=(14, 16, 19)),
            "circle-color": colour["street"],
            "circle-stroke-color": colour["stop"],
            "circle-stroke-width": _by_zoom((1, 1.4, 2), zooms=(14, 16, 19)),
        },
    )


def _text(size: list[Any], **layout: Any) -> Layer:
    return {"text-field": ["get", "name"], "text-font": FONT, "text-size": size, **layout}


def _ink(colour: Any, halo: str, width: float = 1.4) -> Layer:
    return {"text-color": colour, "text-halo-color": halo, "text-halo-width": width}


def _street_names(rank: int, colour: dict[str, str]) -> Layer:
    size = _by_zoom((10, 11.5, 14) if rank == 1 else (9.5, 11, 13.5), zooms=(13, 16, 19))
    along = {"symbol-placement": "line", "symbol-spacing": 320, "text-max-angle": 35, "text-padding": 6}
    return _drawn(
        "street",
        "symbol",
        name=f"street-{rank}-names",
        minzoom=NAMES_FROM[rank],
        filter=["all", ["==", ["get", "rank"], rank], ["!=", ["get", "name"], ""]],
        layout=_text(size, **along),
        paint=_ink(colour["name"], colour["main" if rank == 1 else "street"]),
    )


def _stop_names(colour: dict[str, str]) -> Layer:
    beside = {"text-anchor": "left", "text-offset": [0.8, 0], "text-max-width": 9, "text-justify": "left"}
    return _drawn(
        "stop",
        "symbol",
        name="stop-names",
        minzoom=15.5,
        layout=_text(_by_zoom((9.5, 12), zooms=(15, 19)), **beside),
        paint=_ink(colour["stop"], colour["halo"]),
    )


def _area_names(colour: dict[str, str]) -> Layer:
    ink = ["match", ["get", "of"], "water", colour["water_name"], colour["green_name"]]
    return _drawn(
        "label",
        "symbol",
        minzoom=12.5,
        layout=_text(_by_zoom((10, 12.5), zooms=(13, 18)), **{"text-max-width": 7}),
        paint=_ink(ink, colour["halo"], 1.2),
    )


def _place_names(colour: dict[str, str]) -> Layer:
    crowded = {"text-max-width": 8, "text-padding": 8, "symbol-sort-key": ["get", "rank"]}
    return _drawn(
        "place",
        "symbol",
        name="place-names",
        maxzoom=17,
        layout=_text(_by_zoom((10, 12, 14), zooms=(11, 13, 16)), **crowded, **{"text-letter-spacing": 0.02}),
        paint=_ink(colour["place"], colour["halo"], 1.6),
    )
