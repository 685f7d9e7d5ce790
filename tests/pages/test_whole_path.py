"""From a file to the other department: import, preview, findings, what-if, publication, and the request that moved."""

import json
from uuid import uuid4

import pytest
import shapely
from django.contrib.gis.db.models.functions import Transform
from django.utils import timezone
from playwright.sync_api import expect

from gisplatform.models import User
from interventions.requests.models import ServiceRequest
from interventions.requests.services import submit
from layers.models import Zone
from tests.layers.files import feature, geojson
from tests.letterbox import work

pytestmark = pytest.mark.browser
DRAWN = "[data-map-ready=true]"
CAEN, MONDEVILLE = "14118", "14437"
AROUND, HOLE = 0.0012, 0.0002  # degrees: some hundred metres, some hundred square metres


@pytest.fixture
def request_on_the_border(demo_db) -> ServiceRequest:
    """One that Caen's lighting has still to evaluate, with nothing ordered for it."""
    waiting = ServiceRequest.objects.filter(state="to_evaluate", department__code="eclairage-public")
    return waiting.with_position().earliest("pk")


@pytest.fixture
def communes(request_on_the_border, tmp_path):
    """The communes, as a file: Mondeville takes the request's surroundings from Caen, and between them lies a hole."""
    shapes = {
        zone.code: (zone.name, shapely.from_geojson(zone.placed.geojson))
        for zone in Zone.objects.filter(version__layer__code="communes").annotate(placed=Transform("geom", 4326))
    }
    lon, lat = request_on_the_border.position.coords
    taken = shapely.box(lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND)
    hole = shapely.box(lon + AROUND, lat, lon + AROUND + HOLE, lat + HOLE)
    shapes[CAEN] = (shapes[CAEN][0], shapes[CAEN][1] - taken - hole)
    shapes[MONDEVILLE] = (shapes[MONDEVILLE][0], shapes[MONDEVILLE][1] | taken)
    features = [feature(shape, code=code, nom=name) for code, (name, shape) in shapes.items()]
    file = geojson(tmp_path / "communes-2027.geojson", *features, crs=None)
    assert len(json.loads(file.read_text())["features"]) == len(shapes)
    return file


def test_from_a_file_to_the_department_that_answers_now(
    page, signed_in, communes, request_on_the_border, settings, tmp_path, demo_rows, screenshot, axe
):
    settings.MEDIA_ROOT = tmp_path / "media"
    signed_in(page, "analyste")
    # The file, seen before anything is stored.
    page.goto("/couches/importer/")
    page.get_by_label("Fichier", exact=True).set_input_files(communes)
    page.get_by_label("Couche", exact=True).select_option("communes")
    page.get_by_role("button", name="Voir l’aperçu").click()
    page.wait_for_url("**/couches/importer/*/")
    expect(page.locator("#main")).to_contain_text("zones prises")
    page.wait_for_selector(DRAWN)
    page.get_by_role("button", name="Importer").click()
    page.wait_for_url("**/couches/communes/versions/2/")
    # What does not fit: it was checked as it came in.
    page.goto("/couches/communes/versions/2/constats/")
    expect(page.get_by_role("link", name="trou")).to_be_visible()
    page.wait_for_selector(DRAWN)
    # What it would move.
    page.goto("/couches/communes/versions/2/")
    page.get_by_role("link", name="Qu’est-ce que cela changerait ?").click()
    page.get_by_role("button", name="Lancer l’essai").click()
    page.wait_for_selector(DRAWN)
    matrix = page.get_by_role("table").first
    expect(matrix).to_contain_text("Services techniques de Mondeville")
    foreseen = int(matrix.locator("tfoot td").last.inner_text())
    # In force, with the reason its warning asks for.
    page.goto("/couches/communes/versions/2/")
    page.get_by_label("Pourquoi ses avertissements").fill("Le trou est un étang, hors de toute commune.")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator(".notice--success")).to_contain_text("est en vigueur à partir du")
    work()
    expect(page.locator(".pass")).to_contain_text("changé de service")
    assert int(page.locator(".pass__said strong").inner_text()) == foreseen
    page.wait_for_selector(DRAWN)
    axe(page)
    screenshot(page, "whole-path-published")
    # The request now answered on the other side of the border.
    settings.MEDIA_ROOT = demo_rows.media  # where its photo lies
    page.goto(f"/demandes/{request_on_the_border.reference}/")
    expect(page.locator(".timeline")).to_contain_text("Confiée par les règles à : Services techniques de Mondeville")
    expect(page.locator(".timeline")).to_contain_text("Éclairage public → Services techniques de Mondeville")
    page.locator(".timeline li").last.scroll_into_view_if_needed()
    axe(page)
    screenshot(page, "whole-path-request")
    request_on_the_border.refresh_from_db()
    assert request_on_the_border.department.code == "services-techniques-mondeville"
    # And so is who calls about the same place from now on.
    called = submit(
        author=User.objects.get(username="agent"), category=request_on_the_border.category, channel="phone",
        geom=request_on_the_border.geom, key=uuid4(), now=timezone.now(),
    )  # fmt: skip
    assert called.department == request_on_the_border.department
