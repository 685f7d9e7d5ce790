"""The page of one request, and the way to it without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from interventions.requests.models import ServiceRequest
from tests import town_at_work

pytestmark = pytest.mark.browser


@pytest.fixture
def oldest(live_server, town) -> ServiceRequest:
    return town_at_work.work(town)


def test_a_redirection_from_the_page(page, oldest, signed_in):
    signed_in(page, "regulateur")
    page.goto(f"/demandes/{oldest.reference}/")
    page.get_by_text("Réorienter", exact=True).first.click()
    page.get_by_label("Service qui répond").select_option(label="Parks")
    page.locator("details[open]").get_by_label("Le motif").fill("Le mur est celui du parc.")
    page.locator("details[open] button").click()
    expect(page.locator("#messages")).to_contain_text("Transférée")
    expect(page.locator(".request__department")).to_contain_text("Parks")
    expect(page.locator(".timeline")).to_contain_text("Transférée à Parks")


def test_the_tracking_link_is_copied(page, oldest, signed_in, live_server):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    signed_in(page, "regulateur")
    page.goto(f"/demandes/{oldest.reference}/")
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.locator("#toasts")).to_contain_text("Lien copié")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{live_server.url}/suivi/{oldest.tracking_token}/"


def test_everything_works_without_javascript(browser, live_server, oldest, signed_in):
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    signed_in(page, "regulateur")
    page.goto("/demandes/")
    page.get_by_label("À évaluer", exact=True).check()
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_url(re.compile("state=to_evaluate"))
    assert set(page.locator("tr[data-row] .badge").all_inner_texts()) == {"À évaluer"}
    reference = page.locator("tr[data-row]").first.get_attribute("data-reference")
    page.locator("tr[data-row]").first.get_by_role("link").click()
    page.wait_for_url(re.compile(reference))
    page.get_by_text("Refuser", exact=True).first.click()
    page.locator("details[open]").get_by_label("Le motif").fill("Hors de notre territoire.")
    page.locator("details[open] button").click()
    expect(page.locator("#messages")).to_contain_text("Demande refusée")
    expect(page.locator(".badge").first).to_have_text("Refusée")
    context.close()
