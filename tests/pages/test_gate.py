"""What the check of a version found, beside its map; the table of its zones; the limits of its layer."""

import pytest
import shapely
from playwright.sync_api import expect

from tests.layers.commands import run
from tests.layers.files import feature, geojson
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
DRAWN = "[data-map-ready=true]"
PAGE = "/couches/secteurs/versions/1/"


@pytest.fixture
def analyst(page, demo_db, signed_in, tmp_path):
    """Sectors of Caen that lie on each other, around a gap, with a sliver, one code twice; checked."""
    north = shapely.box(-0.40, 49.185, -0.34, 49.20).difference(shapely.box(-0.38, 49.19, -0.375, 49.193))
    zones = {
        "OUEST": ("Secteur ouest", "lundi", shapely.box(-0.40, 49.17, -0.37, 49.185)),
        "EST": ("Secteur est", "mardi", shapely.box(-0.371, 49.17, -0.34, 49.185)),
        "NORD": ("Secteur nord", "jeudi", shapely.union_all([north, shapely.box(-0.335, 49.18, -0.33499, 49.185)])),
    }
    shapes = [feature(shape, code=code, nom=name, jour=day) for code, (name, day, shape) in zones.items()]
    shapes.append(feature(shapely.box(-0.34, 49.17, -0.335, 49.175), code="EST", nom="Annexe", jour="mardi"))
    run(
        "import_layer",
        geojson(tmp_path / "s.geojson", *shapes, crs=None),
        layer="secteurs",
        name="Secteurs de collecte",
    )
    run("check_layer", "secteurs")
    signed_in(page, "analyste")
    return page


@SIZES
def test_findings_look_right_and_lead_to_their_place(analyst, screenshot, axe):
    analyst.goto(f"{PAGE}constats/")
    analyst.wait_for_selector(DRAWN)
    expect(analyst.locator("[data-finding]")).to_have_count(4)
    screenshot(analyst, "layers-findings")
    analyst.get_by_role("button", name="lamelle").click()
    expect(analyst.locator("tr[aria-selected=true]")).to_contain_text("NORD")
    analyst.wait_for_selector(DRAWN)
    # On a telephone the map lies above the list: what is looked at comes into sight.
    expect(analyst.locator("[data-map-canvas]")).to_be_in_viewport(ratio=0.8)
    axe(analyst)
    screenshot(analyst, "layers-finding")


def test_findings_are_chosen_on_the_map_and_by_their_kind(analyst):
    analyst.goto(f"{PAGE}constats/")
    analyst.get_by_role("link", name="trou").click()
    expect(analyst.locator("[data-finding]")).to_have_count(1)
    expect(analyst).to_have_url(f"{PAGE}constats/?kind=gap")
    analyst.wait_for_selector(DRAWN)
    analyst.get_by_role("button", name="trou").click()
    analyst.wait_for_selector(DRAWN)
    analyst.reload()
    analyst.wait_for_selector(DRAWN)
    analyst.get_by_role("button", name="trou").click()
    analyst.wait_for_selector(DRAWN)
    canvas = analyst.locator("[data-map-canvas]").bounding_box()
    row = analyst.locator("[data-finding]")
    row.evaluate("row => row.removeAttribute('aria-selected')")
    analyst.mouse.click(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2)
    expect(row).to_have_attribute("aria-selected", "true")
    with analyst.expect_download() as download:
        analyst.get_by_role("link", name="Contours (GeoJSON)").click()
    assert download.value.suggested_filename == "secteurs-1-gap.geojson"


@SIZES
def test_a_version_with_findings_looks_right(analyst, screenshot, axe):
    analyst.goto(PAGE)
    analyst.wait_for_selector(DRAWN)
    axe(analyst)
    screenshot(analyst, "layers-version-findings")


@SIZES
def test_the_table_of_zones_looks_right(analyst, screenshot, axe):
    analyst.goto("/couches/collecte/versions/1/zones/")
    axe(analyst)
    screenshot(analyst, "layers-attributes")


def test_zones_are_found_by_any_word_of_their_row(analyst):
    analyst.goto(f"{PAGE}zones/")
    analyst.get_by_label("Chercher dans les zones").fill("jeudi")
    analyst.keyboard.press("Enter")
    expect(analyst).to_have_url(f"{PAGE}zones/?q=jeudi")
    expect(analyst.locator("tbody tr")).to_have_count(1)
    analyst.get_by_role("link", name="NORD").click()
    expect(analyst.locator("[data-zone]")).to_have_count(1)


@SIZES
def test_limits_are_changed_on_the_page_of_the_layer(analyst, screenshot, axe):
    analyst.goto("/couches/secteurs/")
    analyst.wait_for_selector(DRAWN)
    analyst.get_by_text("Réglages de la couche").click()
    analyst.get_by_label("les recouvrements sont admis").check()
    axe(analyst)
    screenshot(analyst, "layers-limits")
    analyst.get_by_role("button", name="Enregistrer").click()
    expect(analyst.locator(".notice--success")).to_contain_text("Le prochain contrôle suivra ces limites")
    analyst.goto(f"{PAGE}constats/")
    expect(analyst.locator("#main")).to_contain_text("d’autres limites")
