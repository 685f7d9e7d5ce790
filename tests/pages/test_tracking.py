"""The page a requester follows their request on, as they see it."""

import pytest
from playwright.sync_api import expect

from interventions.requests.models import ServiceRequest
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
DRAWN = "[data-map-ready=true]"


@pytest.fixture
def address(demo_db) -> str:
    """The page of a request whose work is planned, with a word of the service."""
    planned = ServiceRequest.objects.filter(state="planned", events__text__startswith="Nettoyage").first()
    return f"/suivi/{planned.tracking_token}/"


@SIZES
def test_the_page_looks_right(page, address, screenshot, axe):
    page.goto(address)
    page.wait_for_selector(DRAWN)
    axe(page)
    screenshot(page, "tracking")


def test_it_looks_right_in_the_dark_too(open_page, address, axe):
    page = open_page(PHONE, dark=True)
    page.goto(address)
    page.wait_for_selector(DRAWN)
    axe(page)


def test_the_story_is_told_in_order_to_a_screen_reader(page, address):
    page.goto(address)
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_contain_text("Les travaux sont prévus")
    steps = main.get_by_role("listitem")
    assert [step.locator("strong").inner_text() for step in steps.all()] == [
        "Reçue", "Examinée", "Travaux prévus", "Travaux terminés", "Close",
    ]  # fmt: skip
    expect(main.locator("[aria-current=step]")).to_contain_text("Travaux prévus")
    expect(steps.last).to_contain_text("à venir")


def test_a_phone_is_not_scrolled_sideways(open_page, address):
    page = open_page((320, 640))
    page.goto(address)
    page.wait_for_selector(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@SIZES
def test_a_link_that_was_cut_says_what_to_do(page, demo_db, axe):
    page.troubles.expect("404")
    page.goto("/suivi/coupe/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nous ne trouvons aucune demande à cette adresse")
    axe(page)
