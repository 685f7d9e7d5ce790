"""Signing in and out, the way home, what is said when something goes wrong, and the keys of every page."""

import re

import pytest
from django.core.exceptions import BadRequest
from django.test import Client
from django.urls import path
from playwright.sync_api import expect

from gisplatform import pages, urls
from gisplatform.announcements import unended
from gisplatform.errors import OutsideTerritory
from gisplatform.models import SiteMessage
from tests.pages.conftest import DESK, PHONE

SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
browser = pytest.mark.browser


# --- Pages that go wrong on purpose, beside the real ones -----------------------------------------------


def failing(error: Exception):
    @pages.public
    def view(_request):
        raise error

    return view


urlpatterns = [
    path("abime/", failing(BadRequest())),
    path("casse/", failing(ZeroDivisionError())),
    path("hors/", failing(OutsideTerritory())),
    path("reserve/", pages.requires("manage_layers")(failing(AssertionError()))),
    *urls.urlpatterns,
]

WRONG = {
    "/abime/": (400, "Le serveur n’a pas compris"),
    "/reserve/": (403, "Cette page n’est pas ouverte à votre compte"),
    "/rien/": (404, "Il n’y a rien à cette adresse"),
    "/hors/": (422, "Ce lieu est hors du territoire"),
    "/casse/": (500, "Quelque chose s’est cassé de notre côté"),
}


@pytest.fixture
def wrong_pages(settings) -> None:
    settings.ROOT_URLCONF = __name__


# --- Signing in -----------------------------------------------------------------------------------------


@browser
@SIZES
def test_signing_in_leads_home_and_signing_out_back(page, town, sign_in, axe):
    # Nobody gave this account a role yet.
    town.person("contractor", username="prestataire").groups.clear()
    page.goto("/connexion/")
    axe(page)
    sign_in(page, "prestataire")
    assert page.get_by_role("heading", name="Aucune page n’est encore ouverte à votre compte").is_visible()
    axe(page)
    page.locator("summary").click()
    axe(page)
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/")


@browser
@SIZES
def test_a_wrong_password_is_told_plainly_and_the_name_stays(page, town, axe):
    town.person("agent")
    page.goto("/connexion/")
    page.get_by_label("Nom d’utilisateur").fill("agent")
    page.get_by_label("Mot de passe").fill("DEMO")
    page.get_by_role("button", name="Se connecter").click()
    sentence = page.get_by_role("alert").inner_text()
    assert sentence == "Ce nom et ce mot de passe ne vont pas ensemble. Vérifiez les majuscules, puis réessayez."
    assert page.get_by_label("Nom d’utilisateur").input_value() == "agent"
    assert page.get_by_label("Mot de passe").input_value() == ""
    axe(page)


@pytest.mark.parametrize(
    ("role", "home"), [("agent", "/demandes/nouvelle/"), ("technician", "/terrain/"), ("manager", "/pilotage/")]
)
def test_each_role_begins_at_its_own_place(client, town, role, home):
    client.force_login(town.person(role))
    assert client.get("/").headers["Location"] == home


def test_whoever_is_signed_in_already_goes_on(client, town):
    client.force_login(town.person("agent"))
    assert client.get("/connexion/?next=/demandes/").headers["Location"] == "/demandes/"


def test_pages_need_an_account_and_come_back_after_it(client, db):
    assert client.get("/").headers["Location"] == "/connexion/?next=/"


def test_a_link_does_not_sign_anybody_out(client, town):
    client.force_login(town.person("agent"))
    assert client.get("/deconnexion/").status_code == 405


def test_health_is_told_to_anybody(client, db):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok"}


# --- What goes wrong ------------------------------------------------------------------------------------


@browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@SIZES
def test_whatever_goes_wrong_is_told_in_french(open_page, viewport, dark, town, sign_in, axe, wrong_pages):
    town.person("contractor", username="prestataire")
    page = open_page(viewport, dark=dark)
    page.troubles.expect("Failed to load resource")  # what Chromium says of each page that answers 4xx or 5xx
    sign_in(page, "prestataire")
    for address, (status, sentence) in WRONG.items():
        answer = page.goto(address)
        assert answer.status == status
        said = page.locator("main").inner_text()
        assert sentence in said
        assert f"Erreur {status}" in said
        assert page.get_by_role("link", name="Revenir à l’accueil").get_attribute("href") == "/"
        axe(page)


def test_an_expired_form_says_what_is_kept(town):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/connexion/", {"username": "agent", "password": "demo"})
    assert answer.status_code == 403
    assert "Ce formulaire a expiré" in answer.content.decode()


@pytest.mark.parametrize("address", ["/connexion/", "/rien/", "/casse/"])
def test_no_page_may_run_what_is_not_ours(client, db, wrong_pages, address):
    client.raise_request_exception = False
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    html = answer.content.decode()
    assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", html)


# --- Keys -----------------------------------------------------------------------------------------------


@pytest.fixture
def at_the_list(page, town, signed_in):
    town.person("regulator", username="regulateur")
    signed_in(page, "regulateur")
    page.goto("/demandes/")
    return page


@browser
def test_slash_goes_to_the_search_and_escape_leaves_it(at_the_list):
    search = at_the_list.get_by_role("searchbox")
    at_the_list.keyboard.press("/")
    assert search.evaluate("field => field === document.activeElement")
    assert search.input_value() == ""
    at_the_list.keyboard.press("Escape")
    assert not search.evaluate("field => field === document.activeElement")


@browser
def test_a_letter_typed_in_a_field_is_a_letter(at_the_list):
    at_the_list.keyboard.press("/")
    at_the_list.keyboard.type("n?/")
    assert at_the_list.get_by_role("searchbox").input_value() == "n?/"
    assert "/nouvelle/" not in at_the_list.url


@browser
def test_n_opens_a_new_request(at_the_list):
    at_the_list.keyboard.press("n")
    at_the_list.wait_for_url("**/demandes/nouvelle/")


@browser
def test_question_mark_lists_the_keys_and_escape_closes_the_list(at_the_list, axe):
    listed = at_the_list.get_by_role("dialog", name="Raccourcis du clavier")
    at_the_list.keyboard.press("?")
    assert listed.is_visible()
    assert listed.locator("kbd").all_inner_texts()[:2] == ["/", "n"]
    axe(at_the_list)
    at_the_list.keyboard.press("n")
    assert listed.is_visible(), "keys of the page under the dialog must wait"
    at_the_list.keyboard.press("Escape")
    assert not listed.is_visible()


@browser
def test_the_first_tab_offers_to_skip_to_the_content(at_the_list):
    at_the_list.keyboard.press("Tab")
    skip = at_the_list.get_by_role("link", name="Aller au contenu")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    at_the_list.keyboard.press("Enter")
    assert at_the_list.evaluate("document.activeElement.id") == "main"


@browser
def test_the_account_menu_works_without_scripts(browser, live_server, town):
    town.person("contractor", username="prestataire")
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto("/connexion/")
    page.get_by_label("Nom d’utilisateur").fill("prestataire")
    page.get_by_label("Mot de passe").fill("demo")
    page.get_by_role("button", name="Se connecter").click()
    page.locator("summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/")
    context.close()


@browser
@SIZES
def test_screenshot_of_signing_in(page, town, screenshot):
    page.goto("/connexion/")
    screenshot(page, "sign-in")


@browser
@SIZES
def test_a_message_of_the_platform_stands_above_everything(page, demo_db, signed_in, screenshot, axe):
    SiteMessage.objects.create(
        text="La messagerie est en panne : les demandeurs seront prévenus avec retard.", kind="warning", everyone=True
    )
    unended.forget()
    page.goto("/connexion/")
    axe(page)
    signed_in(page, "regulateur")
    page.goto("/demandes/")
    message = page.get_by_role("region", name="Message de la plateforme")
    expect(message).to_be_visible()
    page.wait_for_selector("[data-map-ready=true]")
    axe(page)
    screenshot(page, "announcement")
    # The page below keeps its place: nothing is pushed out of the window.
    assert (
        page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1") or page.viewport_size["width"] < 600
    )
