"""The administration in a real browser: under our policy, at both sizes, by mouse and keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from gisplatform.models import Authority, Department, User
from interventions.glossary.models import Category, Family
from interventions.routing.models import RoutingRule
from layers.models import Layer
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

LISTS = ["gisplatform/user", "gisplatform/department", "gisplatform/authority", "gisplatform/token", "layers/layer",
         "gisplatform/sitemessage", "basemaps/basemap", "interventions/family", "interventions/category",
         "interventions/routingrule"]  # fmt: skip


@pytest.fixture
def boss(town) -> User:
    town.rule("cleaners", zones=("WEST", "NORTH"))
    town.person("regulator")
    return User.objects.create_superuser(
        "admin", password="demo", first_name="Denis", department=town.department("desk")
    )


def rows() -> list:
    """One row of each list that a town has."""
    kinds = (User, Department, Authority, Layer, Family, Category, RoutingRule)
    return [kind.objects.earliest("pk") for kind in kinds]


def choose(page: Page, field: str, words: str) -> None:
    """In a list that searches: open it, type, take the one found."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").fill(words)
    page.locator(".select2-results__option--highlighted", has_text=re.compile(words, re.IGNORECASE)).click()


def test_a_routing_rule_is_added_from_the_door_to_the_list(page, town, boss):
    page.goto("/admin/")
    page.get_by_label("Nom d’utilisateur").fill("admin")
    page.get_by_label("Mot de passe").fill("demo")
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/admin/")
    page.get_by_role("row", name="Règles d’aiguillage").get_by_role("link", name="Ajouter").click()
    page.get_by_label("Nom :").fill("Corbeilles × quartiers")
    choose(page, "category", "corb")
    choose(page, "layer", "quartiers")
    page.get_by_label("Zones :").fill("WEST, EAST")
    choose(page, "department", "clean")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".field-zone_codes .errorlist")).to_contain_text("n’a pas de zone EAST")
    page.get_by_label("Zones :").fill("WEST, SOUTH")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("Corbeilles × quartiers")
    rule = RoutingRule.objects.get(name="Corbeilles × quartiers")
    assert (rule.category, rule.zone_codes) == (town.categories["bins"], ["WEST", "SOUTH"])


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_opens_under_the_policy_and_fits(page, boss, sign_in, axe, viewport):
    sign_in(page, "admin")
    addresses = ["/admin/", "/admin/password_change/", f"/admin/gisplatform/user/{boss.pk}/password/"]
    addresses += [f"/admin/{each._meta.label_lower.replace('.', '/')}/{each.pk}/change/" for each in rows()]
    for name in LISTS:
        addresses += [f"/admin/{name}/", f"/admin/{name}/add/"]
    for address in addresses:
        page.goto(address)
        assert page.locator("#site-name").inner_text() == "gisplatform · Administration"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"
        content = page.locator("#content").bounding_box()
        assert content is not None
        assert content["width"] > viewport[0] * (0.95 if viewport == PHONE else 0.4), address
        axe(page)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_it_looks_right(page, demo_db, signed_in, screenshot):
    signed_in(page, "admin")
    page.goto("/admin/interventions/routingrule/")
    screenshot(page, "admin-rules")
    page.get_by_role("link", name="Affichage sauvage × pôles").click()
    page.locator("#id_zone_codes").wait_for()
    screenshot(page, "admin-rule")


def test_the_way_back_and_out(page, town, boss, signed_in):
    signed_in(page, "admin")
    page.goto("/admin/interventions/category/")
    page.get_by_role("link", name="Revenir à la plateforme").click()
    page.wait_for_url(lambda address: "/admin/" not in address)
    page.goto("/admin/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/")
