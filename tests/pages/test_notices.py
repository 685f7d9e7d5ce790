"""The bell, the notification centre and its settings, in a browser: by mouse, by keys, on a telephone."""

import pytest
from playwright.sync_api import expect

from gisplatform.models import User
from interventions.noticing.models import NoticePreference, Notification
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def regulator(page, demo_db, signed_in):
    signed_in(page, "regulateur")
    return page


def unread(name: str) -> int:
    return Notification.objects.visible_to(User.objects.get(username=name)).unread().count()


@SIZES
def test_the_list_looks_right(regulator, screenshot, axe):
    regulator.goto("/notifications/")
    expect(regulator.locator(".notice-line").first).to_be_visible()
    axe(regulator)
    screenshot(regulator, "notices")


@SIZES
def test_the_settings_look_right_and_are_kept(page, demo_db, signed_in, screenshot, axe):
    signed_in(page, "regulateur")
    page.goto("/notifications/reglages/")
    axe(page)
    screenshot(page, "notice-settings")
    page.get_by_label("Demande à trier").select_option("Tout de suite, par mail")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".notice--success")).to_contain_text("Vos réglages sont enregistrés.")
    kept = NoticePreference.objects.get(person__username="regulateur", kind="to_sort")
    assert kept.how == "immediate"


def test_the_empty_centre_looks_right(page, demo_db, signed_in, axe):
    signed_in(page, "analyste")
    page.goto("/notifications/")
    expect(page.locator(".empty")).to_contain_text("Rien ne vous concerne encore")
    axe(page)


@SIZES
def test_the_company_has_its_own(page, demo_db, signed_in, screenshot, axe):
    signed_in(page, "prestataire")
    page.goto("/notifications/")
    axe(page)
    screenshot(page, "notices-company")


def test_by_keys_one_is_opened_and_the_bell_counts_one_less(regulator):
    before = unread("regulateur")
    assert 0 < before < 99
    regulator.goto("/notifications/?unread=1")
    bell = regulator.get_by_role("link", name=f"Notifications, {before} non lues")
    expect(bell).to_be_visible()
    regulator.locator(".notice-line a").first.focus()
    regulator.keyboard.press("Enter")
    regulator.wait_for_url("**/demandes/**")
    assert unread("regulateur") == before - 1
    expect(regulator.locator("[data-bell-count]")).to_have_text(str(before - 1))


def test_the_bell_hears_of_news_while_the_page_stays_open(regulator):
    regulator.goto("/notifications/")
    count = regulator.locator("[data-bell-count]")
    regulator.evaluate("document.dispatchEvent(new CustomEvent('live-notice', {detail: {unread: 41}}))")
    expect(count).to_have_text("41")
    Notification.objects.filter(person__username="regulateur").update(overtaken=True)
    regulator.evaluate("document.dispatchEvent(new CustomEvent('live-notice', {detail: {}}))")
    expect(count).to_be_hidden()
    expect(regulator.locator(".notice-line.is-unread")).to_have_count(0)
    expect(regulator.get_by_role("link", name="Notifications, aucune non lue")).to_be_visible()


def test_all_are_marked_as_read(regulator):
    regulator.goto("/notifications/")
    regulator.get_by_role("button", name="Tout marquer comme lu").click()
    expect(regulator.locator(".notice--success")).to_contain_text("Tout est marqué comme lu.")
    expect(regulator.locator("[data-bell-count]")).to_be_hidden()
    assert unread("regulateur") == 0
