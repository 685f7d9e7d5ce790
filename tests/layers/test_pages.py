"""The pages of layers: what they show, publish and export."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layers.models import Layer, LayerVersion, Zone
from tests.layers.browsing import errors, plain, send
from tests.layers.drafts import draft
from tests.layers.files import box, feature, geojson
from tests.town import NEW_YEAR, SQUARES

pytestmark = pytest.mark.usefixtures("still_clock")
DAY = datetime.timedelta(days=1)


# --- The catalogue -------------------------------------------------------------------------------------------------


def test_the_catalogue_tells_what_holds_and_what_comes(analyst, town):
    town.publish("market", {"MARKET": (0, 0, 100, 100)}, valid_from=timezone.localdate() + DAY)
    LayerVersion.objects.create(layer=town.layers["squares"], number=2, imported_at=timezone.now())
    rows = {row.code: row for row in analyst.get("/couches/").context["layers"]}
    squares, market = rows["squares"], rows["market"]
    assert (squares.number, squares.since, squares.zone_count, squares.area_m2) == (1, NEW_YEAR, 4, 6e6)
    assert (squares.draft_number, squares.next_number) == (2, None)
    assert (market.number, market.next_number, market.next_from) == (1, 2, timezone.localdate() + DAY)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "MARCHE"}, ["market"]),
        ({"q": "quart"}, ["squares"]),
        ({"state": "in_force"}, ["market", "squares"]),
        ({"state": "empty"}, ["later"]),
        ({"state": "retired"}, ["gone"]),
        ({"state": "coming"}, []),
        ({}, ["later", "market", "squares"]),
        ({"state": "nonsense"}, ["later", "market", "squares"]),
    ],
)
def test_the_catalogue_is_filtered_by_its_address(analyst, town, query, found):
    Layer.objects.create(code="later", name="Plus tard")
    Layer.objects.create(code="gone", name="Ancienne", retired_on=NEW_YEAR)
    assert sorted(row.code for row in analyst.get("/couches/", query).context["layers"]) == found


def test_the_catalogue_tells_where_layers_come_from_and_what_they_cover(analyst, town):
    analyst.user.first_name, analyst.user.last_name = "Ana", "Lyste"
    analyst.user.save()
    Layer.objects.filter(code="market").update(producer="Service des halles")
    version = draft(town, [("half", (0, 0, 1000, 2000)), ("bit", (1000, 0, 1500, 2000))])
    LayerVersion.objects.filter(pk=version.pk).update(imported_by=analyst.user)
    page = analyst.post("/couches/market/versions/2/publier/", {"valid_from": "2026-03-02", "reason": "marché"})
    assert page.status_code == 302
    (row,) = analyst.get("/couches/", {"q": "halles"}).context["layers"]
    assert (row.version_count, row.imported_by, row.covered_share) == (2, "Ana Lyste", 0.5)
    assert "50,0\N{NO-BREAK SPACE}%" in analyst.get("/couches/").content.decode()


def test_the_catalogue_costs_the_same_whatever_its_length(analyst, town):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            analyst.get("/couches/")
        return len(captured)

    few = cost()
    for number in range(30):
        town.layers[f"l{number}"] = Layer.objects.create(code=f"l{number}", name=f"Couche {number}")
        town.publish(f"l{number}", {"A": (0, 0, 10, 10)})
    assert cost() == few


def test_an_empty_catalogue_says_what_to_do(analyst, town, client):
    Zone.objects.all().delete()
    LayerVersion.objects.all().delete()
    Layer.objects.all().delete()
    assert 'href="/couches/importer/"' in plain(analyst.get("/couches/")).partition("Aucune couche pour")[2]
    client.force_login(town.person("agent"))
    assert "/couches/importer/" not in plain(client.get("/couches/"))


def test_layers_are_where_an_analyst_begins(analyst):
    assert analyst.get("/").url == "/couches/"


# --- One layer -----------------------------------------------------------------------------------------------------


def test_a_layer_shows_its_zones_its_versions_and_its_map(analyst, town):
    page = analyst.get("/couches/squares/")
    assert [(row.code, row.area_m2) for row in page.context["zones"]][:2] == [("ISLAND", 2e6), ("NORTH", 1e6)]
    assert "/tiles/squares/versions/1.json" in plain(page)
    assert "2,00\N{NO-BREAK SPACE}km²" in page.content.decode()
    west, south, east, north = map(float, page.context["zones"][1].box.split(","))
    assert west < east
    assert south < north
    assert [row.code for row in analyst.get("/couches/squares/", {"q": "nor"}).context["zones"]] == ["NORTH"]


def test_a_layer_costs_the_same_whatever_its_zones(analyst, town, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        analyst.get("/couches/squares/")
    town.publish("squares", {f"Z{n}": (n, 0, n + 1, 1) for n in range(60)}, valid_from=timezone.localdate())
    with django_assert_max_num_queries(12):
        assert len(analyst.get("/couches/squares/").context["zones"]) == 60


def test_who_reads_layers_is_offered_nothing_that_changes_them(client, town):
    client.force_login(town.person("agent"))
    for address in ("/couches/", "/couches/squares/", "/couches/squares/versions/1/"):
        page = plain(client.get(address))
        assert not [door for door in ("/couches/importer/", "/publier/", "/controler/") if door in page]


def test_the_tiles_of_a_draft_are_drawn(analyst, town):
    version = LayerVersion.objects.create(layer=town.layers["market"], number=2, imported_at=timezone.now())
    Zone.objects.create(version=version, code="X", name="X", geom=Zone.objects.get(code="MARKET").geom)
    assert analyst.get("/tiles/market/versions/2/0/0/0.mvt").content
    assert analyst.get("/tiles/market/versions/2.json").json()["layer_version"] == 2
    assert analyst.get("/tiles/market/versions/3.json").status_code == 404


# --- Publishing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def overlapping(analyst, tmp_path):
    file = geojson(
        tmp_path / "a.geojson", feature(box(0, 0, 100, 100), code="a"), feature(box(90, 0, 200, 100), code="b")
    )
    return send(analyst, file, layer="market").url


def test_warnings_ask_for_a_reason_in_place(analyst, overlapping):
    page = analyst.get(overlapping)
    assert [(each.kind, round(each.area_m2, 2)) for each in page.context["rows"]] == [("overlap", 1000.0)]
    today = timezone.localdate().isoformat()
    refused = analyst.post(f"{overlapping}publier/", {"valid_from": today, "reason": " "})
    assert refused.status_code == 409
    assert "donnez une raison" in errors(refused)["reason"]
    analyst.post(f"{overlapping}publier/", {"valid_from": today, "reason": "marché du vendredi"})
    published = LayerVersion.objects.get(layer__code="market", number=2)
    assert (published.status, published.report["publication"]["reason"]) == ("published", "marché du vendredi")
    assert "marché du vendredi" in plain(analyst.get(overlapping))


def test_errors_cannot_be_excused(analyst, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(box(0, 0, 9, 9), code="a"), feature(box(20, 0, 30, 9), code="a"))
    url = send(analyst, file, layer="market").url
    refused = analyst.post(f"{url}publier/", {"valid_from": timezone.localdate().isoformat(), "reason": "si"})
    assert "1 erreur" in errors(refused)["__all__"]
    assert LayerVersion.objects.get(layer__code="market", number=2).status == "draft"


def test_a_day_is_needed_and_published_twice_is_refused(analyst, overlapping):
    assert errors(analyst.post(f"{overlapping}publier/", {"valid_from": ""})) == {
        "valid_from": "Donnez le premier jour de mise en vigueur."
    }
    again = analyst.post("/couches/market/versions/1/publier/", {"valid_from": "2026-01-01"})
    assert again.status_code == 409
    assert "est déjà publiée" in again.content.decode()


def test_back_after_a_refused_publication_finds_what_was_typed(analyst, overlapping):
    analyst.post(f"{overlapping}publier/", {"valid_from": "2026-04-01", "reason": ""})
    assert 'value="2026-04-01"' in plain(analyst.get(overlapping))
    analyst.post(f"{overlapping}publier/", {"valid_from": "", "reason": "marché du vendredi"})
    page = plain(analyst.get(overlapping))
    assert "marché du vendredi" in page
    assert "marché du vendredi" not in plain(analyst.get("/couches/squares/versions/1/"))
    analyst.post(f"{overlapping}publier/", {"valid_from": "2026-04-01", "reason": "marché du vendredi"})
    assert "publication" not in analyst.session


@pytest.mark.parametrize("does", ["publier", "controler", "reprendre"])
def test_an_address_that_only_does_something_leads_back_to_its_page(analyst, overlapping, does):
    assert analyst.get(f"{overlapping}{does}/").url == overlapping


def test_a_version_may_be_checked_again(analyst, town):
    version = LayerVersion.objects.get(layer__code="squares", number=1)
    assert "Pas encore contrôlée" in plain(analyst.get("/couches/squares/versions/1/"))
    analyst.post("/couches/squares/versions/1/controler/")
    assert "Aucun défaut" in plain(analyst.get("/couches/squares/versions/1/"))
    assert not version.findings.exists()


# --- Export --------------------------------------------------------------------------------------------------------


def test_a_layer_is_exported_as_it_was_on_a_day(analyst, town):
    town.publish("squares", {"EAST": SQUARES["NORTH"]}, valid_from=timezone.localdate())
    assert analyst.get("/couches/squares/exporter/").status_code == 200

    def codes(**query):
        answer = analyst.get("/couches/squares/exporter/", {"as": "geojson", "crs": "4326", **query})
        return {each["properties"]["code"] for each in json.loads(b"".join(answer.streaming_content))["features"]}

    assert codes() == {"EAST"}
    assert codes(on=NEW_YEAR.isoformat()) == set(SQUARES)
    refused = analyst.get("/couches/squares/exporter/", {"as": "geojson", "crs": "4326", "on": "2020-01-01"})
    assert (refused.status_code, "choisissez-en un autre" in errors(refused)["on"]) == (400, True)


def test_a_layer_without_a_version_has_nothing_to_export(analyst):
    Layer.objects.create(code="later", name="Plus tard")
    assert "n’a pas encore de version" in plain(analyst.get("/couches/later/"))
    assert "Exporter" not in plain(analyst.get("/couches/later/"))
    assert "il n’y a rien à exporter" in plain(analyst.get("/couches/later/exporter/"))
    assert analyst.get("/couches/later/comparer/").status_code == 200
