"""Lines and areas on the intake screen: by mouse, by keys, by finger; measured, corrected, refused in words."""

import json
import re

import pytest
from playwright.sync_api import expect

from interventions.requests.models import ServiceRequest
from tests.pages.conftest import DESK, PHONE
from tests.pages.intake.hands import answer, choose_subject, latest, log, settled

pytestmark = pytest.mark.browser


def tool(page, name):
    page.locator("[data-tools]").get_by_text(name, exact=True).click()


def canvas(page):
    return page.locator("[data-map-canvas]")


def press(page, *places):
    for x, y in places:
        canvas(page).click(position={"x": x, "y": y})


def size(page):
    return page.locator("[data-drawing-size]").inner_text().replace("\u00a0", " ").replace("\u202f", " ")


def button(page, name):
    return page.locator("[data-tools]").get_by_role("button", name=name)


def geometry(page):
    text = page.locator("[name=geometry]").input_value()
    return json.loads(text) if text else None


def number(text):
    return float(re.sub(r"[^\d,]", "", text).replace(",", "."))


def test_an_area_shows_its_size_and_is_what_is_stored(intake):
    page = intake
    tool(page, "Surface")
    assert size(page) == "Cliquez là où il commence."
    press(page, (300, 200), (420, 200), (420, 300))
    canvas(page).hover(position={"x": 300, "y": 300})
    assert re.fullmatch(r"[\d ,]+ (m²|ha) · [\d ,]+ k?m de tour", size(page)), size(page)
    press(page, (300, 300))
    button(page, "Terminer").click()
    choose_subject(page, "le trottoir est sale", "Rue ou trottoir sale")
    settled(page)
    told = size(page).split(" · ")[0]
    request = log(page)
    assert request.geom.geom_type == "Polygon"
    area = number(told) * (10_000 if "ha" in told else 1)
    assert abs(area - request.geom.area) / request.geom.area < 0.03


def test_the_last_point_is_taken_back_and_a_line_is_given_up(intake):
    page = intake
    tool(page, "Ligne")
    expect(button(page, "Dernier point")).to_be_disabled()
    press(page, (300, 300), (380, 340), (500, 340))
    canvas(page).hover(position={"x": 300, "y": 300})
    button(page, "Dernier point").click()
    button(page, "Terminer").click()
    assert len(geometry(page)["coordinates"]) == 2
    button(page, "Redessiner").click()
    press(page, (200, 200))
    button(page, "Abandonner").click()
    assert len(geometry(page)["coordinates"]) == 2
    expect(button(page, "Modifier le tracé")).to_be_visible()


def test_a_finished_line_outlives_a_click_and_is_changed_by_its_corners(intake):
    page = intake
    tool(page, "Ligne")
    press(page, (300, 300), (420, 300))
    page.keyboard.press("Enter")
    before = geometry(page)
    assert before["type"] == "LineString"
    press(page, (500, 450))
    assert geometry(page) == before
    button(page, "Modifier le tracé").click()
    # The corner is dragged where it is drawn, then a point more is added.
    box = canvas(page).bounding_box()
    page.mouse.move(box["x"] + 420, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 360, steps=4)
    page.mouse.up()
    press(page, (500, 420))
    button(page, "Terminer").click()
    after = geometry(page)["coordinates"]
    assert after[0] == before["coordinates"][0]
    assert after[1][1] < before["coordinates"][1][1]
    assert len(after) == 3
    tool(page, "Point")
    press(page, (350, 250))
    assert geometry(page)["type"] == "Point"


def test_an_outline_that_crosses_itself_is_said_in_words_and_cannot_be_finished(intake):
    page = intake
    tool(page, "Surface")
    press(page, (300, 200), (420, 300), (420, 200), (300, 300))
    crossed = page.locator("[data-drawing-crossed]")
    expect(crossed).to_contain_text("Le contour se croise")
    expect(button(page, "Terminer")).to_be_disabled()
    page.keyboard.press("Enter")
    assert geometry(page) is None
    button(page, "Dernier point").click()
    expect(crossed).to_be_hidden()
    button(page, "Terminer").click()
    assert geometry(page)["type"] == "Polygon"


def test_by_keyboard_alone(intake):
    page, keys = intake, intake.keyboard
    page.locator("[data-tools] input[value=point]").focus()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(page.locator("[data-tools] input[value=area]")).to_be_focused()
    page.locator(".maplibregl-canvas").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        keys.press(key)
        page.wait_for_timeout(400)
        page.get_by_role("button", name="Placer ici").press("Enter")
        page.locator(".maplibregl-canvas").focus()
    keys.press("Enter")
    drawn = geometry(page)
    assert (drawn["type"], len(drawn["coordinates"][0])) == ("Polygon", 4)


def test_the_answer_says_shares_and_knows_neighbours(intake, demo_rows, settings):
    settings.MEDIA_ROOT = demo_rows.media
    page = intake
    known = ServiceRequest.objects.open().filter(department__authority__code="caen").filter(category__code="graffiti")
    x, y = known.latest("id").geom.centroid.coords
    # A line of 6 km through the town: several hubs answer for parts of it.
    from django.contrib.gis.geos import LineString

    drawn = LineString((x - 3000, y), (x, y + 5), (x + 3000, y), srid=2154).transform(4326, clone=True)
    page.evaluate("(json) => { document.querySelector('[name=geometry]').value = json; }", drawn.json)
    page.locator("[name=geometry]").evaluate("(field) => field.form.dispatchEvent(new Event('input'))")
    page.reload()
    page.wait_for_selector(".intake__form.is-live")
    choose_subject(page, "tag", "Graffiti")
    settled(page)
    expect(answer(page)).to_contain_text(re.compile(r"qui en contient \d+\s%"))
    expect(page.locator(f'[data-neighbour="{known.latest("id").pk}"]')).to_be_visible()
    log(page)
    assert latest().geom.geom_type == "LineString"


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_by_finger(intake, axe, screenshot, viewport):
    page = intake
    page.locator("[data-tools]").get_by_text("Surface", exact=True).tap()
    expect(button(page, "Terminer")).to_be_visible()
    box = canvas(page).bounding_box()
    for x, y in ((90, 120), (250, 120), (250, 260)):
        page.touchscreen.tap(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(400)  # two quick taps would zoom
    expect(button(page, "Terminer")).to_be_enabled()
    axe(page)
    screenshot(page, "intake-drawing")
    button(page, "Terminer").tap()
    assert geometry(page)["type"] == "Polygon"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("viewport", [DESK], ids=["desk"])
def test_a_drawing_is_accessible_and_pictured(intake, axe, screenshot, viewport):
    page = intake
    tool(page, "Surface")
    press(page, (300, 200), (460, 220), (430, 330), (310, 300))
    axe(page)
    screenshot(page, "intake-drawing")
