"""The maps of the list and of the figures over a volume of requests: never blank, and never asking beside the view."""

import io
import json
import math
import re

import numpy as np
import pytest
from PIL import Image

from tests.bench.conftest import SIZES
from tests.bench.test_tiles import town  # noqa: F401 (a fixture)
from tests.pages.conftest import browser, open_page  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.bench, pytest.mark.browser]
TILE = re.compile(r"/tiles/requests/(\d+)/(\d+)/(\d+)\.mvt")
# What the map shows at each moment of a move, so that each tile asked for can be held against it.
WATCH = """async () => {
  const { openMap } = await import("#gisplatform/map");
  const map = await openMap(document.querySelector("[data-map]"));
  window.views = [];
  const note = () => window.views.push([map.getZoom(), ...map.getBounds().toArray().flat()]);
  map.on("render", note);
  note();
}"""
# A hand on the map: drags by a share of the map, or the wheel. 12 steps from the whole town to a street and back.
DRAG, WHEEL = "drag", "wheel"
STEPS = [
    (WHEEL, -400), (DRAG, (-0.4, 0.2)), (WHEEL, -400), (DRAG, (0.3, 0.4)), (WHEEL, -500), (DRAG, (0.45, -0.1)),
    (WHEEL, -500), (DRAG, (-0.3, -0.3)), (WHEEL, 600), (DRAG, (0.2, -0.45)), (WHEEL, 500), (DRAG, (-0.45, 0)),
]  # fmt: skip
SEEN = 0.001  # the least share of the map's pixels that data must make


def pixels(page) -> np.ndarray:
    """The middle of the map, without what stands on it."""
    box = page.locator("[data-map-canvas]").bounding_box()
    inner = {
        "x": box["x"] + box["width"] * 0.15, "y": box["y"] + box["height"] * 0.15,
        "width": box["width"] * 0.7, "height": box["height"] * 0.7,
    }  # fmt: skip
    return np.asarray(Image.open(io.BytesIO(page.screenshot(clip=inner))).convert("RGB")).astype(int)


def share_of_data(picture: np.ndarray, land: list[int]) -> float:
    """The town has no background: whatever is not the plain colour of the land is data."""
    return float((np.abs(picture - land).sum(axis=2) > 24).mean())


def take(page, step) -> None:
    kind, how = step
    box = page.locator("[data-map-canvas]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    if kind == WHEEL:
        for _turn in range(4):
            page.mouse.wheel(0, how / 4)
            page.wait_for_timeout(60)
    else:
        page.mouse.down()
        page.mouse.move(x + box["width"] * how[0], y + box["height"] * how[1], steps=6)
        page.mouse.up()
    # As long as a look takes; what is not there by then is missed.
    page.wait_for_timeout(400)


def in_a_view(tile: tuple[int, int, int], views: list[list[float]]) -> bool:
    z, x, y = tile
    for zoom, west, south, east, north in views:
        # A map between two zooms draws the tiles of the lower one.
        if abs(zoom - z) <= 1.01 or (z == 16 and zoom > 16):
            left, right = ((lon + 180) / 360 * 2**z for lon in (west, east))
            top, bottom = ((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z for lat in (north, south))
            if left - 1 <= x <= right and top - 1 <= y <= bottom:
                return True
    return False


@pytest.mark.parametrize("size", SIZES[-1:])
def test_both_maps_are_moved_over(ledger, town, open_page, client, live_server, size, tmp_path):  # noqa: F811
    client.force_login(town(size))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    shares, asked, strays = [], 0, []
    for address in ("/demandes/", "/pilotage/?received_from=2020-01-01"):
        page = open_page((1366, 768))
        page.context.add_cookies([cookie])
        tiles: list[tuple[int, int, int]] = []
        page.on("request", lambda request, tiles=tiles: tiles.extend(
            tuple(int(number) for number in found) for found in TILE.findall(request.url)
        ))  # fmt: skip
        page.goto(address, timeout=120_000)
        page.evaluate(WATCH)
        page.wait_for_selector("[data-map-ready=true]", timeout=60_000)
        land = json.loads(
            page.evaluate("""async () => {
          const { openMap } = await import("#gisplatform/map");
          const map = await openMap(document.querySelector("[data-map]"));
          const hex = map.getPaintProperty("land", "background-color");
          return JSON.stringify([1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
        }""")
        )
        before = len(tiles)
        for number, step in enumerate(STEPS):
            take(page, step)
            picture = pixels(page)
            shares.append(share_of_data(picture, land))
            Image.fromarray(picture.astype("uint8")).save(tmp_path / f"{len(shares):02}-{number:02}.png")
        views = page.evaluate("window.views")
        strays += [tile for tile in tiles[before:] if not in_a_view(tile, views)]
        asked += len(tiles) - before
    blank = sum(share < SEEN for share in shares)
    assert len(shares) == 24
    assert asked > 10
    assert strays == []
    ledger.add(
        f"{size:,} requests: blank maps in 24 pictures while panning and zooming", value=blank, unit="pictures", bar=0,
        limit_name="pictures", limit_value=24,
    )  # fmt: skip
    assert blank == 0, [round(share, 4) for share in shares]
