"""Layers as they are found: official outlines, and files made awkward on purpose."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.db.models.functions import IsValid
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from gisplatform.geo import from_geojson
from layers.models import LayerVersion, Zone
from tests.layers.browsing import take
from tests.layers.commands import run
from tests.real.wild import row

DATA = Path(os.environ.get("GISPLATFORM_TEST_DATA", ""))
pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif("GISPLATFORM_TEST_DATA" not in os.environ, reason="GISPLATFORM_TEST_DATA is not set"),
]
COMMUNES = DATA / "communes/caen_la_mer_48_communes.geojson"
DERIVED = DATA / "awkward/derived_caen"

# How each file of EXPECTED.json is given, and what becomes of it: a number of zones, or words of its refusal.
AWKWARD: dict[str, tuple[dict[str, Any], int | str]] = {
    "communes_2154_latin1.zip": ({}, 48),
    "communes_noprj.zip": ({}, "Il ressemble à EPSG:2154"),
    "deux_couches.zip": ({}, "2 couches : « a_zone », « b_zone »"),
    "communes_multi.gpkg": ({}, "3 couches : « communes_l93 », « communes_wgs84 », « epci »"),
    "communes.kml": ({}, 48),
    "communes.kmz": ({}, 48),
    "communes_crs_member_2154.geojson": ({}, 48),
    "communes_metres_no_crs.geojson": ({}, "ses coordonnées ne sont pas des degrés"),
    "communes_z.geojson": ({}, 48),
    "communes_wkt_latin1.csv": ({"crs": "EPSG:4326"}, 48),
    "communes_mapinfo.zip": ({}, 48),
    "communes.gml": ({}, 48),
    "communes.fgb": ({}, 48),
    "tronque.geojson": ({}, "Le fichier est coupé"),
    "bom_utf16.geojson": ({}, 48),
    "faux_shapefile.zip": ({}, "est abîmée ou coupée"),
}


def today() -> Any:
    return timezone.localdate()


def test_the_48_communes_publish_without_a_word():
    told = run("import_layer", COMMUNES, layer="communes", publish=True)
    assert (told.refusal, told["zones"], told["refused"], told["repaired"]) == ("", 48, [], [])
    assert (told["published"], told["findings"]) == (True, [])
    caen = Zone.objects.in_force(today()).get(code="14118")
    assert (caen.name, round(caen.area_m2 / 1e6, 2)) == ("Caen", 25.72)


def test_the_48_communes_come_by_the_page(client, town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(town.person("analyst"))
    with COMMUNES.open("rb") as file:
        seen = client.post("/couches/importer/", {"upload": file, "name": "Communes", "schematic": "no"})
    told = client.get(seen.url).context["told"]
    assert (told["zones"], told["code_field"], told["name_field"]) == (48, "code", "nom")
    assert LayerVersion.objects.filter(layer__code="communes").count() == 0
    page = take(client, seen.url)
    assert page.url == "/couches/communes/versions/1/"
    sent = {"valid_from": today().isoformat(), "reason": "le territoire du modèle est ailleurs"}
    assert client.post(f"{page.url}publier/", sent).status_code == 302
    zones = client.get("/couches/communes/", {"q": "herouville"}).context["zones"]
    assert [zone.name for zone in zones] == ["Hérouville-Saint-Clair"]
    assert client.get("/couches/communes/").context["measured"]["zone_count"] == 48


def test_faults_of_the_communes_are_below_a_square_metre():
    run("import_layer", COMMUNES, layer="communes")
    findings = run("check_layer", "communes", tolerance=0)["findings"]
    assert sorted((each["kind"], each["area_m2"]) for each in findings) == [
        ("gap", 0.37),
        ("gap", 0.92),
        ("overlap", 0.48),
    ]
    assert run("check_layer", "communes")["findings"] == []


def test_the_wards_of_boston_tell_three_repairs_with_their_change():
    told = run("import_layer", DATA / "requests/boston/boston_wards.geojson", layer="wards")
    assert (told["zones"], [each["line"] for each in told["repaired"]]) == (22, [5, 19, 20])
    assert all(abs(each["area_change_m2"]) < 1 for each in told["repaired"])


def test_stops_named_after_a_commune_lie_in_it():
    run("import_layer", COMMUNES, layer="communes", publish=True)
    zones = Zone.objects.in_force(today())
    names = set(zones.values_list("name", flat=True))
    stops = json.loads((DATA / "osm/twisto_stops.geojson").read_text())["features"]
    named = [
        (name.split(" - ")[0], from_geojson(stop["geometry"]))
        for stop in stops
        if " - " in (name := stop["properties"].get("name") or "") and name.split(" - ")[0] in names
    ]
    inside = [commune for commune, place in named if zones.covering(place).filter(name=commune).exists()]
    assert (len(named), len(inside)) == (26, 25)


def test_a_request_in_authie_follows_the_official_outline(town):
    """Other outlines are replaced by the official ones: what is asked in Authie then goes to its department."""
    town.rule("authie", zones=("14030",))
    town.rule("elsewhere", zones=("WEST",))
    authie = GEOSGeometry("SRID=4326;POINT(-0.4300 49.2080)").transform(2154, clone=True)
    assert town.request(authie).department is None
    run("import_layer", COMMUNES, layer="squares", publish=True, valid_from="2026-03-02")
    request = town.request(authie)
    assert request.department == town.departments["authie"]
    assert request.decision.reason.zone.name == "Authie"
    assert request.decision.reason.layer_version == LayerVersion.objects.get(layer__code="squares", number=2)


@pytest.mark.parametrize("name", AWKWARD)
def test_files_made_awkward(name, workplace, record_property):
    options, expected = AWKWARD[name]
    told = run("import_layer", DERIVED / name, layer="awkward", **options)
    record_property("file", row(f"derived: {name}", told.get("zones", 0), told.get("refused", []), told.refusal))
    assert list(workplace.iterdir()) == []
    if isinstance(expected, str):
        assert expected in told.refusal
        assert not LayerVersion.objects.exists()
        return
    assert (told.refusal, told["zones"], told["refused"]) == ("", expected, [])
    assert {"Éterville", "Hérouville-Saint-Clair", "Épron"} <= set(Zone.objects.values_list("name", flat=True))
    assert_same_places()


@pytest.mark.parametrize("name", ["communes.kml", "communes.kmz"])
def test_the_attributes_of_kml_are_those_of_the_geojson(name):
    """Its way of drawing leaves nothing in them; the commune's name stands where KML has a place for names."""
    run("import_layer", COMMUNES, layer="official")
    run("import_layer", DERIVED / name, layer="awkward")
    official, drawn = (
        {zone.code: (zone.name, zone.attributes) for zone in Zone.objects.filter(version__layer__code=layer)}
        for layer in ("official", "awkward")
    )
    for _name, attributes in official.values():
        attributes["Name"] = attributes.pop("nom")
    assert len(drawn) == 48
    assert drawn == official


def assert_same_places() -> None:
    """Each zone is valid and lies on the official commune of its code, within a centimetre all along: formats drop
    digits."""
    assert not Zone.objects.filter(~IsValid("geom")).exists()
    run("import_layer", COMMUNES, layer="official")
    official = {zone.code: zone.geom for zone in Zone.objects.filter(version__layer__code="official")}
    for zone in Zone.objects.filter(version__layer__code="awkward"):
        same = official[zone.code]
        assert zone.geom.sym_difference(same).area < 0.01 * same.length, zone.code


def test_every_awkward_file_has_its_test():
    assert set(json.loads((DERIVED / "EXPECTED.json").read_text())) == set(AWKWARD)


@pytest.mark.parametrize(("layer", "crs"), [("communes_l93", "EPSG:2154"), ("communes_wgs84", "EPSG:4326")])
def test_each_layer_of_a_geopackage_in_its_crs(layer, crs):
    told = run("import_layer", DERIVED / "communes_multi.gpkg", layer="awkward", source_layer=layer)
    assert (told["zones"], told["crs"]) == (48, crs)
    assert_same_places()


@pytest.mark.parametrize(("layer", "zones"), [("a_zone", 2), ("b_zone", 1)])
def test_each_layer_of_an_archive(layer, zones):
    assert run("import_layer", DERIVED / "deux_couches.zip", layer="awkward", source_layer=layer)["zones"] == zones


@pytest.mark.parametrize("name", ["communes_noprj.zip", "communes_metres_no_crs.geojson"])
def test_what_is_missing_may_be_said(name):
    assert run("import_layer", DERIVED / name, layer="awkward", crs="EPSG:2154")["zones"] == 48
    assert_same_places()
