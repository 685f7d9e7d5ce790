"""The offline background: its tiles, its style, its loading."""

import json

import pyogrio
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from basemaps import catalogue
from basemaps.loading import load_background
from basemaps.models import Landmark
from gisplatform.errors import PlatformError
from tests.layers.test_tiles import tile_at

TOWN = (500, 1500)


def url(tile):
    return reverse("tiles-background", args=tile)


def layers_of(body, tile, tmp_path):
    z, x, y = tile
    file = tmp_path / f"{z}-{x}-{y}.mvt"
    file.write_bytes(body)
    return {str(name): pyogrio.read_info(file, layer=name)["features"] for name, _type in pyogrio.list_layers(file)}


def test_a_tile_holds_a_layer_for_each_kind(client, background, tmp_path):
    tile = tile_at(TOWN, 13)
    answer = client.get(url(tile))
    assert answer.status_code == 200
    assert set(layers_of(answer.content, tile, tmp_path)) == {"street", "stop", "place", "green", "label"}


def test_small_streets_and_stops_enter_as_the_map_comes_closer(client, background, tmp_path):
    far, near = tile_at(TOWN, 10), tile_at(TOWN, 13)
    few = layers_of(client.get(url(far)).content, far, tmp_path)
    many = layers_of(client.get(url(near)).content, near, tmp_path)
    assert "stop" not in few
    assert 0 < few["street"] < many["street"]


def test_a_tile_is_public_kept_and_revalidated(client, background):
    [address] = client.get(reverse("tilejson-background")).json()["tiles"]
    tile = tile_at(TOWN, 13)
    named = client.get(address.replace("{z}/{x}/{y}", "/".join(map(str, tile))))
    assert named["Cache-Control"] == "public, max-age=3600"
    assert client.get(url(tile), headers={"If-None-Match": named["ETag"]}).status_code == 304
    assert client.get(url((1, 5, 5))).status_code == 404


def test_without_a_background_there_is_an_empty_one(client, db):
    document = client.get(reverse("tilejson-background")).json()
    assert "bounds" not in document
    assert document["schematic"] is False
    assert client.get(url((0, 0, 0))).content == b""


def test_the_style_needs_nothing_from_elsewhere(client, background):
    for theme in ("light", "dark"):
        style = client.get(reverse("map-style"), {"theme": theme}).json()
        assert not {"glyphs", "sprite"} & style.keys()
        assert style["sources"]["background"]["tiles"][0].startswith("http://testserver/tiles/background/")
        assert {layer.get("source", "background") for layer in style["layers"]} == {"background"}
        assert style["metadata"]["schematic"] is True
        assert len(style["metadata"]["bounds"]) == 4
        assert [basemap["light"] for basemap in style["metadata"]["basemaps"]] == ["/fonds/style.json?theme=light"]


def test_the_style_draws_only_what_tiles_hold(client, background):
    style = client.get(reverse("map-style")).json()
    offered = {layer["id"] for layer in client.get(reverse("tilejson-background")).json()["vector_layers"]}
    assert {layer["source-layer"] for layer in style["layers"] if "source-layer" in layer} <= offered
    names = [layer["id"] for layer in style["layers"]]
    assert len(names) == len(set(names))


def test_an_unknown_theme_or_background_is_not_found(client, db):
    assert client.get(reverse("map-style"), {"theme": "pink"}).status_code == 404
    assert client.get(reverse("map-style"), {"fond": "plan-ign"}).status_code == 404  # not chosen by the setting


def test_online_backgrounds_enter_by_setting_with_attribution_and_their_hosts(client, db, settings):
    settings.BASEMAPS = ["plan-ign", "osm-france"]
    style = client.get(reverse("map-style"), {"fond": "plan-ign"}).json()
    assert style["sources"]["online"]["attribution"] == "© IGN – Géoplateforme"
    [tiles] = style["sources"]["online"]["tiles"]
    assert "LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2" in tiles
    assert "TILEMATRIX={z}&TILEROW={y}&TILECOL={x}" in tiles
    assert style["metadata"]["schematic"] is False
    assert len(style["metadata"]["basemaps"]) == 3
    assert catalogue.hosts() == [
        "https://a.tile.openstreetmap.fr", "https://b.tile.openstreetmap.fr", "https://c.tile.openstreetmap.fr",
        "https://data.geopf.fr",
    ]  # fmt: skip


def policy_of(answer) -> dict[str, list[str]]:
    return {each.split()[0]: each.split()[1:] for each in answer.headers["Content-Security-Policy"].split(";")}


def test_the_hosts_join_the_policy_of_pages(client, db, settings):
    settings.BASEMAPS = ["ortho-ign"]
    policy = policy_of(client.get("/connexion/"))
    assert "https://data.geopf.fr" in policy["connect-src"]
    assert "https://data.geopf.fr" in policy["img-src"]
    assert "https://data.geopf.fr" not in policy["script-src"]
    settings.BASEMAPS = []
    assert "https://data.geopf.fr" not in policy_of(client.get("/connexion/"))["img-src"]


def test_a_background_nobody_knows_stops_the_start(settings):
    settings.BASEMAPS = ["plan-igm"]
    with pytest.raises(ImproperlyConfigured, match="plan-igm"):
        catalogue.chosen()


def feature(kind="street", geometry=None, **properties):
    line = {"type": "LineString", "coordinates": [[-0.37, 49.18], [-0.36, 49.18]]}
    return {"type": "Feature", "properties": {"kind": kind, **properties}, "geometry": geometry or line}


def write(folder, *features, **members):
    file = folder / "background.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}))
    return file


def test_loading_replaces(db, tmp_path):
    assert load_background(write(tmp_path, feature(name="Rue A", rank=1), feature(name="Rue B"), schematic=True)) == 2
    assert load_background(write(tmp_path, feature(name="Rue C", numbers_from=1, numbers_to=9, city="Caen"))) == 1
    [kept] = Landmark.objects.all()
    assert (kept.name, kept.rank, kept.numbers_to, kept.city, kept.schematic) == ("Rue C", 2, 9, "Caen", False)


@pytest.mark.parametrize(
    "wrong",
    [
        feature(kind="volcano"),
        feature(geometry={"type": "Point", "coordinates": [999, 0]}),
        {"type": "Feature", "geometry": None, "properties": {}},
    ],
)
def test_a_file_that_cannot_be_read_replaces_nothing(background, tmp_path, wrong):
    before = Landmark.objects.count()
    with pytest.raises(PlatformError):
        load_background(write(tmp_path, feature(), wrong))
    assert Landmark.objects.count() == before
