"""One request through the hands of everybody: the caller's mail, the agent, those who decide, the company, the file."""

import json
import math
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from interventions.requests.models import ServiceRequest
from interventions.work.models import Intervention
from tests.letterbox import work
from tests.pages.conftest import PHONE
from tests.pages.intake.hands import choose_place, choose_subject, field, open_intake, settled

pytestmark = pytest.mark.browser


def counted(manager) -> int:
    """What the manager's page says was ever received."""
    manager.goto("/pilotage/?received_from=2000-01-01")
    return int(manager.locator(".figure--received .figure__value").inner_text())


def heat_around(manager, request: ServiceRequest) -> bytes:
    """The tile the manager's heatmap draws around a request where it tells single ones apart."""
    address = manager.locator("[data-overview-map]").get_attribute("data-heat")
    (template,) = manager.request.get(address).json()["tiles"]
    lon, lat = request.geom.transform(4326, clone=True).coords
    across = 2**14
    x = int((lon + 180) / 360 * across)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * across)
    tile = manager.request.get(template.format(z=14, x=x, y=y))
    assert tile.status == 200
    return tile.body()


def test_a_tag_is_reported_removed_and_counted(open_page, sign_in, demo_db, letterbox, live_server, settings, tmp_path):
    settings.PUBLIC_URL = live_server.url
    manager = open_page()
    sign_in(manager, "responsable")
    received = counted(manager)

    # A resident calls; the agent logs it while they wait.
    agent = open_page()
    sign_in(agent, "agent")
    open_intake(agent)
    choose_place(agent)
    choose_subject(agent, "tag sur mon mur", "Graffiti ou tag")
    settled(agent)
    field(agent, "Demandeur").fill("Zoé Lefèvre")
    field(agent, "Courriel").fill("zoe@example.org")
    agent.get_by_role("button", name="Enregistrer la demande").click()
    agent.wait_for_url("**/recue/")
    request = ServiceRequest.objects.latest("id")
    work()
    (letter,) = letterbox.letters
    link = re.search(r"/suivi/\S+", letter.get_body(("plain",)).get_content()).group()

    # The central technician accepts and entrusts it to the company.
    central = open_page()
    sign_in(central, "regulateur")
    central.goto(f"/regulation/?request={request.reference}")
    central.get_by_label("Exécutée par").select_option("effacage-normand")
    central.get_by_role("button", name="Accepter").click()
    expect(central.locator(".notice--success")).to_contain_text(request.reference)
    made = Intervention.objects.get(requests=request)

    # The company sees it once the manager has validated it.
    company = open_page(PHONE)
    sign_in(company, "prestataire")
    card = company.locator(f"#{made.reference}")
    expect(card).to_have_count(0)
    manager.goto("/interventions/")
    manager.locator(f"#{made.reference}").get_by_role("button", name="Valider").click()
    expect(manager.locator(".notice--success")).to_contain_text(made.reference)
    company.reload()

    # Done, with a photo, in the street.
    wall = tmp_path / "wall.jpg"
    Image.new("RGB", (640, 480), "grey").save(wall)
    card.get_by_role("button", name="Commencer").click()
    card.locator("summary", has_text="Terminer").click()
    card.get_by_label("Photo du travail fait").set_input_files(wall)
    card.get_by_label("Ce qui a été fait").fill("Mur nettoyé à l’eau chaude.")
    card.get_by_role("button", name="Enregistrer").click()
    expect(company.locator(".notice--success")).to_contain_text(made.reference)

    # The agent and the requester see it, and the requester was written to at each step.
    agent.goto(f"/demandes/{request.reference}/")
    expect(agent.locator(".request__head")).to_contain_text("Terminée")
    expect(agent.locator(".request__photos img")).to_have_count(1)
    expect(agent.locator(".timeline")).to_contain_text("Mur nettoyé à l’eau chaude.")
    work()
    assert "Mur nettoyé" in letterbox.letters[-1].get_body(("plain",)).get_content()
    assert {each["X-Envelope-To"] for each in letterbox.letters} == {"zoe@example.org"}
    assert len(letterbox.letters) == 5  # logged, accepted, planned, begun, done
    requester = open_page(PHONE)
    requester.goto(link)
    expect(requester.get_by_role("main")).to_contain_text("Mur nettoyé à l’eau chaude.")

    # The manager's figures count it, and the heat of the map is there.
    assert counted(manager) == received + 1
    assert request.reference.encode() in heat_around(manager, request)
    expect(manager.locator("[data-legend-heat]")).to_be_visible()

    # The analyst's file holds it, and nobody's name.
    analyst = open_page()
    sign_in(analyst, "analyste")
    analyst.goto("/demandes/exporter/?state=done")
    analyst.get_by_label("Format").select_option("geojson")
    with analyst.expect_download() as download:
        analyst.get_by_role("button", name="Télécharger").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert request.reference in {each["properties"]["reference"] for each in json.loads(text)["features"]}
    assert "Zoé" not in text
