"""The intake screen in a real browser: nothing that was typed is ever lost."""

import pytest
from playwright.sync_api import expect

from tests.pages.intake.hands import (
    choose_place,
    choose_subject,
    field,
    latest,
    log,
    open_intake,
    photo,
    settled,
)

pytestmark = pytest.mark.browser


def test_an_error_keeps_what_was_typed_and_the_photos(intake):
    page = intake
    page.troubles.expect("422")
    choose_place(page)
    choose_subject(page)
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
    settled(page)
    field(page, "Courriel").fill("lemoine@example.org")
    log(page)
    assert latest().attachments.count() == 2


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
    choose_place(page)
    choose_subject(page)
    field(page, "Précisions").fill("Devant la boulangerie")
    page.locator("input[type=file]").set_input_files([photo("a.jpg", "red")])
    expect(page.locator(".photo img")).to_have_count(1)
    open_intake(page)
    assert field(page, "Quoi ?").input_value() == "Lampadaire en panne"
    assert field(page, "Précisions").input_value() == "Devant la boulangerie"
    expect(page.locator(".photo img")).to_have_count(1)
    settled(page)
    log(page)
    assert latest().attachments.count() == 1
    open_intake(page)
    assert field(page, "Précisions").input_value() == ""


def test_a_draft_outlives_an_expired_session(intake, signed_in):
    page = intake
    field(page, "Précisions").fill("Devant la boulangerie")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Enregistrer la demande").click()
    page.wait_for_url("**/connexion/**")
    signed_in(page, "agent")
    open_intake(page)
    assert field(page, "Précisions").input_value() == "Devant la boulangerie"


def test_a_draft_is_not_for_the_next_person_at_the_desk(intake, signed_in):
    page = intake
    field(page, "Demandeur").fill("Mme Lemoine")
    page.context.clear_cookies()
    signed_in(page, "regulateur")
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
