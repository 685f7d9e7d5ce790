"""A map opens, whatever the screen, the person and the machine."""

import pytest

from tests.pages.conftest import DESK, PHONE
from tests.pages.map.on_map import (
    OPEN,
    settled,
    until,
)
from tests.pages.map.test_requests import SHOW_REQUESTS, requests
from tests.town import STALL

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_a_map_becomes_ready_with_its_layers(open_map, background):
    page = open_map()
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['borders-squares'] }).length") > 0
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['land'] }).length >= 0")
    assert page.get_by_text("Plan schématique").is_visible()


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_axe_finds_nothing_on_a_map(open_map, background, axe):
    axe(open_map())


def test_the_map_follows_the_screen_into_the_dark_with_all_that_lies_on_it(open_map, background):
    page = open_map()
    page.evaluate(SHOW_REQUESTS, requests([STALL]))
    settled(page)
    land = "probe.map.getPaintProperty('land', 'background-color')"
    light = page.evaluate(land)
    page.emulate_media(color_scheme="dark")
    # While one style gives way to the other there is no land at all.
    until(page, f"probe.map.getLayer('land') && {land} !== '{light}'")
    settled(page)
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['requests-dots'] }).length") == 1
    assert page.evaluate("probe.map.queryRenderedFeatures({ layers: ['borders-squares'] }).length") > 0


def test_a_resident_sees_the_plan_without_an_account(settings, page, background):
    settings.ROOT_URLCONF = "tests.pages.map.page"
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
    settings.ROOT_URLCONF = "tests.pages.map.page"
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
