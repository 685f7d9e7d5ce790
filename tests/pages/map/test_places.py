"""Saying where on a map: by a click, a pin, the keyboard."""

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
