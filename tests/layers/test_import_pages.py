"""Bringing a file on a page: what it would become is seen before anything is stored, then it is a version."""

import datetime
import json
import os
import tempfile

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from layers import uploads
from layers.models import Layer, LayerVersion, Zone
from tests.layers.browsing import IMPORT, bring, errors, look, plain, send, take
from tests.layers.files import box, endless, feature, geojson, vector, zipped
from tests.town import FAR_AWAY, X, Y

pytestmark = pytest.mark.usefixtures("still_clock")


def told_of(client, *paths, **fields):
    """What the page tells of a file just brought."""
    return look(client, bring(client, *paths, **fields).url).context["told"]


def stored():
    return LayerVersion.objects.filter(file_name__gt="").count(), Layer.objects.filter(
        name__startswith="Secteurs"
    ).count()


# --- What is seen first ---------------------------------------------------------------------------------------------


def test_nothing_is_stored_before_it_is_seen(analyst, sectors):
    page = look(analyst, bring(analyst, sectors).url)
    told = page.context["told"]
    assert (told["format"], told["layer"], told["lines"], told["zones"]) == ("GeoJSON", "secteurs", 2, 2)
    assert told["kinds"] == ["2 polygones"]
    assert told["crs"] == {
        "label": "EPSG:2154", "name": "RGF93 v1 / Lambert-93", "from": "déclaré par son membre « crs »",
    }  # fmt: skip
    assert (told["code_field"], told["name_field"]) == ("code", "nom")
    assert [(each["name"], each["examples"], each["filled"]) for each in told["fields"]] == [
        ("code", ["a", "b"], 2), ("nom", ["Alpha", "Bêta"], 2),
    ]  # fmt: skip
    assert "<strong>2</strong> zones prises" in plain(page)
    assert stored() == (0, 0)


def test_its_outlines_are_drawn_over_the_version_in_force(analyst, tmp_path):
    file = geojson(
        tmp_path / "a.geojson", feature(box(0, 0, 900, 900), code="a", nom="Alpha"),
        feature(shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)]), code="b", nom="Bêta"),
    )  # fmt: skip
    url = bring(analyst, file, layer="squares").url
    page = analyst.get(url)
    assert "/tiles/squares.json" in plain(page)
    drawn = json.loads(analyst.get(f"{url}traces.geojson").content)
    assert [each["properties"] for each in drawn["features"]] == [
        {"code": "a", "name": "Alpha", "repaired": False}, {"code": "b", "name": "Bêta", "repaired": True},
    ]  # fmt: skip
    assert drawn["left_out"] == 0
    west, south, east, north = page.context["told"]["bounds"]
    inside = shapely.box(west, south, east, north).buffer(1e-6)
    assert all(inside.contains(shapely.geometry.shape(each["geometry"])) for each in drawn["features"])
    assert page.context["told"]["repaired"] == [{"line": 2, "area_change_m2": 40.5}]


def test_a_map_is_given_no_more_than_it_can_bear(analyst, tmp_path, monkeypatch):
    from layers import previewing

    monkeypatch.setattr(previewing, "DRAWN_AT_MOST", 3)
    squares = [feature(box(n * 10, 0, n * 10 + 9, 9), code=str(n)) for n in range(5)]
    url = bring(analyst, geojson(tmp_path / "a.geojson", *squares)).url
    drawn = json.loads(analyst.get(f"{url}traces.geojson").content)
    assert (len(drawn["features"]), drawn["left_out"]) == (3, 2)


def test_outlines_of_many_corners_are_simplified_for_the_map_alone(analyst, tmp_path):
    fine = shapely.Point(X, Y).buffer(1000, quad_segs=5000)
    url = bring(analyst, geojson(tmp_path / "a.geojson", feature(fine, code="a"))).url
    (drawn,) = json.loads(analyst.get(f"{url}traces.geojson").content)["features"]
    assert 20 < shapely.get_num_coordinates(shapely.geometry.shape(drawn["geometry"])) < 500
    take(analyst, url)
    assert Zone.objects.get(code="a").geom.num_coords == shapely.get_num_coordinates(fine)


def test_what_is_refused_and_repaired_is_told_before_and_after(analyst, tmp_path):
    bow = {"type": "Polygon", "coordinates": [[[450000, 6900000], [450010, 6900010], [450010, 6900000],
                                               [450000, 6900010], [450000, 6900000]]]}  # fmt: skip
    file = geojson(tmp_path / "a.geojson", feature(box(50, 50, 90, 90), code="a"), feature(None, code="b"),
                   feature(bow, code="c"))  # fmt: skip
    url = bring(analyst, file).url
    told = analyst.get(url).context["told"]
    report = analyst.get(take(analyst, url).url).context["report"]
    assert told["refused"] == report["refused"] == [{"line": 2, "reason": "pas de géométrie"}]
    assert told["repaired"] == report["repaired"]
    assert [each["line"] for each in told["repaired"]] == [3]


def test_a_file_of_nothing_but_faults_lists_them_once(analyst, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(None, code="a"), feature(shapely.Point(X, Y), code="b"))
    page = look(analyst, bring(analyst, file).url)
    assert [each["line"] for each in page.context["told"]["refused"]] == [1, 2]
    assert plain(page).count("Lignes refusées") == 1


def test_a_missing_crs_is_asked_with_its_reasons(analyst, tmp_path):
    file = zipped(tmp_path / "a.zip", vector(tmp_path / "a.shp", [box(0, 0, 900, 900)], None), without=(".prj",))
    url = bring(analyst, file, code="secteurs").url
    page = analyst.get(url)
    assert page.context["question"]["sentence"].startswith("Le fichier ne dit pas dans quel système de coordonnées")
    assert page.context["form"].fields["crs"].widget.choices[1:] == [
        ("EPSG:2154", "EPSG:2154 – RGF93 v1 / Lambert-93, sur le territoire")
    ]
    assert page.context["told"]["fields"][0]["name"] == "code"
    assert 'name="import"' not in plain(page)
    assert take(analyst, url).status_code == 422
    told = look(analyst, url, crs="EPSG:2154").context["told"]
    assert (told["zones"], told["crs"]["from"]) == (1, "indiqué par vous")
    assert take(analyst, url).url == "/couches/secteurs/versions/1/"
    assert list((tmp_path / "media/imports").iterdir()) == []


def test_degrees_without_a_crs_far_away_say_how_far(analyst, tmp_path):
    boston = shapely.box(-71.1, 42.3, -71, 42.4)
    file = zipped(tmp_path / "a.zip", vector(tmp_path / "a.shp", [boston], None), without=(".prj",))
    url = bring(analyst, file).url
    ((value, label),) = analyst.get(url).context["form"].fields["crs"].widget.choices[1:]
    assert value == "EPSG:4326"
    assert label.startswith("EPSG:4326 – WGS 84, à 5")
    notes = look(analyst, url, crs="EPSG:4326").context["told"]["notes"]
    assert any("km du territoire desservi : vérifiez leur système" in note for note in notes)


def test_swapped_axes_are_told_on_the_page(analyst, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(shapely.box(Y, X, Y + 9, X + 9), code="a"))
    page = look(analyst, bring(analyst, file).url)
    assert "semblent inversées" in page.context["told"]["refusal"]
    assert 'name="import"' not in plain(page)


def test_layers_of_a_file_are_offered_with_what_they_hold(analyst, tmp_path):
    one = vector(tmp_path / "a.gpkg", [box(0, 0, 9, 9), box(9, 0, 18, 9)], layer="deux")
    vector(one, [shapely.box(-0.4, 49.1, -0.3, 49.2)], "EPSG:4326", layer="une", append=True,
           columns={"insee": ["14118"]})  # fmt: skip
    url = bring(analyst, one).url
    page = analyst.get(url)
    found = page.context["told"]["layers"]
    assert [(each["name"], each["holds"], each["crs"]) for each in found] == [
        ("deux", "2 polygones", "EPSG:2154"), ("une", "1 polygone", "EPSG:4326"),
    ]  # fmt: skip
    assert page.context["question"]["wish"] == "source_layer"
    told = look(analyst, url, source_layer="deux").context["told"]
    assert (told["layer"], told["zones"], told["code_field"]) == ("deux", 2, "code")
    other = look(analyst, url, source_layer="une").context["told"]
    assert (other["layer"], other["crs"]["label"], other["code_field"]) == ("une", "EPSG:4326", "insee")
    take(analyst, url)
    assert LayerVersion.objects.get(layer__name="Secteurs de collecte").report["source_layer"] == "une"


def test_code_and_name_may_be_other_fields(analyst, tmp_path):
    rows = [
        {"code": "x", "nom": "Nord", "ref": "1", "libre": "N"},
        {"code": "x", "nom": "Sud", "ref": "2", "libre": "S"},
    ]
    file = geojson(tmp_path / "a.geojson", *(feature(box(n, 0, n + 1, 1), **row) for n, row in enumerate(rows)))
    url = bring(analyst, file).url
    page = analyst.get(url)
    assert page.context["told"]["code_field"] == "ref"  # it tells them apart
    assert ("code", "code") in page.context["form"].fields["code_field"].widget.choices
    told = look(analyst, url, code_field="code", name_field="libre").context["told"]
    assert any("1 code est porté par plusieurs zones (x)" in note for note in told["notes"])
    take(analyst, url, code_field="ref")
    assert list(Zone.objects.filter(version__file_name="a.geojson").order_by("code").values_list("code", "name")) == [
        ("1", "N"), ("2", "S"),
    ]  # fmt: skip


def test_a_mistake_keeps_all_that_was_typed(analyst, sectors):
    url = bring(analyst, sectors, source="Service déchets").url
    page = take(analyst, url, name="Secteurs 2", code="market", crs="EPSG:2154", name_field="code")
    assert page.status_code == 422
    assert "déjà ce code" in errors(page)["code"]
    assert page.context["told"]["zones"] == 2
    for typed in ('value="Secteurs 2"', 'value="market"', 'value="Service déchets"', 'value="EPSG:2154"'):
        assert typed in plain(page)
    again = look(analyst, url, valid_from="31/02/2026", source="Autre")
    assert (again.status_code, "valid_from" in errors(again)) == (422, True)
    assert 'value="Autre"' in plain(again)


def test_a_layer_that_no_code_can_name_is_told_in_place(analyst, sectors):
    url = bring(analyst, sectors).url
    assert analyst.post(url, {"layer": "a\x00"}).status_code == 422
    assert look(analyst, url).status_code == 200


def test_a_file_that_no_longer_opens_is_told_in_place(analyst, tmp_path, settings):
    settings.LAYER_READ_S = 1
    page = bring(analyst, endless(tmp_path / "a.gpkg"))
    assert (page.status_code, "n’a pas fini d’être lu" in errors(page)["upload"]) == (422, True)
    assert 'value="Secteurs de collecte"' in plain(page)


def test_a_file_once_received_is_not_asked_again(analyst, sectors):
    page = bring(analyst, sectors, name="")
    assert errors(page) == {"name": "Donnez un nom à la nouvelle couche."}
    again = bring(analyst, kept=page.context["kept"].token)
    assert look(analyst, again.url).context["told"]["zones"] == 2


def test_what_a_killed_server_left_behind_goes_with_the_next_file(analyst, sectors, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name, age_s in (("gisplatform-import-old", 2 * 3600), ("gisplatform-import-new", 60), ("another", 2 * 3600)):
        (tmp_path / name).mkdir()
        then = timezone.now().timestamp() - age_s
        os.utime(tmp_path / name, (then, then))
    bring(analyst, sectors)
    left = sorted(each.name for each in tmp_path.iterdir() if each.name == "another" or "import" in each.name)
    assert left == ["another", "gisplatform-import-new"]


def test_what_waits_is_its_persons_and_for_an_hour(analyst, client, town, sectors, monkeypatch):
    url = bring(analyst, sectors).url
    client.force_login(town.person("analyst", username="other"))
    assert client.get(url).url == IMPORT
    assert client.get(f"{url}traces.geojson").status_code == 404
    for token in ("nothing", "a" * 300, "a.b"):
        assert client.get(f"/couches/importer/{token}/").url == IMPORT
    client.force_login(analyst.user)
    monkeypatch.setattr(uploads, "KEPT_FOR", datetime.timedelta(seconds=-1))
    assert "n’est plus là" in plain(client.get(url, follow=True))


def test_whoever_may_not_manage_layers_sees_no_preview(analyst, client, town, sectors):
    url = bring(analyst, sectors).url
    client.force_login(town.person("agent"))
    assert [client.get(each).status_code for each in (url, f"{url}traces.geojson")] == [403, 403]


# --- What it becomes ------------------------------------------------------------------------------------------------


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


def test_fields_are_asked_in_place(analyst, sectors):
    assert errors(send(analyst, sectors, name="")) == {"name": "Donnez un nom à la nouvelle couche."}
    assert "déjà ce code" in errors(send(analyst, sectors, code="market"))["code"]
    assert "choisissez-en un autre" in errors(send(analyst, sectors, code="requests"))["code"]
    assert "« insee »" in errors(take(analyst, bring(analyst, sectors).url, code_field="insee"))["code_field"]
    assert errors(send(analyst)) == {"upload": "Choisissez le fichier à importer."}


def test_a_file_too_large_is_refused(analyst, sectors, settings):
    settings.LAYER_MAX_BYTES = 100
    assert "trop lourd" in errors(send(analyst, sectors))["upload"]
    assert not (settings.MEDIA_ROOT / "imports").exists()
