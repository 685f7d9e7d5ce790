"""What a test says to a map and hears from it, through the module's own names in the page."""

import pytest
from django.contrib.gis.geos import Point

from gisplatform.geo import STORAGE_SRID, WGS84
from tests.town import degrees, point

OPEN = """async () => {
  const names = await import("#gisplatform/map");
  const frame = document.querySelector("[data-map]");
  window.probe = { ...names, frame, map: await names.openMap(frame), heard: [] };
}"""
HEAR_PLACES = "() => probe.onPlace(probe.map, (place) => { probe.heard.push(place); })"


def metres_between(place, lon, lat):
    return point(place).distance(Point(lon, lat, srid=WGS84).transform(STORAGE_SRID, clone=True))


def settled(page):
    page.wait_for_selector("[data-map][data-map-ready=true]")


def until(page, expression):
    """Ask from here until it is true: the page's policy forbids the eval that waiting inside it would need."""
    for _attempt in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {expression}")


def on_screen(page, place):
    """The pixel of the page where a place of the town is drawn."""
    return page.evaluate(
        """(place) => {
          const { x, y } = probe.map.project(place);
          const box = probe.map.getCanvas().getBoundingClientRect();
          return [box.x + x, box.y + y];
        }""",
        degrees(place),
    )


def heard(page):
    return page.evaluate("probe.heard")
