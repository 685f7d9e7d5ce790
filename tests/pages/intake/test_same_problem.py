"""« Même problème »: what is open close by is recognised, joined in one click, and both callers hear of it."""

import re

import pytest
from django.db import connection
from playwright.sync_api import expect

from gisplatform.geo import WGS84
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from tests.letterbox import work
from tests.pages.conftest import DESK, PHONE
from tests.pages.intake.hands import choose_subject, field, latest, log, open_intake, option, settled
from tests.pages.map.on_map import settled as map_settled
from tests.town import NOW

pytestmark = pytest.mark.browser


@pytest.fixture
def known(demo_db, settings, demo_rows):
    """A request of the demo that is open, whose requester can be written to, with a photo."""
    settings.MEDIA_ROOT = demo_rows.media
    asked = ServiceRequest.objects.open().filter(department__authority__code="caen", attachments__isnull=False)
    return asked.filter(requester__email__contains="@", category__code="graffiti").latest("id")


def beside(page, request, metres=8):
    """Place the new request `metres` east of the other, and say the same subject."""
    place = request.geom.centroid
    place.x += metres
    place = place.transform(WGS84, clone=True)
    field(page, "Où ?").fill(f"{place.y:.6f}, {place.x:.6f}")
    option(page, f"{place.y:.5f}").click()
    choose_subject(page, request.category.name, request.category.name)
    settled(page)


def row(page, request):
    return page.locator(f'[data-neighbour="{request.pk}"]')


def box(page, request):
    return row(page, request).get_by_role("checkbox", name="Même problème")


def test_one_click_joins_and_both_callers_are_told_once(intake, known, letterbox, live_server, settings):
    settings.PUBLIC_URL = live_server.url
    page = intake
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    beside(page, known)
    row(page, known).get_by_text("Même problème").click()
    expect(row(page, known).locator(".nearby__joins")).to_be_visible()
    field(page, "Demandeur").fill("Mme Lemoine")
    field(page, "Courriel").fill("lemoine@example.org")
    request = log(page)
    assert (request.duplicate_of, request.state) == (known, "duplicate")
    expect(page.get_by_role("main")).to_contain_text(f"Rejoint la demande {known.reference}")
    work()
    (letter,) = letterbox.letters
    assert letter["X-Envelope-To"] == "lemoine@example.org"
    text = letter.get_body(("plain",)).get_content()
    assert f"réf. {known.reference}" in text
    page.goto(re.search(r"/suivi/\S+", text).group())
    expect(page.get_by_role("main")).to_contain_text("rejoint une demande déjà signalée")
    for name in ("accept", "finish", "close"):
        move(request_id=known.pk, name=name, actor=None, now=NOW)
    work()
    work()
    told = [(each["X-Envelope-To"], each["Subject"]) for each in letterbox.letters[1:]]
    closed = sorted(to for to, subject in told if "– close :" in subject)
    assert closed == sorted(["lemoine@example.org", known.requester.email])
    assert len(told) == 6
    page.reload()
    expect(page.locator(".tracking__steps .is-current")).to_contain_text("Close")


def test_the_choice_is_undone_and_survives_errors_drafts_and_a_moved_pin(intake, known):
    page = intake
    page.troubles.expect("422")
    beside(page, known)
    box(page, known).focus()
    page.keyboard.press("Space")
    expect(box(page, known)).to_be_checked()
    page.keyboard.press("Space")
    expect(box(page, known)).not_to_be_checked()
    assert page.locator("[name=duplicate_of]").input_value() == ""
    page.keyboard.press("Space")

    field(page, "Courriel").fill("lemoine chez example")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[aria-invalid=true]")
    settled(page)
    expect(box(page, known)).to_be_checked()

    field(page, "Courriel").fill("lemoine@example.org")
    open_intake(page)
    expect(box(page, known)).to_be_checked()

    beside(page, known, metres=400)
    expect(box(page, known)).to_be_checked()
    log(page)
    assert latest().duplicate_of == known


def test_the_distance_is_chosen_and_remembered(intake, known):
    page = intake
    beside(page, known, metres=80)
    expect(row(page, known)).to_have_count(0)
    page.get_by_role("radio", name="50", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(row(page, known)).to_be_visible()
    expect(page.get_by_role("radio", name="100")).to_be_focused()
    page.evaluate("sessionStorage.clear()")
    open_intake(page)
    beside(page, known, metres=80)
    expect(page.get_by_role("radio", name="100")).to_be_checked()
    expect(row(page, known)).to_be_visible()


def test_a_row_lights_its_number_on_the_map_and_the_other_way_round(intake, known):
    page = intake
    beside(page, known)
    map_settled(page)
    number = row(page, known).locator(".map-number").inner_text()
    on_map = page.locator(".map-frame .map-number", has_text=re.compile(f"^{number}$"))
    row(page, known).hover()
    expect(on_map).to_have_class(re.compile("is-lit"))
    page.mouse.move(5, 5)
    expect(on_map).not_to_have_class(re.compile("is-lit"))
    box(page, known).focus()
    expect(on_map).to_have_class(re.compile("is-lit"))
    before = page.locator("[name=geometry]").input_value()
    on_map.hover()
    expect(row(page, known)).to_have_class(re.compile("is-lit"))
    on_map.click()
    expect(box(page, known)).to_be_focused()
    assert page.locator("[name=geometry]").input_value() == before


def test_without_javascript_the_box_joins_too(known, browser, live_server, signed_in):
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    signed_in(page, "agent")
    page.goto("/demandes/nouvelle/")
    place = known.geom.centroid.transform(WGS84, clone=True)
    page.get_by_label("Où ?").fill(f"{place.y:.6f}, {place.x:.6f}")
    page.get_by_label("Quoi ?").select_option(known.category.code)
    page.get_by_role("button", name="Voir qui répond").click()
    box(page, known).check()
    page.get_by_role("button", name="Enregistrer la demande").click()
    if "recue" not in page.url:
        page.locator("[name=candidate]").first.check()
        page.get_by_role("button", name="Enregistrer la demande").click()
    page.wait_for_url("**/recue/")
    assert latest().duplicate_of == known
    context.close()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_it_is_accessible_and_pictured(intake, known, axe, screenshot, viewport):
    page = intake
    beside(page, known)
    page.get_by_role("radio", name="250").check()
    expect(page.locator(".nearby__row")).not_to_have_count(1)
    row(page, known).get_by_text("Même problème").click()
    expect(box(page, known)).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".nearby").scroll_into_view_if_needed()
    axe(page)
    screenshot(page, "intake-nearby")
    field(page, "Courriel").fill("lemoine@example.org")
    log(page)
    axe(page)
    screenshot(page, "received-joined")
