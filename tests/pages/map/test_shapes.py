"""Lines and areas drawn by hand, and the zone of an answer."""

import pytest

from tests.pages.map.on_map import (
    HEAR_PLACES,
    heard,
    metres_between,
    on_screen,
    settled,
)
from tests.town import STALL, degrees

pytestmark = pytest.mark.browser


def zone(*corners):
    ring = [degrees(corner) for corner in (*corners, corners[0])]
    return {
        "type": "Feature",
        "properties": {"name": "Marché"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_the_zone_of_an_answer_is_filled_then_replaced_then_gone(open_map):
    page = open_map()
    show = "(feature) => probe.showZone(probe.map, feature)"
    filled = "(at) => probe.map.queryRenderedFeatures(probe.map.project(at), { layers: ['zone-fill'] }).length"
    page.evaluate(show, zone((1000, 400), (1100, 400), (1100, 600), (1000, 600)))
    settled(page)
    assert page.evaluate(filled, degrees(STALL)) == 1
    page.evaluate(show, zone((1100, 400), (1200, 400), (1200, 600), (1100, 600)))
    settled(page)
    assert page.evaluate(filled, degrees(STALL)) == 0
    assert page.evaluate(filled, degrees((1150, 500))) == 1
    page.evaluate(show, None)
    settled(page)
    assert page.evaluate(filled, degrees((1150, 500))) == 0


DRAW = """(type) => {
  probe.drawing = probe.drawShape(probe.map, {
    type,
    onChange: (geometry, { finished }) => probe.heard.push([geometry, finished]),
  });
}"""


def test_an_area_is_drawn_by_clicks_and_ended_by_a_double_click(open_map):
    page = open_map()
    page.evaluate(HEAR_PLACES)
    page.evaluate(DRAW, "area")
    for corner in ((1000, 450), (1100, 450)):
        page.mouse.click(*on_screen(page, corner))
    page.mouse.dblclick(*on_screen(page, (1100, 550)))
    last, finished = heard(page)[-1]
    assert finished
    assert last["type"] == "Polygon"
    [ring] = last["coordinates"]
    pressed = [(1000, 450), (1100, 450), (1100, 550), (1000, 450)]
    assert all(metres_between(place, *corner) < 1 for place, corner in zip(pressed, ring, strict=True))
    page.mouse.click(*on_screen(page, (1050, 600)))
    assert "lon" in heard(page)[-1]  # the drawing has ended: a click says a place again


def test_a_line_takes_points_back_ends_with_enter_and_is_given_up_with_escape(open_map):
    page = open_map()
    page.evaluate(DRAW, "line")
    for place in ((1000, 450), (1100, 450), (1100, 550)):
        page.mouse.click(*on_screen(page, place))
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    geometry, finished = heard(page)[-1]
    assert finished
    assert len(geometry["coordinates"]) == 2
    page.evaluate(DRAW, "line")
    page.mouse.click(*on_screen(page, (1000, 450)))
    page.keyboard.press("Escape")
    assert heard(page)[-1] == [None, True]
    settled(page)
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['sketch-corners'] }).length") == 0
