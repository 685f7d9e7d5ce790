"""What the telephone asks the server for."""

import datetime
import json
import re

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from interventions.requests.field import queries, shell
from interventions.requests.models import ServiceRequest
from tests.machine import sent
from tests.town import FOUNTAIN, NOW, STALL, point


@pytest.fixture
def technician(town, client):
    town.rule("cleaning")
    person = town.person("technician")
    client.force_login(person)
    return person


def test_what_was_used_last_comes_first(town, technician):
    for code in ("bins", "graffiti", "bins"):
        town.request(author=technician, category=town.categories[code])
    town.request(author=town.person("agent", username="other"))
    assert queries.recent(technician, now=NOW) == ["bins", "graffiti"]
    assert queries.recent(technician, now=NOW + datetime.timedelta(days=365)) == []


def test_what_is_often_asked_for_around_is_offered(town, technician, client):
    town.rule("cleaning", category="bins")
    for code in ("graffiti", "bins", "bins"):
        town.request(STALL, category=town.categories[code])
    town.request(FOUNTAIN, category=town.categories["graffiti"], description="550 m away")
    town.request(FOUNTAIN, category=town.categories["graffiti"], description="550 m away")
    technician.department = town.departments["cleaning"]
    technician.save()
    assert queries.frequent_here(point(STALL), user=technician, now=NOW) == ["bins", "graffiti"]
    other = type(town.authority).objects.create(code="county", name="Comté")
    stranger = town.person("technician", username="stranger", department=None)
    stranger.department = town.department("roads", authority=other)
    assert queries.frequent_here(point(STALL), user=stranger, now=NOW) == []
    lon, lat = point(STALL).transform(4326, clone=True).coords
    ServiceRequest.objects.update(submitted_at=datetime.datetime.now(datetime.UTC))
    told = client.get("/terrain/types/", {"lon": lon, "lat": lat}).json()
    assert told == {"recent": [], "frequent": ["bins", "graffiti"]}


@pytest.mark.parametrize(
    "query", [{}, {"lon": "here"}, {"lon": "0"}, {"lon": "999", "lat": "0"}, {"lon": "nan", "lat": "0"}]
)
def test_without_a_place_nothing_is_frequent(town, technician, client, query):
    assert client.get("/terrain/types/", query).json() == {"recent": [], "frequent": []}


def test_the_list_of_captures_asks_as_little_for_thirty_as_for_one(town, technician, client, django_assert_num_queries):
    town.request(author=technician)
    client.get("/terrain/captures/")
    with django_assert_num_queries(3):
        client.get("/terrain/captures/")
    for _ in range(4):
        town.request(author=technician)
    with django_assert_num_queries(3):
        page = client.get("/terrain/captures/")
    assert page.content.decode().count("field-row__name") == 5


def test_the_ticket_says_whose_it_is(technician, client):
    told = client.get("/terrain/jeton/").json()
    assert told["user"] == technician.pk
    assert len(told["token"]) > 30


def test_it_can_be_installed(technician, client):
    page = client.get("/terrain/").content.decode()
    assert 'rel="manifest"' in page
    manifest = client.get("/terrain/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    told = json.loads(manifest.content)
    assert told["start_url"] == told["scope"] == "/terrain/"
    pictures = {each["sizes"]: each["src"] for each in told["icons"] if each["type"] == "image/png"}
    pictures["180x180"] = re.search(r'rel="apple-touch-icon"\s+href="([^"]+)"', page).group(1)
    assert pictures.keys() == {"180x180", "192x192", "512x512"}
    for sizes, address in pictures.items():
        with Image.open(finders.find(address.removeprefix("/static/"))) as picture:
            assert f"{picture.width}x{picture.height}" == sizes
    worker = client.get("/terrain/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")


def test_the_worker_is_another_when_what_it_keeps_is(monkeypatch):
    before = shell.worker()
    monkeypatch.setattr(shell, "files", lambda: ["/static/other.css"])
    assert shell.worker().splitlines()[1] != before.splitlines()[1]


def test_a_machine_says_how_the_place_was_found(town, machine):
    town.rule("cleaning")
    told = machine("technician").post(sent(place_source="corrected")).json()
    assert told["properties"]["place_source"] == "corrected"
    assert machine("agent").post(sent()).json()["properties"]["place_source"] is None
    assert machine("regulator").post(sent(place_source="guess")).status_code == 400
