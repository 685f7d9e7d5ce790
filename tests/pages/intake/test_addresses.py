"""The address field while it is typed in: addresses, nothing, and nobody who answers."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.basemaps.address_service import feature, served
from tests.pages.conftest import DESK, PHONE
from tests.pages.intake.hands import field, open_intake, option

pytestmark = pytest.mark.browser


@pytest.fixture
def service(settings):
    cache.clear()
    with served() as service:
        settings.ADDRESS_URL = service.url
        yield service
    cache.clear()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=lambda size: str(size[0]))
def test_addresses_come_while_typing(intake, screenshot, size):
    intake.set_viewport_size({"width": size[0], "height": size[1]})
    open_intake(intake)
    field(intake, "Où ?").press_sequentially("14 bis r. st pi")
    expect(option(intake, "14 bis Rue Saint-Pierre, Caen")).to_be_visible()
    expect(option(intake, "Calvaire Saint-Pierre, CaenArrêt")).to_be_visible()
    screenshot(intake, "intake-address")
    option(intake, "14 bis Rue Saint-Pierre, Caen").click()
    expect(field(intake, "Où ?")).to_have_value("14 bis Rue Saint-Pierre, Caen")
    expect(intake.locator("[data-part=zones]")).to_contain_text("Caen")


def test_a_number_that_was_reckoned_says_so(intake):
    field(intake, "Où ?").fill("12 rue saint-pierre")
    expect(option(intake, "12 Rue Saint-Pierre, Caen")).to_contain_text("position estimée")


def test_an_address_that_nothing_resembles_is_said_at_once(intake, axe):
    field(intake, "Où ?").fill("xyzzy plugh")
    expect(option(intake, "Aucune adresse ne ressemble à cela")).to_be_visible()
    axe(intake)


def test_an_address_from_elsewhere_is_chosen_like_ours(intake, service):
    service.features = [feature("5 rue du Lavoir", label="5 rue du Lavoir 14998 Ailleurs")]
    field(intake, "Où ?").fill("5 rue du lavoir, ailleurs")
    option(intake, "5 rue du Lavoir, Ailleurs").click()
    expect(field(intake, "Où ?")).to_have_value("5 rue du Lavoir, Ailleurs")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=lambda size: str(size[0]))
def test_a_service_that_does_not_answer_is_said_in_words(intake, service, screenshot, size):
    intake.set_viewport_size({"width": size[0], "height": size[1]})
    open_intake(intake)
    service.status = 500
    field(intake, "Où ?").fill("xyzzy plugh")
    expect(option(intake, "le service d’adresses ne répond pas")).to_be_visible()
    screenshot(intake, "intake-address-silent")
