"""Correcting how to reach who asked, on the page of a request and in the panel beside the list."""

import re

import pytest
from playwright.sync_api import expect

from interventions.requests.models import Requester, ServiceRequest
from interventions.requests.services import Contact
from tests.pages.conftest import DESK, PHONE
from tests.town import NOW

pytestmark = pytest.mark.browser


@pytest.fixture
def unreached(live_server, town) -> ServiceRequest:
    """A request whose requester is at no known address."""
    town.rule("cleaning")
    town.person("agent")
    request = town.request(
        address="3 rue Écuyère, Caen",
        description="Un tag rouge.",
        contact=Contact(name="Zoé Lefèvre", email="zoe@exmaple.org", phone="02 31 00 00 01"),
    )
    Requester.objects.filter(pk=request.requester_id).update(email_refused_at=NOW, unreached_at=NOW)
    return request


def open_form(page, request: ServiceRequest):
    page.goto(f"/demandes/{request.reference}/")
    page.get_by_text("Corriger les coordonnées").press("Enter")
    return page.locator("#to-contact form")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_address_is_put_right_by_keys_alone(page, unreached, signed_in, axe, screenshot):
    signed_in(page, "agent")
    form = open_form(page, unreached)
    email = form.get_by_label("Courriel", exact=True)
    expect(email).to_have_accessible_description(re.compile("Les prochains messages iront à cette adresse"))
    email.scroll_into_view_if_needed()
    form.get_by_role("button").scroll_into_view_if_needed()
    axe(page)
    screenshot(page, "request-contact")

    page.troubles.expect("422")
    email.fill("zoe@exemple")
    email.press("Enter")
    expect(email).to_be_focused()
    expect(email).to_have_value("zoe@exemple")
    expect(email).to_have_accessible_description(re.compile("Écrivez nom@domaine.fr"))
    expect(form.locator("#contact-email_error")).to_be_in_viewport(ratio=1)
    axe(page)

    email.fill("zoe@example.org")
    email.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Coordonnées enregistrées")
    expect(page.locator("#told")).to_contain_text("zoe@example.org")
    expect(page.locator(".request__unreached")).to_have_count(0)
    expect(page.locator(".timeline")).to_contain_text("Coordonnées du demandeur corrigées")


def test_in_the_panel_a_mistake_is_said_at_its_field(page, unreached, signed_in):
    signed_in(page, "agent")
    page.goto("/demandes/")
    page.locator("tr[data-row]").first.click()
    page.get_by_text("Corriger les coordonnées").click()
    form = page.locator("#to-contact form")
    email = form.get_by_label("Courriel", exact=True)
    page.troubles.expect("422")
    email.fill("zoe")
    email.press("Enter")
    expect(email).to_be_focused()
    expect(form.locator("#contact-email_error")).to_contain_text("Écrivez nom@domaine.fr")
    expect(form.locator("#contact-email_error")).to_be_in_viewport(ratio=1)
    email.fill("zoe@example.org")
    email.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Coordonnées enregistrées")
    expect(page.locator(".request__unreached")).to_have_count(0)
