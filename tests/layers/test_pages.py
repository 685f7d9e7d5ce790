"""The pages of layers: what they show, what they take from a file, and that a version published there routes."""

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layers import uploads
from layers.models import Layer, LayerVersion, Zone
from tests.layers.drafts import draft
from tests.layers.files import box, feature, geojson, vector, zipped
from tests.town import FAR_AWAY, NEW_YEAR, SQUARES

pytestmark = pytest.mark.usefixtures("still_clock")
DAY = datetime.timedelta(days=1)
IMPORT = "/couches/importer/"


@pytest.fixture
def analyst(client, town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    client.user = town.person("analyst")
    client.force_login(client.user)
    return client


@pytest.fixture
def sectors(tmp_path):
    return geojson(
        tmp_path / "secteurs.geojson",
        feature(box(8000, 8000, 9500, 9500), code="a", nom="Alpha"),
        feature(box(9500, 8000, 11_000, 9500), code="b", nom="Bêta"),
    )


def send(client, *paths, **fields):
    files = {"upload": [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]} if paths else {}
    return client.post(IMPORT, {**files, "name": "Secteurs de collecte", **fields})


def plain(page):
    return " ".join(page.content.decode().split())


def errors(page):
    return {name: " ".join(found[0].split()) for name, found in page.context["form"].errors.items()}


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


# --- Import --------------------------------------------------------------------------------------------------------


def test_a_file_becomes_a_version_that_is_published_and_routes(analyst, town, sectors):
    town.layers["squares"].territory = False
    town.layers["squares"].save()
    page = send(analyst, sectors, source="Service déchets", licence="Licence Ouverte")
    assert page.url == "/couches/secteurs-de-collecte/versions/1/"
    told = analyst.get(page.url)
    assert "<strong>2</strong> zones prises" in plain(told)
    assert "Aucun défaut" in plain(told)
    layer = Layer.objects.get(code="secteurs-de-collecte")
    assert (layer.name, layer.source, layer.licence) == ("Secteurs de collecte", "Service déchets", "Licence Ouverte")
    town.layers["sectors"] = layer
    town.rule("collect", layer="sectors", zones=("a",))
    assert town.request(FAR_AWAY, now=timezone.now()).department is None
    done = analyst.post(f"{page.url}publier/", {"valid_from": timezone.localdate().isoformat()})
    assert done.url == page.url
    assert town.request(FAR_AWAY, now=timezone.now()).department == town.departments["collect"]
    assert LayerVersion.objects.get(layer=layer).imported_by == analyst.user


def test_a_new_version_of_a_layer_keeps_its_facts(analyst, town, sectors):
    page = send(analyst, sectors, layer="market", valid_from="2027-03-01")
    assert page.url == "/couches/market/versions/2/"
    assert Layer.objects.get(code="market").name == "marché"
    assert 'value="2027-03-01"' in plain(analyst.get(page.url))


def test_the_parts_of_a_shapefile_may_come_one_by_one(analyst, tmp_path):
    vector(tmp_path / "Secteurs.shp", [box(0, 0, 9, 9)])
    parts = [tmp_path / f"Secteurs.{suffix}" for suffix in ("dbf", "shp", "prj", "shx")]
    assert send(analyst, *parts).status_code == 302
    assert LayerVersion.objects.get(number=1, layer__code="secteurs-de-collecte").file_name == "Secteurs.shp"
    other = geojson(tmp_path / "autre.geojson", feature(box(0, 0, 9, 9), code="a"))
    assert "ne sont pas les parties" in errors(send(analyst, other, parts[1]))["upload"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 60, "« photo.png » est une image, pas une couche."),
        ("vide.geojson", b"", "« vide.geojson » est vide"),
        ("secteurs.dbf", b"\x03" * 90, "n’est qu’un morceau de Shapefile"),
        ("../../etc/passwd", b"root:x:0:0", "« passwd » n’est pas d’un format connu"),
    ],
    ids=["image", "empty", "piece", "path"],
)
def test_what_is_no_layer_is_said_at_the_file(analyst, name, content, sentence):
    page = analyst.post(IMPORT, {"upload": SimpleUploadedFile(name, content or b" "), "name": "Secteurs"})
    assert page.status_code == 422
    assert sentence in errors(page)["upload"]
    assert 'value="Secteurs"' in plain(page)
    assert not Layer.objects.filter(name="Secteurs").exists()


def test_a_missing_crs_is_asked_and_the_file_is_not(analyst, tmp_path):
    file = zipped(tmp_path / "a.zip", vector(tmp_path / "a.shp", [box(0, 0, 900, 900)], None), without=(".prj",))
    page = send(analyst, file, code="secteurs")
    assert errors(page) == {
        "crs": "Le fichier ne dit pas dans quel système de coordonnées il est."
        " Il ressemble à EPSG:2154 ; si c’est bien cela, indiquez-le."
    }
    assert page.context["form"].fields["crs"].widget.choices[1:] == [("EPSG:2154", "EPSG:2154")]
    again = send(analyst, kept=page.context["kept"].token, code="secteurs", crs="EPSG:2154")
    assert again.url == "/couches/secteurs/versions/1/"
    assert list((tmp_path / "media/imports").iterdir()) == []


def test_several_layers_in_a_file_are_offered(analyst, tmp_path):
    one, two = vector(tmp_path / "a_zone.shp", [box(0, 0, 9, 9)]), vector(tmp_path / "b_zone.shp", [box(0, 0, 9, 9)])
    page = send(analyst, zipped(tmp_path / "deux.zip", one, two))
    assert [code for code, _label in page.context["form"].fields["source_layer"].widget.choices[1:]] == [
        "a_zone", "b_zone",
    ]  # fmt: skip
    assert send(analyst, kept=page.context["kept"].token, source_layer="b_zone").status_code == 302


def test_fields_are_asked_in_place(analyst, sectors):
    assert errors(send(analyst, sectors, name="")) == {"name": "Donnez un nom à la nouvelle couche."}
    assert "déjà ce code" in errors(send(analyst, sectors, code="market"))["code"]
    assert "choisissez-en un autre" in errors(send(analyst, sectors, code="requests"))["code"]
    assert "« insee »" in errors(send(analyst, sectors, code_field="insee"))["code_field"]
    assert errors(send(analyst)) == {"upload": "Choisissez le fichier à importer."}


def test_a_kept_file_is_its_persons_and_for_an_hour(analyst, client, town, sectors, monkeypatch):
    token = send(analyst, sectors, name="").context["kept"].token
    client.force_login(town.person("analyst", username="other"))
    assert "n’est plus là" in errors(send(client, kept=token))["upload"]
    assert "n’est plus là" in errors(send(client, kept="../../etc"))["upload"]
    client.force_login(analyst.user)
    monkeypatch.setattr(uploads, "KEPT_FOR", datetime.timedelta(seconds=-1))
    assert "n’est plus là" in errors(send(client, kept=token))["upload"]


def test_a_file_too_large_is_refused(analyst, sectors, settings):
    settings.LAYER_MAX_BYTES = 100
    assert "trop lourd" in errors(send(analyst, sectors))["upload"]
    assert not (settings.MEDIA_ROOT / "imports").exists()


def test_what_was_refused_and_repaired_is_told(analyst, tmp_path):
    bow = {"type": "Polygon", "coordinates": [[[450000, 6900000], [450010, 6900010], [450010, 6900000],
                                               [450000, 6900010], [450000, 6900000]]]}  # fmt: skip
    file = geojson(tmp_path / "a.geojson", feature(box(50, 50, 90, 90), code="a"), feature(None, code="b"),
                   feature(bow, code="c"))  # fmt: skip
    page = analyst.get(send(analyst, file).url)
    assert page.context["report"]["refused"] == [{"line": 2, "reason": "pas de géométrie"}]
    assert "pas de géométrie" in plain(page)
    assert [each["line"] for each in page.context["report"]["repaired"]] == [3]


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
