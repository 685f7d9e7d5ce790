"""Backgrounds entered in the administration: offered at once, allowed by the pages' policy, refused when unsafe."""

import pytest
from django.test import Client
from django.urls import reverse

from basemaps.models import Basemap
from gisplatform.models import User

LIST = "/admin/basemaps/basemap/"
TILES = "https://tuiles.ville.example/ortho/{z}/{x}/{y}.jpg"


@pytest.fixture
def boss(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin", password="demo"))
    return client


def typed(**changed) -> dict[str, str]:
    fields = {"name": "Photo 2025", "tiles": TILES, "attribution": "© Ville", "max_zoom": "20", "position": "1"}
    return {**fields, **changed}


def names() -> list[str]:
    return [each["name"] for each in Client().get(reverse("map-style")).json()["metadata"]["basemaps"]]


def test_a_background_is_offered_as_soon_as_it_is_saved(boss):
    assert boss.post(f"{LIST}add/", typed(photograph="on")).status_code == 302
    assert names()[1:] == ["Photo 2025"]
    style = Client().get(reverse("map-style"), {"fond": "photo-2025"}).json()
    assert style["sources"]["online"]["tiles"] == [TILES]
    assert style["sources"]["online"]["maxzoom"] == 20
    assert style["layers"][1]["paint"] == {}
    policy = Client().get("/connexion/").headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https://tuiles.ville.example;" in f"{policy};"
    assert "script-src 'self' https" not in policy


def test_retired_it_is_offered_no_more(boss):
    boss.post(f"{LIST}add/", typed())
    boss.post(LIST, {"action": "retire", "_selected_action": [Basemap.objects.get().pk]})
    assert names()[1:] == []
    assert "tuiles.ville.example" not in Client().get("/connexion/").headers["Content-Security-Policy"]


def test_deleted_it_is_gone(boss):
    boss.post(f"{LIST}add/", typed())
    boss.post(f"{LIST}{Basemap.objects.get().pk}/delete/", {"post": "yes"})
    assert names()[1:] == []


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://tuiles.example/{z}/{x}/{y}.png", "https://"),
        ("https:///{z}/{x}/{y}.png", "un seul hôte"),
        ("https://{s}.tuiles.example/{z}/{x}/{y}.png", "un seul hôte"),
        ("https://a.example;script-src%20*/{z}/{x}/{y}.png", "un seul hôte"),
        ("https://me:secret@a.example/{z}/{x}/{y}.png", "un seul hôte"),
        ("https://a.example/{z}/{x}.png", "{y}"),
        ("https://[a/{z}/{x}/{y}.png", "adresse"),
    ],
)
def test_an_address_that_cannot_work_or_is_unsafe_is_refused_at_its_field(boss, address, sentence):
    page = boss.post(f"{LIST}add/", typed(tiles=address))
    assert page.status_code == 200
    (said,) = page.context["adminform"].form.errors["tiles"]
    assert sentence in said
    assert Basemap.objects.count() == 0


def test_a_code_of_the_platform_is_not_taken(boss):
    page = boss.post(f"{LIST}add/", typed(code="plan-ign"))
    assert "code" in page.context["adminform"].form.errors
