"""The map of the list: all requests found, however many; counts to press, dots to open, in step with what changes."""

import re

import pytest
from playwright.sync_api import Page, expect

from interventions.requests.models import ServiceRequest
from tests.pages.test_requests import DRAWN, at_the_list, number_of, rows, worked_town  # noqa: F401 (fixtures)
from tests.town import degrees

pytestmark = pytest.mark.browser
MAP = 'const map = await (await import("#gisplatform/map")).openMap(document.querySelector("[data-map]"));'
# What the tiles in view hold, by the map's own account.
HELD = f"""async (layer) => {{
  {MAP}
  return map.querySourceFeatures("requests", {{ sourceLayer: layer }}).map(({{ properties }}) => properties);
}}"""
GO = f"""async ([center, zoom]) => {{
  {MAP}
  map.jumpTo({{ center, zoom }});
  await new Promise((resolve) => map.once("idle", resolve));
}}"""
# The fullest count and where it is on the page.
FULLEST = f"""async () => {{
  {MAP}
  const cells = map.queryRenderedFeatures({{ layers: ["requests-cells"] }});
  const most = cells.reduce((a, b) => (a.properties.count >= b.properties.count ? a : b));
  const box = map.getCanvas().getBoundingClientRect();
  const {{ x, y }} = map.project(most.geometry.coordinates);
  return [box.x + x, box.y + y, map.getZoom()];
}}"""
ZOOM = f"async () => {{ {MAP} return map.getZoom(); }}"
AT = f"""async (place) => {{
  {MAP}
  const box = map.getCanvas().getBoundingClientRect();
  const {{ x, y }} = map.project(place);
  return [box.x + x, box.y + y];
}}"""


def counted(page: Page) -> int:
    return sum(each["count"] for each in page.evaluate(HELD, "requests-cells"))


def settled(page: Page) -> None:
    page.wait_for_timeout(100)
    page.wait_for_selector(DRAWN)


def test_the_map_counts_what_the_list_counts_and_comes_closer_when_pressed(at_the_list):  # noqa: F811
    page = at_the_list
    page.evaluate(GO, [degrees((800, 700)), 11])
    assert rows(page).count() < number_of(page)  # more than a page of the list
    assert counted(page) == number_of(page)
    page.get_by_label("En cours", exact=True).check()
    expect(page).to_have_url(re.compile("state=in_progress"))
    settled(page)
    page.evaluate(GO, [degrees((800, 700)), 11])
    # The counts of before stay until those that are asked for have come.
    for _tenth in range(100):
        if counted(page) == number_of(page):
            break
        page.wait_for_timeout(100)
    assert counted(page) == number_of(page)
    x, y, before = page.evaluate(FULLEST)
    page.mouse.click(x, y)
    page.wait_for_timeout(500)
    assert page.evaluate(ZOOM) == pytest.approx(before + 2)


def test_a_dot_of_another_page_of_the_list_opens_all_the_same(at_the_list):  # noqa: F811
    page = at_the_list
    oldest = ServiceRequest.objects.order_by("submitted_at").first()
    assert page.locator(f'tr[data-reference="{oldest.reference}"]').count() == 0
    place = degrees((100, 100))
    page.evaluate(GO, [place, 18])
    x, y = page.evaluate(AT, place)
    page.mouse.move(x + 60, y)
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    expect(page.locator("[data-panel] .request__reference")).to_have_text(oldest.reference)


def test_what_is_done_in_the_panel_is_seen_on_the_map(at_the_list):  # noqa: F811
    page = at_the_list
    page.get_by_label("À évaluer", exact=True).check()
    expect(page).to_have_url(re.compile("state=to_evaluate"))
    settled(page)
    first = rows(page).first
    place = ServiceRequest.objects.get(reference=first.get_attribute("data-reference"))
    first.click()
    page.locator("[data-panel]").get_by_role("button", name="Accepter").click()
    expect(page.locator("#toasts")).to_contain_text("Demande acceptée")
    page.keyboard.press("Escape")
    expect(page.locator(f'tr[data-reference="{place.reference}"]')).to_have_count(0)
    for _look in range(50):
        shown = {each["reference"] for each in page.evaluate(HELD, "requests")}
        if place.reference not in shown:
            break
        page.wait_for_timeout(100)
    assert shown
    assert place.reference not in shown
    page.evaluate(GO, [degrees((800, 700)), 11])
    assert counted(page) == number_of(page)
