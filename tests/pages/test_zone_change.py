"""A border of the zones moves: a file becomes a version, is looked at, tried and published; requests follow."""

import json
from uuid import uuid4

import pytest
import shapely
from django.contrib.gis.geos import Point
from django.utils import timezone
from playwright.sync_api import expect

from gisplatform.geo import STORAGE_SRID
from gisplatform.models import User
from interventions.glossary.models import Category
from interventions.requests.models import ServiceRequest
from interventions.requests.services import submit
from tests.letterbox import work

pytestmark = pytest.mark.browser
DRAWN = "[data-map-ready=true]"
SUBJECT = "boite-a-livres"  # each hub's own, quarter by quarter
FROM, TO = "universite", "centre-ancien"
DEEP = 0.002  # degrees of latitude that change hands, some 200 m


@pytest.fixture
def given(settings) -> shapely.Geometry:
    """The ground on which one quarter becomes the other."""
    zones = quarters(settings)
    middle = shapely.line_interpolate_point(shapely.line_merge(zones[FROM] & zones[TO]), 0.5, normalized=True)
    return zones[FROM] & middle.buffer(DEEP)


@pytest.fixture
def redrawn(settings, given, tmp_path):
    """The quarters of the demo with that ground changed, and a hole that nobody meant in a third one."""
    hole = shapely.set_precision(quarters(settings)["venoix"].representative_point().buffer(0.0002), 1e-7)
    content = json.loads((settings.BASE_DIR / "fixtures/quartiers.geojson").read_text())
    for feature in content["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        changed = {FROM: shape - given, TO: shape | given, "venoix": shape - hole}
        feature["geometry"] = shapely.geometry.mapping(changed.get(feature["properties"]["code"], shape))
    file = tmp_path / "quartiers-2027.geojson"
    file.write_text(json.dumps(content))
    return file


def quarters(settings) -> dict[str, shapely.Geometry]:
    content = json.loads((settings.BASE_DIR / "fixtures/quartiers.geojson").read_text())
    return {each["properties"]["code"]: shapely.geometry.shape(each["geometry"]) for each in content["features"]}


def logged(place: shapely.Point) -> ServiceRequest:
    """A resident calls about the book box that stands there."""
    return submit(
        author=User.objects.get(username="agent"), category=Category.objects.get(code=SUBJECT),
        geom=Point(place.x, place.y, srid=4326).transform(STORAGE_SRID, clone=True), channel="phone", key=uuid4(),
        now=timezone.now(),
    )  # fmt: skip


def test_a_moved_border_from_the_file_to_the_department_that_answers(
    open_page, demo_db, letterbox, signed_in, given, redrawn, settings, tmp_path, screenshot
):
    place = given.representative_point()
    before = logged(place)
    assert before.department.code == "pole-nord-est"
    analyst = open_page()
    settings.MEDIA_ROOT = tmp_path / "media"
    signed_in(analyst, "analyste")

    # What the file would become is seen before anything is stored.
    analyst.goto("/couches/importer/?layer=quartiers")
    analyst.get_by_label("Fichier", exact=True).set_input_files(redrawn)
    analyst.get_by_role("button", name="Voir l’aperçu").click()
    analyst.wait_for_url("**/couches/importer/*/")
    expect(analyst.locator("#main")).to_contain_text("24 zones")
    analyst.wait_for_selector(DRAWN)
    screenshot(analyst, "zone-change-preview")
    analyst.get_by_role("button", name="Importer").click()
    analyst.wait_for_url("**/couches/quartiers/versions/2/")

    # Its faults.
    findings = analyst.get_by_role("region", name="Contrôle")
    expect(findings).to_contain_text("trou")

    # What it would change.
    analyst.get_by_role("link", name="Qu’est-ce que cela changerait ?").click()
    analyst.get_by_role("button", name="Lancer l’essai").click()
    expect(analyst.locator("#main")).to_contain_text(before.reference)
    expect(analyst.locator("#main")).to_contain_text("Pôle de vie Centre et Sud-Ouest")
    analyst.wait_for_selector(DRAWN)
    screenshot(analyst, "zone-change-what-if")

    # It is put in force, with the reason why its fault is accepted; the open requests follow.
    analyst.goto("/couches/quartiers/versions/2/")
    analyst.get_by_label("Pourquoi ses avertissements").fill("Le trou est un étang.")
    analyst.get_by_role("button", name="Publier").click()
    expect(analyst.locator(".notice--success")).to_contain_text("est en vigueur")
    work()
    expect(analyst.locator(".pass")).to_contain_text("changé de service")
    before.refresh_from_db()
    assert before.department.code == "pole-centre-sud-ouest"
    screenshot(analyst, "zone-change-published")
    analyst.goto(f"/demandes/{before.reference}/")
    expect(analyst.locator("#main")).to_contain_text("version 2")

    # And so does who calls tomorrow.
    assert logged(place).department.code == "pole-centre-sud-ouest"
