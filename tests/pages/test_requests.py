"""The list of requests, its map and its panel, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from interventions.requests.models import ServiceRequest
from tests import town_at_work
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
DRAWN = "[data-map-ready=true]"

# What stands marked on the map, by the map's own account.
MARKED = """async () => {
  const { openMap } = await import("#gisplatform/map");
  const map = await openMap(document.querySelector("[data-map]"));
  const marked = await map.getSource("requests-marked").getData();
  return marked.features.map(({ properties }) => properties.id);
}"""
# Where on the screen one request lies: the map is brought there first.
SHOW = """async (id) => {
  const { openMap } = await import("#gisplatform/map");
  const frame = document.querySelector("[data-map]");
  const map = await openMap(frame);
  const all = await map.getSource("requests-rows").getData();
  const { coordinates } = all.features.find(({ properties }) => properties.id === id).geometry;
  map.jumpTo({ center: coordinates, zoom: 19 });
  await new Promise((resolve) => map.once("idle", resolve));
  const box = frame.getBoundingClientRect();
  const { x, y } = map.project(coordinates);
  return [box.x + x, box.y + y];
}"""


@pytest.fixture
def at_the_demo_list(page, demo_db, signed_in) -> Page:
    """The list of the demo as the central technician sees it, its map drawn."""
    signed_in(page, "regulateur")
    page.goto("/demandes/")
    page.wait_for_selector(DRAWN)
    return page


@pytest.fixture
def worked_town(live_server, town) -> None:
    town_at_work.work(town)


@pytest.fixture
def at_the_list(page, worked_town, signed_in) -> Page:
    signed_in(page, "regulateur")
    page.goto("/demandes/")
    page.wait_for_selector(DRAWN)
    return page


def rows(page: Page):
    return page.locator("tr[data-row]")


def number_of(page: Page) -> int:
    return int(page.locator(".listed__count strong").inner_text())


# --- How it looks ---------------------------------------------------------------------------------------------


@SIZES
def test_the_list_looks_right(at_the_demo_list, screenshot, axe):
    axe(at_the_demo_list)
    screenshot(at_the_demo_list, "list")


def test_a_desk_shows_twenty_rows_at_least(at_the_list):
    whole = [box["y"] + box["height"] <= DESK[1] for box in (row.bounding_box() for row in rows(at_the_list).all())]
    assert sum(whole) >= 20


@SIZES
def test_one_request_looks_right(page, demo_db, sign_in, screenshot, axe):
    sign_in(page, "regulateur")
    found = ServiceRequest.objects.get(address="31 rue Écuyère, Caen")
    page.goto(f"/demandes/{found.reference}/")
    page.wait_for_selector(DRAWN)
    page.get_by_text("Pourquoi cette réponse").click()
    axe(page)
    page.get_by_text("Pourquoi cette réponse").click()
    screenshot(page, "detail")


@SIZES
def test_the_panel_looks_right(at_the_demo_list, screenshot, axe):
    page = at_the_demo_list
    page.get_by_role("row", name="Graffiti ou tag").first.get_by_role("link").click()
    expect(page.locator("[data-panel] h2")).to_have_text("Graffiti ou tag")
    axe(page)
    screenshot(page, "list-panel")


# --- The list and its map -------------------------------------------------------------------------------------


def test_a_row_looked_at_lights_its_dot_and_the_reverse(at_the_list):
    page = at_the_list
    third = rows(page).nth(2)
    third.hover()
    assert page.evaluate(MARKED) == [third.get_attribute("data-row")]
    third.get_by_role("link").focus()
    page.mouse.move(5, 5)
    assert page.evaluate(MARKED) == [third.get_attribute("data-row")]

    last = rows(page).last
    x, y = page.evaluate(SHOW, last.get_attribute("data-row"))
    page.mouse.move(x + 40, y)
    page.mouse.move(x, y)
    expect(last).to_have_class(re.compile("is-hovered"))
    expect(last).to_be_in_viewport()
    page.mouse.click(x, y)
    expect(page.locator("[data-panel] .request__reference")).to_have_text(last.get_attribute("data-reference"))
    expect(last).to_have_attribute("aria-current", "true")


def test_a_row_may_be_pointed_at_before_the_map_has_anything_to_show(page, worked_town, signed_in):
    signed_in(page, "regulateur")
    held = []
    page.route("**/tiles/requests.json*", lambda route: held.append(route))
    with page.expect_request("**/tiles/requests.json*"):
        page.goto("/demandes/", wait_until="domcontentloaded")
    third = rows(page).nth(2)
    third.hover()
    with page.expect_request("**/tiles/requests/*/*/*.mvt*"):
        held.pop().continue_()
    page.wait_for_selector(DRAWN)
    assert page.evaluate(MARKED) == [third.get_attribute("data-row")]


def test_this_part_of_the_map_is_a_filter_one_can_take_away(at_the_list):
    page = at_the_list
    all_of_them = number_of(page)
    canvas = page.locator("[data-map-canvas]").bounding_box()
    page.mouse.move(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2)
    for _ in range(6):
        page.mouse.wheel(0, -400)
        page.wait_for_timeout(80)
    page.get_by_role("button", name="Chercher dans cette partie de la carte").click()
    page.wait_for_url(re.compile("bbox="))
    assert number_of(page) < all_of_them
    page.get_by_label("Dans une partie de la carte").uncheck()
    page.wait_for_url(lambda url: "bbox" not in url)
    expect(page.locator(".listed__count strong")).to_have_text(str(all_of_them))


def test_the_splitter_moves_by_keyboard_and_is_remembered(at_the_list):
    page = at_the_list
    bar = page.get_by_role("separator", name="Largeur de la liste")
    before = page.locator("#rows").bounding_box()["width"]
    bar.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(bar).to_have_attribute("aria-valuenow", "52")
    after = page.locator("#rows").bounding_box()["width"]
    assert after < before
    page.reload()
    expect(bar).to_have_attribute("aria-valuenow", "52")
    assert page.locator("#rows").bounding_box()["width"] == pytest.approx(after, abs=2)


def test_the_splitter_moves_by_mouse(at_the_list):
    page = at_the_list
    box = page.get_by_role("separator", name="Largeur de la liste").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(600, 400, steps=4)
    page.mouse.up()
    assert page.locator("#rows").bounding_box()["width"] == pytest.approx(600, abs=10)


# --- Filters ---------------------------------------------------------------------------------------------------


def test_a_filter_changes_the_list_at_once_and_stands_in_the_address(at_the_list):
    page = at_the_list
    page.get_by_label("En cours", exact=True).check()
    expect(page).to_have_url(re.compile(r"/demandes/\?state=in_progress$"))
    states = page.locator("tr[data-row] .badge")
    expect(states.first).to_have_text("En cours")
    assert set(states.all_inner_texts()) == {"En cours"}
    expect(page.get_by_role("status").filter(has_text="demandes")).to_have_text(re.compile("14"))
    page.get_by_label("Service", exact=True).select_option("cleaning")
    expect(page).to_have_url(re.compile(r"state=in_progress&department=cleaning$"))
    shared = page.url
    page.goto("/demandes/")
    page.goto(shared)
    expect(page.get_by_label("En cours", exact=True)).to_be_checked()
    expect(page.get_by_label("Service", exact=True)).to_have_value("cleaning")
    page.get_by_role("link", name="Effacer les filtres").first.click()
    expect(page).to_have_url(re.compile("/demandes/$"))


def test_a_search_keeps_the_filters(at_the_list):
    page = at_the_list
    page.get_by_label("Toutes ouvertes").check()
    expect(page).to_have_url(re.compile("state=open"))
    page.keyboard.press("/")
    page.keyboard.type("ecuyere")
    expect(page).to_have_url(re.compile("q=ecuyere"))
    assert "state=open" in page.url
    expect(rows(page)).to_have_count(1)
    expect(rows(page).first).to_contain_text("3 rue Écuyère")


def test_going_back_shows_the_list_before(at_the_list):
    page = at_the_list
    count = number_of(page)
    page.get_by_label("À évaluer", exact=True).check()
    expect(page).to_have_url(re.compile("state=to_evaluate"))
    page.go_back()
    expect(page.locator(".listed__count strong")).to_have_text(str(count))
    expect(page.get_by_label("À évaluer", exact=True)).not_to_be_checked()


def test_folded_filters_say_how_many_are_set(at_the_list):
    page = at_the_list
    page.get_by_text("Plus de filtres").click()
    page.get_by_label("Origine", exact=True).select_option("technician")
    expect(page).to_have_url(re.compile("channel=technician"))
    expect(page.locator("[data-count]")).to_have_text("1")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1")


def test_the_next_page_and_back(at_the_list):
    page = at_the_list
    first = rows(page).first.get_attribute("data-reference")
    page.get_by_role("link", name="Suivantes").click()
    expect(page).to_have_url(re.compile("cursor="))
    assert rows(page).count() == number_of(page) - 50
    page.get_by_role("link", name="Précédentes").click()
    expect(rows(page).first).to_have_attribute("data-reference", first)


def test_nothing_found_says_what_to_do(at_the_list, axe):
    page = at_the_list
    page.keyboard.press("/")
    page.keyboard.type("introuvable")
    expect(page.get_by_role("heading", name="Aucune demande ne répond à ces filtres")).to_be_visible()
    expect(page.locator("#rows")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator(".listed__count")).to_have_css("opacity", "1")
    axe(page)


def test_a_server_that_does_not_answer_is_told_and_loses_nothing(at_the_list):
    page = at_the_list
    page.troubles.expect("format=rows")
    page.troubles.expect("ERR_FAILED")
    page.route("**/*format=rows*", lambda route: route.abort())
    before = rows(page).count()
    page.get_by_label("À trier", exact=True).check()
    expect(page.locator("#toasts")).to_contain_text("Le serveur ne répond pas")
    assert rows(page).count() == before
    expect(page.locator("#rows")).not_to_have_attribute("aria-busy", "true")


# --- One request in the panel ------------------------------------------------------------------------------------


def test_a_whole_request_is_handled_by_keyboard_beside_the_list(at_the_list):
    page = at_the_list
    page.get_by_label("À évaluer", exact=True).check()
    expect(page).to_have_url(re.compile("state=to_evaluate"))
    first = rows(page).first
    reference = first.get_attribute("data-reference")
    first.get_by_role("link").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(first.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.locator("[data-panel]")
    expect(panel.locator(".request__reference")).to_have_text(reference)
    panel.get_by_role("button", name="Accepter").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Demande acceptée")
    expect(panel.locator(".badge").first).to_have_text("Acceptée")
    expect(page.locator(f'tr[data-reference="{reference}"]')).to_have_count(0)  # no longer to evaluate
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_refusal_in_the_panel_keeps_what_was_typed(at_the_list):
    page = at_the_list
    page.troubles.expect("409")
    page.get_by_label("À évaluer", exact=True).check()
    expect(page).to_have_url(re.compile("state=to_evaluate"))
    row = rows(page).first
    row.click()
    panel = page.locator("[data-panel]")
    panel.get_by_text("Refuser", exact=True).first.click()
    panel.locator("details[open]").get_by_label("Le motif").fill("Le mur est privé.")
    ServiceRequest.objects.filter(reference=row.get_attribute("data-reference")).update(state="accepted")
    panel.locator("details[open] button").click()
    expect(panel.locator("details[open] [data-error]")).to_contain_text("ne le permet plus")
    expect(panel.locator("details[open] textarea")).to_have_value("Le mur est privé.")


def test_escape_in_the_panel_gives_the_row_back(at_the_list):
    page = at_the_list
    link = rows(page).nth(3).get_by_role("link")
    link.click()
    expect(page.locator("[data-panel] [data-close]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
