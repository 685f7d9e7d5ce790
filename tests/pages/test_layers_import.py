"""A file of zones brought on the page: seen over the version in force, asked about, changed, then imported."""

import pytest
import shapely
from playwright.sync_api import expect

from layers.models import LayerVersion
from tests.layers.files import box, feature, geojson, vector, zipped
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
DRAWN = "[data-map-ready=true]"


@pytest.fixture
def analyst(page, demo_db, signed_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    signed_in(page, "analyste")
    return page


@pytest.fixture
def poles(tmp_path):
    """New outlines of the four pôles of Caen, one that crosses itself, and a point."""
    bow = [(-0.40, 49.16), (-0.37, 49.18), (-0.37, 49.16), (-0.40, 49.18), (-0.40, 49.16)]
    return geojson(
        tmp_path / "poles-2027.geojson",
        feature(shapely.box(-0.40, 49.18, -0.37, 49.21), code="nord-ouest", nom="Nord-Ouest", agents=12),
        feature(shapely.box(-0.37, 49.18, -0.34, 49.21), code="nord-est", nom="Nord-Est", agents=9),
        feature(shapely.box(-0.37, 49.16, -0.34, 49.18), code="rive-droite", nom="Rive droite", agents=7),
        feature(shapely.Polygon(bow), code="centre-sud-ouest", nom="Centre et Sud-Ouest", agents=15),
        feature(shapely.Point(-0.36, 49.18), code="P", nom="Un point"),
        crs=None,
    )


def bring(page, file, *, layer="", name="Secteurs"):
    page.goto("/couches/importer/")
    page.get_by_label("Fichier", exact=True).set_input_files(file)
    if layer:
        page.get_by_label("Couche", exact=True).select_option(layer)
    else:
        page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_role("button", name="Voir l’aperçu").click()
    page.wait_for_url("**/couches/importer/*/")


@SIZES
def test_the_import_page_looks_right(analyst, screenshot, axe):
    analyst.goto("/couches/importer/")
    axe(analyst)
    screenshot(analyst, "layers-import")


@SIZES
def test_a_preview_looks_right(analyst, poles, screenshot, axe):
    bring(analyst, poles, layer="poles")
    analyst.wait_for_selector(DRAWN)
    expect(analyst.locator(".preview__legend")).to_contain_text("la version en vigueur")
    expect(analyst.locator("#main")).to_contain_text("un GeoJSON sans « crs » est en degrés")
    axe(analyst)
    screenshot(analyst, "layers-preview")


@SIZES
def test_a_question_looks_right(analyst, tmp_path, screenshot, axe):
    square = [shapely.box(454_000, 6_903_000, 456_000, 6_905_000)]
    bring(analyst, zipped(tmp_path / "a.zip", vector(tmp_path / "secteurs.shp", square, None), without=(".prj",)))
    analyst.wait_for_selector(DRAWN)
    axe(analyst)
    screenshot(analyst, "layers-preview-question")


def test_what_the_file_leaves_open_is_answered_seen_and_imported(analyst, tmp_path):
    file = geojson(tmp_path / "metres.geojson", feature(box(0, 0, 900, 900), code="a"), crs=None)
    bring(analyst, file)
    expect(analyst.locator("[role=alert]")).to_contain_text("Il ressemble à EPSG:2154")
    expect(analyst.get_by_role("button", name="Importer")).to_have_count(0)
    analyst.get_by_label("Système de coordonnées").select_option("EPSG:2154")
    analyst.get_by_role("button", name="Revoir l’aperçu").click()
    expect(analyst.locator("#main")).to_contain_text("1 zone prise")
    assert not LayerVersion.objects.filter(layer__name="Secteurs").exists()
    analyst.get_by_role("button", name="Importer").click()
    analyst.wait_for_url("**/couches/secteurs/versions/1/")


@SIZES
def test_a_choice_of_layers_fits_its_screen(analyst, tmp_path, axe):
    file = vector(tmp_path / "couches.gpkg", [box(0, 0, 900, 900)], layer="communes_de_la_communaute_urbaine")
    vector(file, [shapely.box(-0.4, 49.1, -0.3, 49.2)], "EPSG:4326", layer="secteurs_de_collecte", append=True)
    bring(analyst, file)
    axe(analyst)
    choice = analyst.get_by_label("Couche du fichier")
    choice.select_option("secteurs_de_collecte")
    place = choice.bounding_box()
    assert place["x"] + place["width"] <= analyst.viewport_size["width"]
    analyst.get_by_role("button", name="Revoir l’aperçu").click()
    expect(analyst.locator("tr[aria-current]")).to_contain_text("secteurs_de_collecte")
    scrolled = analyst.evaluate(
        "document.querySelector('.layer').scrollWidth - document.querySelector('.layer').clientWidth"
    )
    assert scrolled <= 0


def test_other_fields_are_chosen_and_nothing_typed_is_lost(analyst, poles):
    bring(analyst, poles, layer="poles")
    analyst.get_by_label("Champ des noms").select_option("code")
    analyst.get_by_text("La couche", exact=False).first.click()
    analyst.get_by_label("Source", exact=True).fill("Arrêté du 3 novembre")
    analyst.get_by_label("Prévue à partir du").fill("1960-01-01")
    analyst.troubles.expect("422")
    analyst.get_by_role("button", name="Importer").click()
    expect(analyst.locator(".field__error")).to_be_visible()
    expect(analyst.get_by_label("Champ des noms")).to_have_value("code")
    expect(analyst.get_by_label("Source", exact=True)).to_have_value("Arrêté du 3 novembre")
    analyst.get_by_label("Prévue à partir du").fill("2027-01-01")
    analyst.get_by_role("button", name="Importer").click()
    analyst.wait_for_url("**/couches/poles/versions/2/")
    version = LayerVersion.objects.get(layer__code="poles", number=2)
    assert (version.report["name_field"], version.layer.source) == ("code", "Arrêté du 3 novembre")


def test_the_preview_holds_without_scripts(browser, live_server, analyst, poles):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="fr-FR")
    context.add_cookies(analyst.context.cookies())
    page = context.new_page()
    bring(page, poles, layer="poles")
    expect(page.locator("#main")).to_contain_text("4 zones prises")
    page.get_by_role("button", name="Importer").click()
    page.wait_for_url("**/couches/poles/versions/2/")
    context.close()
