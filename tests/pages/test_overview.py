"""Figures for managers: as they look, the map both ways, the stand-alone file without network."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gisplatform.models import User
from interventions.measuring import queries
from interventions.requests.models import ServiceRequest
from tests.pages.conftest import DESK, PHONE, SCREENSHOTS

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
DRAWN = "[data-map-ready=true]"


@SIZES
def test_the_figures_look_right(page, demo_db, sign_in, screenshot, axe):
    sign_in(page, "responsable")
    expect(page).to_have_url("/pilotage/")
    page.locator("[data-legend]").wait_for()
    page.wait_for_selector(DRAWN)
    axe(page)
    screenshot(page, "overview")


@SIZES
def test_zones_take_the_shade_of_their_count(page, demo_db, signed_in, screenshot, axe):
    signed_in(page, "responsable")
    page.goto("/pilotage/?by=zone&layer=poles")
    page.get_by_role("button", name="Zones").click()
    expect(page.locator("[data-legend-zones] li").first).to_be_visible()
    page.wait_for_selector(DRAWN)
    axe(page)
    page.locator("[data-overview-map]").scroll_into_view_if_needed()
    screenshot(page, "overview-zones")


def test_the_map_follows_what_is_chosen(page, demo_db, sign_in):
    sign_in(page, "responsable")
    page.get_by_role("button", name="Zones").click()
    rows = page.locator("[data-legend-zones] li")
    expect(rows.first).to_be_visible()
    page.get_by_label("Décompte").select_option("late")
    late = queries.by_zone(
        ServiceRequest.objects.visible_to(User.objects.get(username="responsable")).filter(
            submitted_at__date__gt=timezone.localdate() - datetime.timedelta(days=30)
        ),
        layer="poles", on=timezone.localdate(), now=timezone.now(),
    )  # fmt: skip
    most = max(row.late for row in late if row.key)
    expect(rows.last).to_have_text(re.compile(rf"\b{most}\s*$"))
    expect(page.locator("[data-stand-alone]")).to_have_attribute("href", re.compile("measure=late"))
    page.get_by_role("button", name="Chaleur").click()
    expect(page.locator("[data-legend-heat]")).to_be_visible()
    expect(rows).to_have_count(0)


def test_the_stand_alone_map_opens_without_network(page, browser, demo_db, sign_in, tmp_path):
    sign_in(page, "responsable")
    page.locator("summary", has_text="Exporter").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="La carte, en un fichier").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.suffix == ".html"

    context = browser.new_context(offline=True, viewport={"width": DESK[0], "height": DESK[1]}, locale="fr-FR")
    alone = context.new_page()
    requested, said = [], []
    alone.on("request", lambda request: requested.append(request.url))
    alone.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    alone.on("pageerror", lambda error: said.append(str(error)))
    alone.goto(file.as_uri())
    expect(alone.locator("canvas.leaflet-heatmap-layer")).to_be_visible()
    alone.get_by_label("Demandes").check()
    expect(alone.get_by_role("heading", level=1)).to_contain_text("Demandes du")
    alone.screenshot(path=SCREENSHOTS / "overview-file-1366.png", animations="disabled")
    alone.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    alone.screenshot(path=SCREENSHOTS / "overview-file-390.png", animations="disabled")
    card, choice = (alone.locator(each).bounding_box() for each in (".card", ".leaflet-control-layers"))
    assert card["y"] + card["height"] < choice["y"]
    context.close()
    assert [url for url in requested if not url.startswith(("data:", "blob:"))] == [file.as_uri()]
    assert said == []


def test_each_figure_leads_to_the_requests_it_counts(page, demo_db, signed_in):
    signed_in(page, "responsable")
    page.goto("/pilotage/?received_from=2020-01-01")
    card = page.locator(".figure--late")
    value = int(card.locator(".figure__value").inner_text())
    assert value > 0
    card.click()
    expect(page.locator(".listed__count")).to_contain_text(re.compile(rf"^\s*{value}\b"))
