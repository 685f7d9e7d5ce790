"""The intake screen in a real browser: an agent, a caller on the line."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gisplatform.geo import WGS84, point
from interventions.requests.models import ServiceRequest
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

PAGE = "/demandes/nouvelle/"


class Hands:
    """Acts on a page and counts: a click, a key chord or a field filled is one interaction each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def click(self, locator, **how) -> None:
        self.count += 1
        locator.click(**how)

    def fill(self, label: str, text: str) -> None:
        self.count += 1
        field(self.page, label).fill(text)

    def press(self, chord: str) -> None:
        self.count += 1
        self.page.keyboard.press(chord)


def field(page: Page, label: str):
    return (
        page.locator(".intake__form")
        .get_by_label(label, exact=True)
        .and_(page.locator("input:not([type=radio]), textarea"))
    )


def option(page: Page, text: str):
    return page.get_by_role("option").filter(has_text=text).first


def open_intake(page: Page) -> None:
    page.goto(PAGE)
    page.wait_for_selector(".intake__form.is-live")
    page.wait_for_selector("[data-map][data-map-ready=true]")


def choose_place(page: Page, text: str, label: str) -> None:
    field(page, "Où ?").fill(text)
    option(page, label).click()


def choose_subject(page: Page, said: str, name: str) -> None:
    field(page, "Quoi ?").fill(said)
    option(page, name).click()


def answer(page: Page):
    return page.get_by_role("region", name="Réponse")


def settled(page: Page) -> None:
    """Until the answer card says what it has to say."""
    expect(answer(page).locator("strong").first).to_be_visible()
    expect(page.locator("[data-part=answer][aria-busy=true]")).to_have_count(0)


def photo(name: str, colour: str) -> dict:
    content = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


def logged() -> ServiceRequest:
    return ServiceRequest.objects.select_related("department", "category", "requester").latest("id")


@pytest.fixture
def intake(demo_db, page, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sign_in(page, "agent")
    open_intake(page)
    return page


# --- From the call to the reference ------------------------------------------------------------------------


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
    expect(answer(page).locator("strong").first).to_be_visible()
    hands.fill("Précisions", "Devant la boulangerie")
    hands.fill("Demandeur", "Mme Lemoine")
    hands.fill("Courriel", "lemoine@example.org")
    hands.click(page.get_by_role("button", name="Enregistrer la demande"))
    page.wait_for_url("**/recue/")
    assert hands.count <= 8
    request = logged()
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
    expect(answer(page).locator("strong").first).to_be_visible()
    keys.press("Tab")
    keys.type("Devant le 12")
    keys.press("Tab")
    keys.type("M. Quesnel")
    keys.press("Control+Enter")
    page.wait_for_url("**/recue/")
    request = logged()
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
    choose_place(intake, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    choose_subject(intake, "grafiti", "Graffiti")
    told = answer(intake).locator("strong").first
    expect(told).to_be_visible()
    words = told.inner_text()
    intake.keyboard.press("Control+Enter")
    intake.wait_for_url("**/recue/")
    assert logged().department.name == words


def test_a_line_is_drawn_and_stored(intake):
    intake.locator("[data-tools]").get_by_text("Ligne").click()
    canvas = intake.locator("[data-map-canvas]")
    canvas.click(position={"x": 300, "y": 300})
    canvas.click(position={"x": 380, "y": 340})
    intake.keyboard.press("Enter")
    choose_subject(intake, "le trottoir est sale", "Rue ou trottoir sale")
    expect(answer(intake).locator("strong").first).to_be_visible()
    intake.keyboard.press("Control+Enter")
    intake.wait_for_url("**/recue/")
    assert logged().geom.geom_type == "LineString"


def test_pressing_twice_logs_once(intake):
    choose_place(intake, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
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


# --- Nothing is lost ----------------------------------------------------------------------------------------


def test_an_error_keeps_what_was_typed_and_the_photos(intake):
    page = intake
    page.troubles.expect("422")
    choose_place(page, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    choose_subject(page, "mon lampadaire clignote", "Lampadaire en panne")
    field(page, "Précisions").fill("Devant la boulangerie")
    field(page, "Demandeur").fill("Mme Lemoine")
    field(page, "Courriel").fill("lemoine chez example")
    page.get_by_text("Courrier", exact=True).click()
    page.locator("input[type=file]").set_input_files([photo("a.jpg", "red"), photo("b.jpg", "blue")])
    expect(page.locator(".photo img")).to_have_count(2)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[aria-invalid=true]")
    expect(field(page, "Courriel")).to_be_focused()
    assert field(page, "Où ?").input_value().startswith("12 Rue Saint-Pierre")
    assert field(page, "Quoi ?").input_value() == "Lampadaire en panne"
    assert field(page, "Précisions").input_value() == "Devant la boulangerie"
    assert field(page, "Courriel").input_value() == "lemoine chez example"
    assert page.get_by_label("Courrier").is_checked()
    expect(page.locator(".photo img")).to_have_count(2)
    expect(answer(page).locator("strong").first).to_be_visible()
    field(page, "Courriel").fill("lemoine@example.org")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/recue/")
    assert logged().attachments.count() == 2


def test_a_photo_is_taken_back(intake):
    intake.locator("input[type=file]").set_input_files([photo("a.jpg", "red"), photo("b.jpg", "blue")])
    expect(intake.locator(".photo img")).to_have_count(2)
    intake.get_by_role("checkbox", name="Retirer cette photo").first.check()
    expect(intake.locator(".photo img")).to_have_count(1)


def test_a_file_that_is_no_photo_is_said_at_its_field(intake):
    intake.troubles.expect("422")
    intake.locator("input[type=file]").set_input_files(
        {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
    )
    expect(intake.locator("[data-photo-error]")).to_contain_text("notes.jpg")


def test_a_draft_outlives_a_reload_and_is_cleared_by_its_request(intake):
    page = intake
    choose_place(page, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    choose_subject(page, "mon lampadaire clignote", "Lampadaire en panne")
    field(page, "Précisions").fill("Devant la boulangerie")
    page.locator("input[type=file]").set_input_files([photo("a.jpg", "red")])
    expect(page.locator(".photo img")).to_have_count(1)
    open_intake(page)
    assert field(page, "Quoi ?").input_value() == "Lampadaire en panne"
    assert field(page, "Précisions").input_value() == "Devant la boulangerie"
    expect(page.locator(".photo img")).to_have_count(1)
    expect(answer(page).locator("strong").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/recue/")
    assert logged().attachments.count() == 1
    open_intake(page)
    assert field(page, "Précisions").input_value() == ""


def test_a_draft_outlives_an_expired_session(intake, sign_in):
    page = intake
    field(page, "Précisions").fill("Devant la boulangerie")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Enregistrer la demande").click()
    page.wait_for_url("**/connexion/**")
    sign_in(page, "agent")
    open_intake(page)
    assert field(page, "Précisions").input_value() == "Devant la boulangerie"


def test_a_draft_is_not_for_the_next_person_at_the_desk(intake, sign_in):
    page = intake
    field(page, "Demandeur").fill("Mme Lemoine")
    page.context.clear_cookies()
    sign_in(page, "regulateur")
    open_intake(page)
    assert field(page, "Demandeur").input_value() == ""


def test_signing_out_forgets_the_draft(intake, sign_in):
    page = intake
    field(page, "Demandeur").fill("Mme Lemoine")
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/**")
    assert page.evaluate("sessionStorage.length") == 0


def test_clearing_everything_can_be_undone(intake):
    page = intake
    field(page, "Précisions").fill("Devant la boulangerie")
    page.get_by_role("link", name="Tout effacer").click()
    page.get_by_role("button", name="Annuler").click()
    assert field(page, "Précisions").input_value() == "Devant la boulangerie"


# --- The answer card ------------------------------------------------------------------------------------------


def test_a_late_answer_never_replaces_a_newer_one(intake):
    page = intake
    choose_place(page, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    held = []
    page.route("**/reponse/?*category=graffiti*", lambda route: held.append(route))
    choose_subject(page, "grafiti", "Graffiti")
    choose_subject(page, "mon lampadaire clignote", "Lampadaire en panne")
    told = answer(page).locator("strong").first
    expect(told).to_have_text("Éclairage public")
    for each in held:
        each.continue_()
    page.wait_for_timeout(300)
    expect(told).to_have_text("Éclairage public")
    assert held


def test_an_answer_that_fails_says_so_and_is_asked_again(intake):
    page = intake
    page.troubles.expect("/reponse/")
    page.troubles.expect("ERR_FAILED")
    choose_place(page, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    page.route("**/reponse/**", lambda route: route.abort())
    choose_subject(page, "mon lampadaire clignote", "Lampadaire en panne")
    again = page.get_by_role("button", name="Réessayer")
    expect(again).to_be_visible()
    page.unroute("**/reponse/**")
    again.click()
    expect(answer(page).locator("strong").first).to_have_text("Éclairage public")


def test_an_ended_session_is_said_in_the_card(intake):
    page = intake
    choose_place(page, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    choose_subject(page, "grafiti", "Graffiti")
    settled(page)
    page.context.clear_cookies(name="sessionid")
    page.locator(".intake__what select").evaluate(
        "(select) => { select.value = 'lampadaire-panne'; select.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    expect(answer(page)).to_contain_text("Vous n’êtes plus connecté")


def test_what_is_already_reported_close_by_is_told(intake):
    page = intake
    known = ServiceRequest.objects.open().filter(department__authority__code="caen").latest("id")
    place = known.geom.centroid.transform(WGS84, clone=True)
    field(page, "Où ?").fill(f"{place.y:.6f}, {place.x:.6f}")
    option(page, f"{place.y:.5f}").click()
    choose_subject(page, known.category.name, known.category.name)
    nearby = page.get_by_role("region", name="Demandes ouvertes tout près")
    expect(nearby.get_by_role("link").first).to_have_attribute("href", f"/demandes/{known.reference}/")
    expect(nearby.get_by_role("link").first).to_have_attribute("target", "_blank")


def test_words_that_were_not_chosen_are_kept_and_asked_again(intake):
    page = intake
    page.troubles.expect("422")
    choose_place(page, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    field(page, "Quoi ?").fill("mon lampadaire clignote")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[aria-invalid=true]")
    expect(field(page, "Quoi ?")).to_be_focused()
    assert field(page, "Quoi ?").input_value() == "mon lampadaire clignote"


def test_another_department_is_found_by_typing(intake):
    page = intake
    field(page, "Pour le compte de").fill("espaces")
    option(page, "Espaces verts").click()
    assert page.locator("[name=issued_by]").input_value() == "espaces-verts"
    field(page, "Pour le compte de").fill("xyz")
    page.keyboard.press("Tab")
    assert field(page, "Pour le compte de").input_value() == "Espaces verts"


def test_the_map_places_by_keyboard_again_and_again(intake):
    page = intake
    page.locator(".maplibregl-canvas").focus()
    places = []
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
        page.get_by_role("button", name="Placer ici").click()
        places.append(page.locator("[name=geometry]").input_value())
        page.locator(".maplibregl-canvas").focus()
    assert places[0] != places[1]
    assert all(places)


def test_other_words_take_a_chosen_address_off_the_map(intake):
    page = intake
    choose_place(page, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    expect(page.locator(".map-pin")).to_be_visible()
    field(page, "Où ?").fill("rue de Geôle")
    expect(page.locator(".map-pin")).to_have_count(0)
    assert page.locator("[name=geometry]").input_value() == ""


# --- Without JavaScript ---------------------------------------------------------------------------------------


def test_without_javascript_the_whole_path_works(demo_db, browser, live_server, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "agent")
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
    request = logged()
    assert (request.department.name, request.attachments.count()) == ("Éclairage public", 1)
    context.close()


# --- What it looks like -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_state_is_accessible_and_pictured(intake, axe, screenshot, viewport):
    page = intake
    axe(page)
    screenshot(page, "intake-empty")
    choose_place(page, "12 rue saint-pierre caen", "12 Rue Saint-Pierre")
    choose_subject(page, "mon lampadaire clignote", "Lampadaire en panne")
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
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/recue/")
    axe(page)
    screenshot(page, "received")
