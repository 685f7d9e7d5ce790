"""Zones in force as vector tiles, read back by GDAL."""

import json
import math

import pyogrio
import pytest
import shapely
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from gisplatform.tokens import issue
from layers.models import Layer, Zone
from tests.town import CORNER, FAR_AWAY, NEW_YEAR, SQUARES, degrees

pytestmark = pytest.mark.usefixtures("still_clock")


def tile_at(place, z):
    """The z, x, y of the tile that holds a place of the model town."""
    lon, lat = degrees(place)
    side = 2**z
    x = int((lon + 180) / 360 * side)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
    return z, x, y


def decoded(body, tile, layer, tmp_path):
    """The features of one layer of a tile: {code: geometry in Web Mercator}, by GDAL's own reader."""
    z, x, y = tile
    file = tmp_path / f"{z}-{x}-{y}.mvt"
    file.write_bytes(body)
    _meta, _ids, geometries, fields = pyogrio.raw.read(file, layer=layer, X=x, Y=y, Z=z)
    names = list(_meta["fields"])
    codes = fields[names.index("code")]
    assert {"id", "code", "name"} <= set(names)
    return dict(zip(codes, shapely.from_wkb(geometries), strict=True))


@pytest.fixture
def analyst(town):
    client = APIClient()
    client.force_authenticate(town.person("analyst"))
    return client


def url(code, tile):
    return reverse("tiles-zones", args=[code, *tile])


def test_gdal_reads_the_zones_of_the_tile(analyst, tmp_path):
    tile = tile_at(CORNER, 14)
    answer = analyst.get(url("squares", tile))
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    found = decoded(answer.content, tile, "squares", tmp_path)
    assert {"WEST", "NORTH", "SOUTH"} <= set(found) <= set(SQUARES)

    step = 40075016.7 / 2**14 / 4096  # one step of the tile's grid, in Web Mercator metres
    window = shapely.box(*web_mercator_of(tile))
    for code, drawn in found.items():
        stored = shapely.from_wkb(bytes(Zone.objects.get(code=code, version__layer__code="squares").geom_3857.wkb))
        difference = shapely.intersection(drawn, window).symmetric_difference(shapely.intersection(stored, window))
        assert difference.area <= step * shapely.intersection(stored, window).length


def web_mercator_of(tile):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_Extent(ST_TileEnvelope(%s, %s, %s))", tile)
        return [float(number) for number in cursor.fetchone()[0][4:-1].replace(" ", ",").split(",")]


def test_each_zone_is_named_once_over_all_tiles_of_a_zoom(analyst, tmp_path):
    z, x, y = tile_at(CORNER, 15)
    named = []
    for across in range(-4, 5):
        for down in range(-4, 5):
            tile = (z, x + across, y + down)
            body = analyst.get(url("squares", tile)).content
            if b"squares-names" in body:
                named += decoded(body, tile, "squares-names", tmp_path)
    assert sorted(named) == sorted(SQUARES)


def test_a_tile_far_from_all_zones_is_empty(analyst):
    answer = analyst.get(url("squares", tile_at(FAR_AWAY, 16)))
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("tile", [(2, 4, 0), (2, 0, 4), (0, 1, 1), (23, 0, 0), (99, 0, 0)])
def test_a_square_the_grid_does_not_have_is_not_found(analyst, tile):
    assert analyst.get(url("squares", tile)).status_code == 404


def test_a_layer_unknown_or_not_yet_in_force_is_not_found(analyst, town):
    Layer.objects.create(code="later", name="Plus tard")
    for code in ("nowhere", "later"):
        assert analyst.get(url(code, (0, 0, 0))).status_code == 404
        assert analyst.get(reverse("tilejson-zones", args=[code])).status_code == 404


def test_only_the_version_in_force_is_drawn(analyst, town, tmp_path):
    tile = tile_at(CORNER, 12)
    before = analyst.get(url("squares", tile))
    town.publish("squares", {"EAST": SQUARES["NORTH"]}, valid_from=timezone.localdate())
    after = analyst.get(url("squares", tile), HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    assert set(decoded(after.content, tile, "squares", tmp_path)) == {"EAST"}


def test_a_client_that_holds_the_tile_is_told_so_without_drawing_it(analyst, django_assert_num_queries):
    tile = tile_at(CORNER, 14)
    first = analyst.get(url("squares", tile))
    assert first["Cache-Control"] == "private, no-cache"
    with django_assert_num_queries(1):  # the version
        again = analyst.get(url("squares", tile), HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"


def test_tilejson_describes_the_tiles(analyst, town):
    town.layers["squares"].source = "Ville modèle"
    town.layers["squares"].schematic = True
    town.layers["squares"].save()
    document = analyst.get(reverse("tilejson-zones", args=["squares"])).json()
    assert document["tilejson"] == "3.0.0"
    assert (document["attribution"], document["schematic"]) == ("Ville modèle", True)
    assert document["vector_layers"][0] == {
        "id": "squares", "fields": {"id": "Number", "code": "String", "name": "String"},
    }  # fmt: skip
    west, south, east, north = document["bounds"]
    for place, (lon, lat) in {(0, 0): (west, south), (3020, 2000): (east, north)}.items():
        assert math.dist((lon, lat), degrees(place)) < 0.002  # the town is a little askew in degrees
    address = document["tiles"][0].replace("{z}/{x}/{y}", "12/2040/1400")
    assert analyst.get(address)["Cache-Control"] == "private, max-age=3600"


def test_zones_are_for_those_who_may_see_layers(town):
    client = APIClient()
    assert client.get(url("squares", (0, 0, 0))).status_code == 401
    client.force_authenticate(town.person("contractor"))
    answer = client.get(url("squares", (0, 0, 0)), HTTP_ACCEPT="application/x-protobuf")
    assert answer.status_code == 403
    assert json.loads(answer.content)["status"] == 403


def test_a_machine_comes_with_its_token(town):
    secret = issue(user=town.person("analyst"))
    answer = APIClient().get(url("squares", tile_at(CORNER, 12)), HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert answer.status_code == 200
    assert answer.content


def test_a_tile_among_many_zones_uses_the_index(town):
    version = town.publish(
        "market",
        {f"{x}-{y}": (x * 10, y * 10, x * 10 + 10, y * 10 + 10) for x in range(40) for y in range(40)},
        valid_from=NEW_YEAR.replace(month=2),
    )
    from gisplatform import sql

    z, x, y = tile_at((5, 5), 18)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE layers_zone")
        cursor.execute(
            "EXPLAIN " + sql.load("layers", "tile"),
            {"version_id": version.pk, "name": "market", "z": z, "x": x, "y": y},
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "zone_geom_3857" in plan
