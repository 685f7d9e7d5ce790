"""Publishing a version whose zones change hands: what is announced, followed, told, and taken back."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gisplatform import sql
from interventions.requests.models import ServiceRequest
from interventions.rerouting import services
from interventions.rerouting.models import Rerouting
from layers.models import Layer, LayerVersion, Zone
from tests.letterbox import work
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
ADDRESS = "/couches/communes/versions/2/"
SWAPPED = ("14118", "14437")


@pytest.fixture
def analyst(page, demo_db, signed_in):
    """A second version of the communes waits, in which two of them have each other's place."""
    layer = Layer.objects.get(code="communes")
    draft = LayerVersion.objects.create(layer=layer, number=2, imported_at=timezone.now(), file_name="communes.geojson")
    copied = {"from_id": layer.versions.get(number=1).pk, "to_id": draft.pk}
    sql.rows(sql.load("layers", "copy_zones"), copied)
    one, other = (Zone.objects.get(version=draft, code=code) for code in SWAPPED)
    one.code, other.code = other.code, one.code
    one.name, other.name = other.name, one.name
    one.save()
    other.save()
    signed_in(page, "analyste")
    return page


def departments() -> list[tuple[int, str | None]]:
    return list(ServiceRequest.objects.open().order_by("pk").values_list("pk", "department__code"))


def publish(page) -> None:
    page.goto(ADDRESS)
    reason = page.get_by_label("Pourquoi ses avertissements")
    page.get_by_role("button", name="Publier").click()
    page.wait_for_load_state()
    if reason.is_visible():
        reason.fill("Zones schématiques.")
        page.get_by_role("button", name="Publier").click()
    expect(page.locator(".notice--success")).to_contain_text("est en vigueur à partir du")


def test_the_page_follows_the_requests_and_tells_which_have_moved(analyst):
    before = departments()
    analyst.goto(ADDRESS)
    expect(analyst.locator(".publish")).to_contain_text("sont réexaminées en arrière-plan")
    analyst.troubles.expect("409")
    publish(analyst)
    expect(analyst.locator(".pass")).to_contain_text("vont être réexaminées…")
    work()
    expect(analyst.locator(".pass")).to_contain_text("ont changé de service")
    moved = [pk for (pk, code), (_pk, former) in zip(departments(), before, strict=True) if code != former]
    assert moved
    analyst.locator(".pass__said a").click()
    expect(analyst.locator("#main")).to_contain_text(f"{len(moved)} demandes")
    expect(analyst.get_by_label("Déplacées par les règles")).to_be_checked()
    analyst.goto("/couches/communes/versions/1/")
    analyst.get_by_role("button", name="Remettre en vigueur").click()
    analyst.wait_for_url("**/versions/3/")
    analyst.get_by_role("button", name="Publier").click()
    expect(analyst.locator(".pass")).to_be_visible()
    work()
    expect(analyst.locator(".pass")).to_contain_text("ont changé de service")
    assert departments() == before


@SIZES
def test_a_pass_looks_right(analyst, screenshot, axe, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 40)
    analyst.goto(ADDRESS)
    axe(analyst)
    analyst.troubles.expect("409")
    publish(analyst)
    rerouting = Rerouting.objects.get()
    for _ in range(2):
        services.step(rerouting_id=rerouting.pk, now=timezone.now())
    analyst.goto(ADDRESS)
    analyst.wait_for_selector(".pass progress")
    axe(analyst)
    screenshot(analyst, "rerouting-working")
    work()
    expect(analyst.locator(".pass")).to_contain_text("ont changé de service")
    axe(analyst)
    screenshot(analyst, "rerouting-ended")
    analyst.goto("/couches/reexamens/")
    axe(analyst)
    screenshot(analyst, "rerouting-list")
    analyst.goto(f"/couches/reexamens/{rerouting.pk}/")
    axe(analyst)
    screenshot(analyst, "rerouting-one")
