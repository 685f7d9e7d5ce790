"""The evaluation queue and the lists of interventions, as they look and by keyboard."""

import pytest
from playwright.sync_api import expect

from gisplatform.models import User
from interventions.exchanging import views as exchanging
from interventions.work.models import Intervention
from tests.letterbox import work
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
DRAWN = "[data-map-ready=true]"


@SIZES
def test_the_evaluation_queue_looks_right(page, demo_db, signed_in, screenshot, axe):
    signed_in(page, "regulateur")
    page.goto("/regulation/")
    page.wait_for_selector(DRAWN)
    axe(page)
    screenshot(page, "desk")


@SIZES
def test_the_companys_list_looks_right(page, demo_db, sign_in, screenshot, axe):
    sign_in(page, "prestataire")
    expect(page).to_have_url("/prestataire/")
    axe(page)
    screenshot(page, "contractor")
    page.locator("summary", has_text="Terminer").first.click()
    axe(page)


@SIZES
def test_what_awaits_the_manager_looks_right(page, demo_db, signed_in, screenshot, axe):
    signed_in(page, "responsable")
    page.goto("/interventions/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    screenshot(page, "work")


@SIZES
def test_interventions_are_taken_away_too(page, demo_db, signed_in, axe):
    signed_in(page, "responsable")
    page.goto("/interventions/")
    page.get_by_role("link", name="Exporter").click()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    assert download.value.suggested_filename.startswith("interventions-")


def test_a_request_is_evaluated_without_the_mouse(page, demo_db, signed_in):
    signed_in(page, "regulateur")
    page.goto("/regulation/")
    first = page.locator(".desk__row[aria-current]").get_attribute("href")
    page.keyboard.press("s")
    expect(page.locator(".desk__row[aria-current]")).not_to_have_attribute("href", first)
    reference = page.locator(".request__reference").first.inner_text()
    page.keyboard.press("r")
    page.get_by_role("button", name="Refuser", exact=True).wait_for()
    page.locator("#refuse-reason").fill("Fresque autorisée.")
    page.get_by_role("button", name="Refuser", exact=True).press("Enter")
    expect(page.locator(".notice--success")).to_contain_text(reference)


def test_a_validated_work_is_on_the_companys_list(open_page, demo_db, sign_in, signed_in):
    their = User.objects.get(username="prestataire").department
    made = Intervention.objects.awaiting_validation().filter(executed_by=their).earliest("id")
    company, manager = open_page(PHONE), open_page()
    sign_in(company, "prestataire")
    expect(company.locator(f"#{made.reference}")).to_have_count(0)
    signed_in(manager, "responsable")
    manager.goto("/interventions/")
    manager.locator(f"#{made.reference}").get_by_role("button", name="Valider").click()
    expect(manager.locator(".notice--success")).to_contain_text(made.reference)
    company.reload()
    expect(company.locator(f"#{made.reference}")).to_be_visible()


@SIZES
def test_the_export_page_looks_right(page, demo_db, signed_in, screenshot, axe):
    signed_in(page, "regulateur")
    page.goto("/demandes/?state=open")
    page.get_by_role("link", name="Pour un SIG").click()
    expect(page).to_have_url("/demandes/exporter/?state=open")
    axe(page)
    screenshot(page, "export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    assert download.value.suggested_filename.endswith(".gpkg")


@SIZES
def test_a_large_export_is_waited_for(page, demo_db, signed_in, screenshot, axe, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(exchanging, "AT_ONCE", 10)
    signed_in(page, "regulateur")
    page.goto("/demandes/exporter/")
    axe(page)
    page.get_by_role("button", name="Préparer le fichier").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    axe(page)
    screenshot(page, "export-ordered")
    work()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.suggested_filename.endswith(".gpkg")
