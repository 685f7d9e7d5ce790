"""The intake screen in a real browser: the card that says who answers."""

import pytest
from playwright.sync_api import expect

from gisplatform.geo import WGS84
from interventions.requests.models import ServiceRequest
from tests.pages.intake.hands import (
    answer,
    choose_place,
    choose_subject,
    field,
    option,
    settled,
)

pytestmark = pytest.mark.browser


def test_a_late_answer_never_replaces_a_newer_one(intake):
    page = intake
    choose_place(page)
    held = []
    page.route("**/reponse/?*category=graffiti*", lambda route: held.append(route))
    choose_subject(page, "grafiti", "Graffiti")
    choose_subject(page)
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
    choose_place(page)
    page.route("**/reponse/**", lambda route: route.abort())
    choose_subject(page)
    again = page.get_by_role("button", name="Réessayer")
    expect(again).to_be_visible()
    page.unroute("**/reponse/**")
    again.click()
    expect(answer(page).locator("strong").first).to_have_text("Éclairage public")


def test_an_ended_session_is_said_in_the_card(intake):
    page = intake
    choose_place(page)
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
    choose_place(page)
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
    choose_place(page)
    expect(page.locator(".map-pin")).to_be_visible()
    field(page, "Où ?").fill("rue de Geôle")
    expect(page.locator(".map-pin")).to_have_count(0)
    assert page.locator("[name=geometry]").input_value() == ""
