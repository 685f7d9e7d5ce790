"""What a draft would move, as the analyst reads it: from whom to whom, the list, the map."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone
from playwright.sync_api import expect

from gisplatform.models import User
from interventions.simulating.models import Simulation
from layers.models import Layer, LayerVersion, Zone
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
DRAWN = "[data-map-ready=true]"


@pytest.fixture
def draft(demo_db) -> LayerVersion:
    """The communes of the demo; Mondeville has taken the east of Caen."""
    zones = list(Zone.objects.filter(version__layer__code="communes"))
    caen = next(zone.geom for zone in zones if zone.code == "14118")
    west, south, east, north = caen.extent
    taken = caen.intersection(Polygon.from_bbox((west + 0.65 * (east - west), south, east, north)))
    shapes = {"14118": lambda geom: geom.difference(taken), "14437": lambda geom: geom.union(taken)}
    draft = LayerVersion.objects.create(layer=Layer.objects.get(code="communes"), number=2, imported_at=timezone.now())
    for zone in zones:
        shape = shapes.get(zone.code, lambda geom: geom)(zone.geom)
        whole = shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=shape.srid)
        Zone.objects.create(version=draft, code=zone.code, name=zone.name, geom=whole)
    return draft


@pytest.fixture
def analyst(page, draft, signed_in):
    signed_in(page, "analyste")
    page.goto("/couches/communes/versions/2/")
    return page


@SIZES
def test_from_a_draft_to_the_requests_it_would_move(analyst, screenshot, axe):
    analyst.get_by_role("link", name="Qu’est-ce que cela changerait ?").click()
    axe(analyst)
    screenshot(analyst, "simulation-ask")
    analyst.get_by_label("Demandes rejouées").select_option("12")
    analyst.get_by_role("button", name="Lancer l’essai").click()
    analyst.wait_for_selector(DRAWN)
    axe(analyst)
    screenshot(analyst, "simulation")
    number = analyst.get_by_role("table").first.locator("tbody a").first
    count = number.inner_text()
    number.click()
    expect(analyst.get_by_role("heading", name=f"{count} demande")).to_be_visible()
    analyst.wait_for_selector(DRAWN)
    axe(analyst)
    screenshot(analyst, "simulation-moves")


@SIZES
def test_a_large_one_says_how_far_it_is(analyst, draft, screenshot, axe):
    today = timezone.localdate()
    under_way = Simulation.objects.create(
        version=draft, day=today, rules_of=today, state="working", total=1_000_000, done=400_000,
        created_at=timezone.now(), requested_by=User.objects.get(username="analyste"),
    )  # fmt: skip
    analyst.goto(f"/couches/essais/{under_way.pk}/")
    expect(analyst.get_by_text("Essai en cours")).to_be_visible()
    axe(analyst)
    screenshot(analyst, "simulation-progress")
    Simulation.objects.update(state="ready", done=1_000_000)
    expect(analyst.get_by_role("heading", name="Aucune demande ici")).to_be_visible()


@SIZES
def test_a_rule_is_tried_before_it_is_saved(page, demo_db, signed_in, screenshot):
    signed_in(page, "admin")
    page.goto("/admin/interventions/routingrule/")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_label("Priorité").fill("1")
    button = page.get_by_role("button", name="Qu’est-ce que cela changerait ?")
    button.scroll_into_view_if_needed()
    screenshot(page, "simulation-rule")
    button.click()
    expect(page.get_by_role("heading", name="Ce que changerait la règle «")).to_be_visible()
    page.wait_for_selector(DRAWN)
