"""The analyst's pages: the catalogue, a layer, a version, and the way from a file to the map."""

import pyogrio
import pytest
from playwright.sync_api import expect

from layers import checking
from layers.models import Layer
from tests.layers.commands import run
from tests.layers.files import feature, geojson
from tests.letterbox import work
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
DRAWN = "[data-map-ready=true]"


@pytest.fixture
def analyst(page, demo_db, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    sign_in(page, "analyste")
    expect(page).to_have_url("/couches/")
    return page


@pytest.fixture
def sectors(tmp_path):
    """Two sectors of Caen in degrees that lie on each other, and a point."""
    import shapely

    return geojson(
        tmp_path / "secteurs.geojson",
        feature(shapely.box(-0.40, 49.17, -0.37, 49.20), code="OUEST", nom="Secteur ouest"),
        feature(shapely.box(-0.372, 49.17, -0.34, 49.20), code="EST", nom="Secteur est"),
        feature(shapely.Point(-0.36, 49.18), code="P", nom="Un point"),
        crs=None,
    )


@SIZES
def test_the_catalogue_looks_right(analyst, screenshot, axe):
    axe(analyst)
    screenshot(analyst, "layers")


@SIZES
def test_a_layer_looks_right(analyst, screenshot, axe):
    analyst.goto("/couches/poles/")
    analyst.wait_for_selector(DRAWN)
    axe(analyst)
    screenshot(analyst, "layers-layer")


@SIZES
def test_a_layer_is_taken_away_from_its_page(analyst, axe):
    analyst.goto("/couches/poles/")
    analyst.get_by_role("link", name="Exporter").click()
    axe(analyst)
    analyst.get_by_label("Format").select_option("fgb")
    analyst.get_by_label("Coordonnées").select_option("3949")
    with analyst.expect_download() as download:
        analyst.get_by_role("button", name="Télécharger").click()
    told = pyogrio.read_dataframe(download.value.path())
    assert told.crs.to_epsg() == 3949
    assert set(told["code"]) == {"nord-ouest", "nord-est", "rive-droite", "centre-sud-ouest"}


@SIZES
def test_a_version_to_publish_looks_right(analyst, sectors, screenshot, axe):
    bring(analyst, sectors)
    analyst.wait_for_selector(DRAWN)
    axe(analyst)
    screenshot(analyst, "layers-version")


@SIZES
def test_a_comparison_looks_right(analyst, tmp_path, screenshot, axe):
    import shapely

    before = [
        (shapely.box(-0.42, 49.16, -0.38, 49.20), "OUEST", "Secteur ouest"),
        (shapely.box(-0.38, 49.16, -0.34, 49.20), "EST", "Secteur est"),
        (shapely.box(-0.34, 49.16, -0.30, 49.20), "RIVE", "Secteur rive droite"),
    ]
    after = [
        (shapely.box(-0.42, 49.16, -0.37, 49.20), "OUEST", "Secteur ouest"),
        (shapely.box(-0.37, 49.16, -0.34, 49.20), "EST", "Secteur centre et est"),
        (shapely.box(-0.34, 49.18, -0.30, 49.20), "NORD", "Secteur rive nord"),
        (shapely.box(-0.34, 49.16, -0.30, 49.18), "SUD", "Secteur rive sud"),
    ]
    for number, zones in enumerate((before, after), 1):
        shapes = [feature(shape, code=code, nom=name) for shape, code, name in zones]
        run(
            "import_layer",
            geojson(tmp_path / f"{number}.geojson", *shapes, crs=None),
            layer="secteurs",
            name="Secteurs",
        )
    analyst.goto("/couches/secteurs/comparer/")
    analyst.wait_for_selector(DRAWN)
    expect(analyst.locator(".compare__counts")).to_contain_text("1 scission")
    analyst.get_by_role("button", name="Secteur est EST").first.click()
    analyst.wait_for_selector(DRAWN)
    # On a telephone the map lies above the list: what is looked at comes into sight.
    expect(analyst.locator("[data-map-canvas]")).to_be_in_viewport(ratio=0.8)
    axe(analyst)
    screenshot(analyst, "layers-compare")


def bring(page, file):
    page.goto("/couches/importer/")
    page.get_by_label("Fichier", exact=True).set_input_files(file)
    page.get_by_label("Nom", exact=True).fill("Secteurs de collecte")
    page.get_by_label("Source", exact=True).fill("Service déchets, 2026")
    page.get_by_role("button", name="Voir l’aperçu").click()
    page.wait_for_url("**/couches/importer/*/")
    page.wait_for_selector(DRAWN)  # taken sooner, its outlines would be asked for in vain
    page.get_by_role("button", name="Importer").click()
    page.wait_for_url("**/versions/1/")


@SIZES
def test_a_large_version_is_checked_while_one_looks_on(analyst, sectors, monkeypatch, screenshot, axe):
    monkeypatch.setattr(checking, "AT_ONCE", 1)
    bring(analyst, sectors)
    expect(analyst.get_by_text("Le contrôle va commencer…")).to_be_visible()
    analyst.wait_for_selector(DRAWN)
    axe(analyst)
    analyst.get_by_text("Le contrôle va commencer…").scroll_into_view_if_needed()
    screenshot(analyst, "layers-checking")
    analyst.get_by_label("En vigueur à partir du").fill("2031-05-06")
    place = analyst.evaluate("() => document.querySelector('#main').scrollTop + scrollY")
    work()
    expect(analyst.locator("[data-finding]")).to_have_count(1)
    expect(analyst.get_by_label("En vigueur à partir du")).to_have_value("2031-05-06")
    expect(analyst.get_by_label("Pourquoi ses avertissements")).to_be_visible()
    assert analyst.evaluate("() => document.querySelector('#main').scrollTop + scrollY") == place
    analyst.locator("[data-finding] [data-look]").click()
    expect(analyst.locator("[data-finding][aria-selected=true]")).to_be_visible()


def test_back_after_the_import_or_a_refusal_nothing_is_lost(analyst, sectors):
    bring(analyst, sectors)
    analyst.troubles.expect("409")
    analyst.get_by_label("En vigueur à partir du").fill("2031-05-06")
    analyst.get_by_role("button", name="Publier").click()
    expect(analyst.locator(".field__error")).to_contain_text("donnez une raison")
    analyst.get_by_role("link", name="Secteurs de collecte").first.click()
    analyst.wait_for_url("**/couches/secteurs-de-collecte/")
    analyst.go_back()
    expect(analyst.get_by_label("En vigueur à partir du")).to_have_value("2031-05-06")
    expect(analyst).to_have_url("/couches/secteurs-de-collecte/versions/1/")
    analyst.go_back()
    analyst.go_back()
    expect(analyst).to_have_url("/couches/secteurs-de-collecte/versions/1/")
    expect(analyst.locator("#messages")).to_contain_text("est déjà la version 1")


def test_a_layer_without_a_version_says_so_beside_a_map(analyst):
    Layer.objects.create(code="vide", name="Couche vide")
    analyst.goto("/couches/vide/")
    expect(analyst.get_by_role("heading", name="n’a pas encore de version")).to_be_visible()
    analyst.wait_for_selector(DRAWN)


def test_from_a_file_to_the_map(analyst, sectors):
    bring(analyst, sectors)
    expect(analyst.locator(".notice--success")).to_contain_text("La version 1 est là")
    expect(analyst.locator("#main")).to_contain_text("1 ligne refusée")
    analyst.troubles.expect("409")
    analyst.get_by_role("button", name="Publier").click()
    expect(analyst.locator(".field__error")).to_contain_text("donnez une raison")
    analyst.get_by_label("Pourquoi ses avertissements").fill("La rue de la limite est partagée.")
    analyst.get_by_role("button", name="Publier").click()
    expect(analyst.locator(".notice--success")).to_contain_text("est en vigueur à partir du")
    analyst.get_by_role("link", name="Secteurs de collecte").click()
    expect(analyst).to_have_url("/couches/secteurs-de-collecte/")
    analyst.wait_for_selector(DRAWN)
    analyst.get_by_role("button", name="Secteur ouest").click()
    expect(analyst.locator("tr[aria-selected=true]")).to_contain_text("OUEST")
    analyst.wait_for_selector(DRAWN)
    canvas = analyst.locator("[data-map-canvas]").bounding_box()
    hovered = analyst.locator("tr.is-hovered")
    for step in range(80):
        # A hand does not stop at once: the first move may come while the closer tiles are on their way.
        analyst.mouse.move(canvas["x"] + canvas["width"] / 2 + step, canvas["y"] + canvas["height"] / 2)
        if hovered.count():
            break
        analyst.wait_for_timeout(250)
    expect(hovered).to_contain_text("OUEST")
