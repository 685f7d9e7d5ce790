"""The intake screen in a real browser: from the call to the reference."""

import pytest
from playwright.sync_api import expect

from gisplatform.geo import point
from interventions.requests.models import ServiceRequest
from tests.pages.conftest import DESK, PHONE
from tests.pages.intake.hands import (
    PAGE,
    Hands,
    answer,
    choose_place,
    choose_subject,
    field,
    latest,
    log,
    option,
    photo,
    settled,
)

pytestmark = pytest.mark.browser


def test_by_mouse_in_at_most_eight_interactions_within_a_metre_of_the_click(intake, axe):
    page, hands = intake, Hands(intake)
    frame = page.locator("[data-map-canvas]")
    at = {"x": 400, "y": 330}
    lon, lat = page.evaluate(
        """async ({x, y}) => {
            const {openMap} = await import("#gisplatform/map");
            const map = await openMap(document.querySelector("[data-map]"));
            const {lng, lat} = map.unproject([x, y]);
            return [lng, lat];
        }""",
        at,
    )
    hands.click(frame, position=at)
    hands.fill("Quoi ?", "mon lampadaire clignote")
    hands.click(option(page, "Lampadaire en panne"))
    settled(page)
    hands.fill("Précisions", "Devant la boulangerie")
    hands.fill("Demandeur", "Mme Lemoine")
    hands.fill("Courriel", "lemoine@example.org")
    hands.click(page.get_by_role("button", name="Enregistrer la demande"))
    page.wait_for_url("**/recue/")
    assert hands.count <= 8
    request = latest()
    expect(page.get_by_role("heading", name=request.reference)).to_be_visible()
    assert request.geom.distance(point(lon, lat)) < 1
    assert (request.category.code, request.requester.email) == ("lampadaire-panne", "lemoine@example.org")
    axe(page)


def test_by_keyboard_only_without_the_map(intake):
    page, keys = intake, intake.keyboard
    expect(field(page, "Où ?")).to_be_focused()
    keys.type("12 rue saint-pierre caen")
    expect(option(page, "12 Rue Saint-Pierre")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator(".intake__zones")).to_contain_text("Centre et Sud-Ouest")
    keys.press("Tab")
    keys.type("trou dans la route")
    expect(option(page, "Nid-de-poule")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    settled(page)
    keys.press("Tab")
    expect(page.get_by_role("radio", name="50", exact=True)).to_be_focused()  # how far to look for the same problem
    keys.press("Tab")
    keys.type("Devant le 12")
    keys.press("Tab")
    keys.type("M. Quesnel")
    request = log(page)
    assert (request.category.code, request.description, request.requester.name) == (
        "nid-de-poule",
        "Devant le 12",
        "M. Quesnel",
    )
    assert request.address.startswith("12 Rue Saint-Pierre")
    expect(page.get_by_role("link", name="Appel suivant")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url(f"**{PAGE}")
    page.wait_for_selector(".intake__form.is-live")
    assert field(page, "Précisions").input_value() == ""


def test_the_answer_of_the_screen_is_the_answer_of_the_request(intake):
    choose_place(intake)
    choose_subject(intake, "grafiti", "Graffiti")
    told = answer(intake).locator("strong").first
    expect(told).to_be_visible()
    words = told.inner_text()
    log(intake)
    assert latest().department.name == words


def test_a_line_is_drawn_and_stored(intake):
    intake.locator("[data-tools]").get_by_text("Ligne").click()
    canvas = intake.locator("[data-map-canvas]")
    canvas.click(position={"x": 300, "y": 300})
    canvas.click(position={"x": 380, "y": 340})
    intake.keyboard.press("Enter")
    choose_subject(intake, "le trottoir est sale", "Rue ou trottoir sale")
    settled(intake)
    log(intake)
    assert latest().geom.geom_type == "LineString"


def test_pressing_twice_logs_once(intake):
    choose_place(intake)
    choose_subject(intake, "grafiti", "Graffiti")
    before = ServiceRequest.objects.count()
    intake.get_by_role("button", name="Enregistrer la demande").dblclick()
    intake.wait_for_url("**/recue/")
    assert ServiceRequest.objects.count() == before + 1


def test_enter_alone_logs_nothing(intake):
    field(intake, "Demandeur").fill("Mme Lemoine")
    intake.keyboard.press("Enter")
    assert intake.url.endswith(PAGE)
    assert intake.locator("[aria-invalid]").count() == 0


def test_without_javascript_the_whole_path_works(demo_db, browser, live_server, signed_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    signed_in(page, "agent")
    page.goto(PAGE)
    page.get_by_label("Où ?").fill("rue saint-pierre")
    page.get_by_label("Quoi ?").select_option(label="Lampadaire en panne")
    page.get_by_label("Précisions").fill("Devant la boulangerie")
    page.locator("input[type=file]").set_input_files([photo("a.jpg", "red")])
    page.get_by_role("button", name="Enregistrer la demande").click()
    place = page.get_by_role("radio", name="Rue Saint-Pierre").first
    place.check()
    expect(page.locator(".intake__candidates")).to_contain_text("Caen")
    page.get_by_role("button", name="Enregistrer la demande").click()
    page.wait_for_url("**/recue/")
    request = latest()
    assert (request.department.name, request.attachments.count()) == ("Éclairage public", 1)
    context.close()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_state_is_accessible_and_pictured(intake, axe, screenshot, viewport):
    page = intake
    axe(page)
    screenshot(page, "intake-empty")
    choose_place(page)
    choose_subject(page)
    settled(page)
    field(page, "Précisions").fill("Devant la boulangerie, clignote depuis lundi soir")
    field(page, "Demandeur").fill("Mme Lemoine")
    field(page, "Téléphone").fill("02 31 00 00 00")
    field(page, "Courriel").fill("lemoine@example.org")
    if viewport == DESK:
        assert page.locator(".intake__fields").evaluate("(box) => box.scrollHeight <= box.clientHeight")
    else:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    screenshot(page, "intake-filled")
    page.troubles.expect("422")
    field(page, "Courriel").fill("lemoine chez example")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[aria-invalid=true]")
    settled(page)
    axe(page)
    screenshot(page, "intake-error")
    field(page, "Courriel").fill("lemoine@example.org")
    log(page)
    axe(page)
    screenshot(page, "received")
