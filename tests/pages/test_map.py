"""The map of every page, by mouse, by touch and by keyboard."""

import json

import pytest

from gisplatform.geo import STORAGE_SRID, WGS84
from tests import town_background
from tests.pages.conftest import DESK, PHONE
from tests.town import STALL, X, Y, point

pytestmark = pytest.mark.browser

# Everything a test does with the map goes through the module's own names, in the page.
OPEN = """async () => {
  const names = await import("#gisplatform/map");
  const frame = document.querySelector("[data-map]");
  window.probe = { ...names, frame, map: await names.openMap(frame), heard: [] };
}"""


def degrees(place):
    return list(point(place).transform(WGS84, clone=True).coords)


def metres_between(place, lon, lat):
    from django.contrib.gis.geos import Point

    return point(place).distance(Point(lon, lat, srid=WGS84).transform(STORAGE_SRID, clone=True))


@pytest.fixture
def background(live_server):
    return town_background.build()


@pytest.fixture
def open_map(settings, town, page, live_server, client):
    """`open_map("squares")`: the page of one map, signed in, opened and drawn."""
    settings.ROOT_URLCONF = "tests.pages.map_page"
    client.force_login(town.person("agent"))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([session])

    def ready(layers="squares", *, at=STALL, zoom=16, **query):
        page.goto("/carte-seule/?" + "&".join([f"layers={layers}", *query]))
        page.evaluate(OPEN)
        page.evaluate("([center, zoom]) => probe.map.jumpTo({ center, zoom })", [degrees(at), zoom])
        settled(page)
        return page

    return ready


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


HEAR_PLACES = "() => probe.onPlace(probe.map, (place) => { probe.heard.push(place); })"


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_a_map_becomes_ready_with_its_layers(open_map, background):
    page = open_map()
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['borders-squares'] }).length") > 0
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['land'] }).length >= 0")
    assert page.get_by_text("Plan schématique").is_visible()


def test_axe_finds_nothing_on_a_map(open_map, background, axe):
    axe(open_map())


@pytest.mark.parametrize("place", [STALL, (1100, 400), (905, 610)])
def test_a_click_says_where_within_a_metre(open_map, place):
    page = open_map(zoom=18 if place == STALL else 16)
    page.evaluate(HEAR_PLACES)
    x, y = on_screen(page, place)
    page.mouse.click(x, y)
    [said] = heard(page)
    assert metres_between(place, said["lon"], said["lat"]) < 1


def test_the_pin_is_dragged(open_map):
    page = open_map(zoom=17)
    lon, lat = degrees(STALL)
    page.evaluate(
        "([lon, lat]) => probe.showPin(probe.map, "
        "{ lon, lat, accuracyM: 30, draggable: true, onMove: (to) => { probe.heard.push(to); } })",
        [lon, lat],
    )
    settled(page)
    start, goal = on_screen(page, STALL), on_screen(page, (1150, 450))
    page.mouse.move(start[0], start[1] - 20)  # its head: the tip stands on the place
    page.mouse.down()
    page.mouse.move(goal[0], goal[1] - 20, steps=6)
    page.mouse.up()
    [said] = heard(page)
    assert metres_between((1150, 450), said["lon"], said["lat"]) < 2


def test_the_accuracy_of_a_pin_is_a_circle_of_that_many_metres(open_map):
    page = open_map()
    lon, lat = degrees(STALL)
    page.evaluate("([lon, lat]) => probe.showPin(probe.map, { lon, lat, accuracyM: 50 })", [lon, lat])
    settled(page)

    def circled(place):
        return page.evaluate(
            "(place) => probe.map.queryRenderedFeatures(probe.map.project(place), { layers: ['pin-accuracy'] }).length",
            degrees(place),
        )

    assert circled((STALL[0] + 47, STALL[1]))
    assert not circled((STALL[0] + 53, STALL[1]))
    page.evaluate("probe.showPin(probe.map, null)")
    settled(page)
    assert not circled(STALL)
    assert page.locator(".map-pin").count() == 0


def test_a_place_is_said_by_keyboard_alone(open_map, background):
    page = open_map(at=(500, 1500))
    page.evaluate(HEAR_PLACES)
    button = page.get_by_role("button", name="Placer ici")
    assert not button.is_visible()
    page.evaluate("probe.map.getCanvas().focus()")
    page.keyboard.press("-")
    page.keyboard.press("+")
    settled(page)
    page.keyboard.press("ArrowDown")
    status = page.get_by_role("status").filter(has_text="Carte centrée sur")
    status.wait_for(state="attached")
    page.keyboard.press("ArrowUp")
    status.filter(has_text="Rue Saint-Pierre, Modèle").wait_for(state="attached")
    settled(page)
    button.focus()
    page.keyboard.press("Enter")
    [said] = heard(page)
    assert metres_between((500, 1500), said["lon"], said["lat"]) < 2


def test_a_map_without_places_to_say_offers_no_button(open_map):
    page = open_map()
    page.evaluate("probe.map.getCanvas().focus()")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[data-map-keyboard]")
    assert not page.get_by_role("button", name="Placer ici").is_visible()


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


DRAW = """(type) => {
  probe.drawing = probe.drawShape(probe.map, {
    type,
    onChange: (geometry, { finished }) => probe.heard.push([geometry, finished]),
  });
}"""


def drawn_places(geometry):
    from django.contrib.gis.geos import GEOSGeometry

    stored = GEOSGeometry(json.dumps(geometry)).transform(STORAGE_SRID, clone=True)
    ring = stored.coords[0] if stored.geom_type == "Polygon" else stored.coords
    return [(round(x - X, 0), round(y - Y, 0)) for x, y in ring]


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
    corners = drawn_places(last)
    assert len(corners) == 4
    assert all(
        abs(x - a) <= 1 and abs(y - b) <= 1
        for (x, y), (a, b) in zip(corners, [(1000, 450), (1100, 450), (1100, 550), (1000, 450)], strict=True)
    )
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


def test_the_map_follows_the_screen_into_the_dark_with_all_that_lies_on_it(open_map, background):
    page = open_map()
    page.evaluate(SHOW_REQUESTS, requests([STALL]))
    settled(page)
    land = "probe.map.getPaintProperty('land', 'background-color')"
    light = page.evaluate(land)
    page.emulate_media(color_scheme="dark")
    until(page, f"{land} !== '{light}'")
    settled(page)
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['requests-dots'] }).length") == 1
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['borders-squares'] }).length") > 0


def test_a_resident_sees_the_plan_without_an_account(settings, page, background):
    settings.ROOT_URLCONF = "tests.pages.map_page"
    page.goto("/carte-seule/?layers=squares&cooperative")
    page.evaluate(OPEN)
    settled(page)
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['street-1'] }).length") > 0
    assert page.evaluate("probe.map.getLayer('borders-squares') === undefined")


def test_a_layer_that_is_not_in_force_leaves_the_others(open_map, page):
    page.troubles.expect("404")
    open_map("squares,nowhere")
    assert page.evaluate("probe.map.getLayer('borders-squares') !== undefined")


def test_without_webgl_the_page_says_so(settings, browser, live_server, background):
    settings.ROOT_URLCONF = "tests.pages.map_page"
    context = browser.new_context(base_url=live_server.url)
    context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page = context.new_page()
    page.goto("/carte-seule/")
    assert page.evaluate("""async () => {
      const { openMap } = await import("#gisplatform/map");
      return openMap(document.querySelector("[data-map]")).then(() => false, () => true);
    }""")
    assert page.get_by_text("La carte ne peut pas s’afficher ici").is_visible()
    context.close()
