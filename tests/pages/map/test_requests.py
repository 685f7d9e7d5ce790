"""Requests on a map, linked with their list."""

import pytest

from tests.pages.map.on_map import (
    HEAR_PLACES,
    heard,
    on_screen,
    settled,
    until,
)
from tests.town import STALL, degrees

pytestmark = pytest.mark.browser


def requests(places, state="to_sort"):
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": f"2026-{number:06}-0",
                "properties": {"state": state},
                "geometry": {"type": "Point", "coordinates": degrees(place)},
            }
            for number, place in enumerate(places)
        ],
    }


SHOW_REQUESTS = """(found) => {
  probe.requests = probe.showRequests(probe.map, found, {
    onHover: (id) => probe.heard.push(["hover", id]),
    onSelect: (id) => probe.heard.push(["select", id]),
  });
}"""


def test_requests_tell_what_the_pointer_does_and_follow_the_list(open_map):
    page = open_map()
    page.evaluate(SHOW_REQUESTS, requests([STALL, (1150, 500)]))
    page.evaluate(HEAR_PLACES)
    settled(page)
    page.mouse.move(*on_screen(page, STALL))
    page.mouse.click(*on_screen(page, STALL))
    assert heard(page) == [["hover", "2026-000000-0"], ["select", "2026-000000-0"]]  # and no place: it was a dot
    page.evaluate("probe.requests.select('2026-000001-0')")
    settled(page)
    marked = "probe.map.queryRenderedFeatures({ layers: ['requests-marked'] }).map((dot) => dot.properties.id).sort()"
    assert page.evaluate(marked) == ["2026-000000-0", "2026-000001-0"]  # hovered and selected
    page.evaluate("probe.requests.hover(null)")
    settled(page)
    assert page.evaluate(marked) == ["2026-000001-0"]


def test_crowded_requests_are_one_dot_with_their_count_until_it_is_pressed(open_map):
    page = open_map(zoom=13)
    page.evaluate(SHOW_REQUESTS, requests([(1050, 500), (1060, 500), (1070, 505)]))
    settled(page)
    counts = (
        "probe.map.queryRenderedFeatures({ layers: ['requests-clusters'] }).map((dot) => dot.properties.point_count)"
    )
    assert page.evaluate(counts) == [3]
    page.mouse.click(*on_screen(page, (1060, 502)))
    until(page, "probe.map.getZoom() > 15")
    settled(page)
    assert page.evaluate(counts) == []
    page.evaluate("(found) => probe.requests.update(found)", requests([]))
    settled(page)
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['requests-dots'] }).length") == 0
