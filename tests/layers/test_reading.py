"""Files as they come: encodings, archives, missing or wrong declarations, and what is no layer at all."""

import json
import struct
import zipfile

import pytest
import shapely

from gisplatform.errors import UnreadableFile
from layers.models import Layer, Zone
from layers.reading import archives
from tests.layers.files import box, feature, geojson, vector, zipped
from tests.town import X, Y

WEST, NORTH = box(0, 0, 1000, 2000), box(1000, 1000, 2000, 2000)
NAMES = ["Hérouville", "Épron"]


def shapefile(folder, *, encoding="UTF-8", cpg=None, language_driver=None, names=NAMES, crs="EPSG:2154"):
    """A Shapefile of two zones; `cpg` None leaves the .cpg out, the header's language byte is 0 unless given."""
    path = vector(
        folder / "communes.shp", [WEST, NORTH], crs, columns={"code": ["1", "2"], "nom": names}, encoding=encoding
    )
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[29] = language_driver or 0
    path.with_suffix(".dbf").write_bytes(dbf)
    return path


@pytest.mark.parametrize(
    ("facts", "encoding", "note"),
    [
        ({"encoding": "UTF-8", "cpg": "UTF-8"}, "utf-8", ""),
        ({"encoding": "UTF-8"}, "utf-8", "Le fichier ne dit pas comment ses accents sont écrits : lu en utf-8."),
        (
            {"encoding": "UTF-8", "language_driver": 0x57},
            "utf-8",
            "La table déclare cp1252 mais elle est écrite en utf-8",
        ),
        ({"encoding": "ISO-8859-1"}, "cp1252", "Le fichier ne dit pas comment ses accents sont écrits : lu en cp1252."),
        ({"encoding": "ISO-8859-1", "cpg": "ISO 88591"}, "cp1252", ""),
        ({"encoding": "ISO-8859-1", "cpg": "1252"}, "cp1252", ""),
        ({"encoding": "ISO-8859-1", "language_driver": 0x03}, "cp1252", ""),
        ({"encoding": "ISO-8859-1", "cpg": "UTF-8"}, "cp1252", "La table déclare utf-8 mais elle est écrite en cp1252"),
        ({"encoding": "CP850", "cpg": "850"}, "cp850", ""),
        ({"encoding": "CP850", "language_driver": 0x02}, "cp850", ""),
    ],
)
def test_accents_of_a_shapefile(command, tmp_path, facts, encoding, note):
    told = command("import_layer", zipped(tmp_path / "a.zip", shapefile(tmp_path, **facts)), layer="a")
    assert list(Zone.objects.order_by("code").values_list("name", flat=True)) == NAMES
    assert told["encoding"] == encoding
    assert " ".join(told["notes"]).startswith(note) if note else told["notes"] == []


def test_the_encoding_given_wins(command, tmp_path):
    file = zipped(tmp_path / "a.zip", shapefile(tmp_path, encoding="CP850"))
    command("import_layer", file, layer="a", encoding="cp850")
    assert Zone.objects.get(code="2").name == "Épron"
    assert (
        "Il n’y a pas d’encodage nommé « klingon »"
        in command("import_layer", file, layer="a", encoding="klingon").refusal
    )


def test_a_letter_cut_in_two_by_a_narrow_field_is_dropped(command, tmp_path):
    path = shapefile(tmp_path, cpg="UTF-8", names=["Hérouville", "Saint-André"])
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("André".encode(), b"Andr\xc3 "))
    command("import_layer", zipped(tmp_path / "a.zip", path), layer="a")
    assert [zone.name for zone in Zone.objects.order_by("code")] == ["Hérouville", "Saint-Andr"]


def test_a_shapefile_without_its_index_is_read(command, tmp_path):
    file = zipped(tmp_path / "a.zip", shapefile(tmp_path, cpg="UTF-8"), without=(".shx",))
    assert command("import_layer", file, layer="a")["zones"] == 2


@pytest.mark.parametrize("piece", [".dbf", ".shx", ".prj", ".cpg"])
def test_a_piece_of_a_shapefile_leads_to_the_whole(command, tmp_path, piece):
    file = shapefile(tmp_path, cpg="UTF-8").with_suffix(piece)
    assert (command("import_layer", file, layer="a")["zones"], Zone.objects.count()) == (2, 2)


def test_geojson_whose_types_are_written_small_is_read(command, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(WEST, code="W"))
    file.write_text(file.read_text().replace("FeatureCollection", "featurecollection").replace("Polygon", "polygon"))
    assert command("import_layer", file, layer="a")["zones"] == 1


def test_a_shapefile_in_an_accented_folder_and_capitals(command, tmp_path):
    shapefile(tmp_path, cpg="UTF-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in tmp_path.glob("communes.*"):
            archive.write(part, f"Données SIG/été/COMMUNES{part.suffix.upper()}")
        archive.writestr("__MACOSX/Données SIG/été/._COMMUNES.SHP", b"\x00\x05\x16\x07")
        archive.writestr("Données SIG/lisez-moi.json", "{}")
    told = command("import_layer", tmp_path / "a.zip", layer="a")
    assert (told["zones"], told["source_layer"]) == (2, "COMMUNES")


def test_several_layers_are_offered_by_name(command, tmp_path):
    one, two = vector(tmp_path / "a_zone.shp", [WEST]), vector(tmp_path / "b_zone.shp", [WEST, NORTH])
    file = zipped(tmp_path / "deux.zip", one, two, folder="données/")
    refusal = command("import_layer", file, layer="a").refusal
    assert refusal == "Le fichier contient 2 couches : « a_zone », « b_zone ». Choisissez-en une. (--source-layer)"
    assert command("import_layer", file, layer="a", source_layer="B_zone")["zones"] == 2
    refusal = command("import_layer", file, layer="a", source_layer="c").refusal
    assert (
        refusal == "Le fichier n’a pas de couche nommée « c ». Il contient : « a_zone », « b_zone ». (--source-layer)"
    )


def test_each_layer_of_a_geopackage_has_its_own_crs(command, tmp_path):
    file = vector(tmp_path / "a.gpkg", [WEST], layer="metres")
    vector(file, [shapely.box(-0.4, 49.1, -0.3, 49.2)], "EPSG:4326", layer="degrees", append=True)
    assert "« metres », « degrees »" in command("import_layer", file, layer="a").refusal
    assert command("import_layer", file, layer="a", source_layer="degrees")["crs"] == "EPSG:4326"
    assert Zone.objects.get().area_m2 == pytest.approx(81e6, rel=0.02)


@pytest.mark.parametrize(
    ("origin", "likely"),
    [
        ((454_000, 6_903_000), "EPSG:2154"),
        ((1_454_000, 8_225_000), "EPSG:3949"),
        ((-0.37, 49.18), "EPSG:4326"),
        ((405_000, 2_467_000), "EPSG:27572"),
    ],
)
def test_without_a_declared_crs_the_likely_one_is_named(command, tmp_path, origin, likely):
    side = 0.01 if likely == "EPSG:4326" else 500
    square = shapely.box(*origin, origin[0] + side, origin[1] + side)
    file = zipped(tmp_path / "a.zip", vector(tmp_path / "a.shp", [square], None), without=(".prj",))
    refusal = command("import_layer", file, layer="a").refusal
    assert refusal.startswith("Le fichier ne dit pas dans quel système de coordonnées il est. Il ressemble à " + likely)
    assert refusal.endswith("si c’est bien cela, indiquez-le. (--crs)")
    assert not Layer.objects.exists()
    assert command("import_layer", file, layer="a", crs=likely)["zones"] == 1


def test_where_two_crs_are_likely_both_are_named(command, tmp_path):
    square = shapely.box(-41_266, 6_306_000, -41_000, 6_307_000)  # Caen on the web, the Bay of Biscay in Lambert-93
    file = zipped(tmp_path / "a.zip", vector(tmp_path / "a.shp", [square], None), without=(".prj",))
    refusal = command("import_layer", file, layer="a").refusal
    assert refusal.endswith("Il ressemble à EPSG:2154 ou à EPSG:3857 : indiquez lequel. (--crs)")


def test_metres_passed_off_as_degrees_are_refused(command, tmp_path):
    refusal = command(
        "import_layer", geojson(tmp_path / "a.geojson", feature(WEST, code="W"), crs=None), layer="a"
    ).refusal
    assert refusal == (
        "Le fichier est déclaré en degrés (EPSG:4326), mais ses coordonnées ne sont pas des degrés."
        " Il ressemble à EPSG:2154 ; si c’est bien cela, indiquez-le. (--crs)"
    )


def test_degrees_passed_off_as_metres_are_refused(command, tmp_path):
    square = shapely.box(-0.4, 49.1, -0.3, 49.2)
    refusal = command("import_layer", geojson(tmp_path / "a.geojson", feature(square, code="a")), layer="a").refusal
    assert "déclaré en mètres (EPSG:2154), mais ses coordonnées ressemblent à des degrés" in refusal


@pytest.mark.parametrize(("crs", "square"), [(None, (49.1, -0.4, 49.2, -0.3)), ("EPSG:2154", (Y, X, Y + 9, X + 9))])
def test_swapped_axes_are_refused(command, tmp_path, crs, square):
    file = geojson(tmp_path / "a.geojson", feature(shapely.box(*square), code="a"), crs=crs)
    assert "semblent inversées" in command("import_layer", file, layer="a").refusal


@pytest.mark.parametrize(
    ("crs", "read"),
    [
        ("urn:ogc:def:crs:EPSG::2154", "EPSG:2154"),
        ("urn:ogc:def:crs:EPSG:6.9:2154", "EPSG:2154"),
        ("EPSG:2154", "EPSG:2154"),
        ("http://www.opengis.net/def/crs/EPSG/0/2154", "EPSG:2154"),
    ],
)
def test_the_old_crs_member_is_honoured(command, tmp_path, crs, read):
    assert (
        command("import_layer", geojson(tmp_path / "a.geojson", feature(WEST, code="W"), crs=crs), layer="a")["crs"]
        == read
    )


def test_a_crs_nobody_can_read_is_refused(command, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(WEST, code="W"), crs="Lambert")
    assert "nomme un système de coordonnées illisible (Lambert)" in command("import_layer", file, layer="a").refusal
    assert command("import_layer", file, layer="a", crs="EPSG:2154")["crs"] == "EPSG:2154"
    assert (
        "« EPSG:1 » n’est pas un système"
        in command("import_layer", geojson(file, feature(WEST)), layer="a", crs="EPSG:1").refusal
    )


def test_the_owner_s_word_on_the_crs_wins_and_is_told(command, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(WEST, code="W"), crs="EPSG:3949")
    assert command("import_layer", file, layer="a", crs="2154")["notes"] == [
        "Le fichier déclare EPSG:3949 ; EPSG:2154 a été suivi, comme demandé."
    ]


def test_a_crs_of_another_planet_has_no_place_on_the_map(command, tmp_path):
    file = geojson(tmp_path / "moon.geojson", feature(shapely.box(2, 48, 3, 49), code="1"), crs="IAU_2015:30100")
    assert "n’ont pas de place sur la carte" in command("import_layer", file, layer="a").refusal


@pytest.mark.parametrize("encoding", ["hex", "undefined", "zip"])
def test_what_is_no_encoding_of_text_is_asked_again(command, tmp_path, encoding):
    (tmp_path / "a.csv").write_text(f"code;wkt\n1;{shapely.box(0, 0, 1, 1).wkt}\n")
    refusal = command("import_layer", tmp_path / "a.csv", layer="a", encoding=encoding).refusal
    assert f"« {encoding} »" in refusal
    assert "utf-8" in refusal


def test_zones_far_from_where_we_measure_are_told(command, tmp_path):
    file = geojson(tmp_path / "boston.geojson", feature(shapely.box(-71.1, 42.3, -71, 42.4), code="1"), crs=None)
    told = command("import_layer", file, layer="a")
    assert (told["zones"], told["notes"]) == (
        1, ["1 zone est hors du domaine d’EPSG:2154 : les distances n’y sont pas exactes."],
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_geojson_in_any_encoding(command, tmp_path, encoding):
    document = json.loads(geojson(tmp_path / "a.geojson", feature(WEST, code="W", nom="Épron")).read_text())
    text = json.dumps(document, ensure_ascii=False)
    (tmp_path / "a.geojson").write_bytes(text.encode(encoding))
    told = command("import_layer", tmp_path / "a.geojson", layer="a")
    assert Zone.objects.get().name == "Épron"
    assert bool(told["notes"]) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"ty', "coupé : son texte s’arrête à la ligne 1"),
        ("a.geojson", b'{"type": "FeatureCollection",\n "features": nope}', "voyez la ligne 2"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "Le fichier ne contient aucun objet"),
        ("a.geojson", b'{"type": "Topology", "objects": {}}', "TopoJSON"),
        ("a.geojson", b'{"type": {}}', "pas du GeoJSON"),
        ("a.geojson", b"[1, 2]", "pas du GeoJSON"),
        ("a.geojson", b"[" * 100_000, "pas du GeoJSON : ses niveaux"),
        ("a.geojson", b"", "est vide"),
        ("a.geojson", b"\x00" * 100, "est vide"),
        ("a.geojson", b"Bonjour", "n’est pas d’un format connu. Donnez un GeoJSON, un GeoPackage"),
        ("a.zip", b"Bonjour", "porte le nom d’une archive ZIP et n’en est pas une"),
        ("a.zip", b"PK\x03\x04 pas un zip", "L’archive « a.zip » est abîmée ou coupée"),
        ("a.pdf", b"%PDF-1.7", "est un document PDF, pas une couche"),
        ("a.dbf", b"\x03~\x05\x12", "n’est qu’un morceau de Shapefile"),
        ("a.gpkg", b"SQLite format 3\x00" + b"\x00" * 200, "Le fichier GeoPackage est abîmé"),
        ("a.fgb", b"fgb\x03fgb\x00" + b"\xff" * 9, "Le fichier FlatGeobuf est abîmé"),
        ("a.shp", b"\x00\x00\x27\x0a" + b"\x00" * 20, "Le fichier Shapefile est abîmé"),
        ("a.kml", b"<kml><Document><Placemark>", "Le fichier KML est abîmé"),
        ("a.kml", b"<kml><!-- <OGRVRTDataSource> --></kml>", "renvoie à d’autres fichiers"),
        ("a.kml", b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><kml/>', "renvoie à d’autres fichiers"),
        ("a.xml", b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "renvoie à d’autres fichiers"),
        ("a.csv", b"code;nom\n1;Caen\n", "n’a pas de colonne de tracés (WKT), seulement : code, nom"),
        ("a.csv", b"code;wkt\n", "ne contient aucun objet"),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_told_in_a_sentence(command, tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    assert told in command("import_layer", tmp_path / name, layer="a").refusal
    assert not Layer.objects.exists()


def test_a_file_that_is_not_there(command, tmp_path):
    assert command("import_layer", tmp_path / "a.gpkg", layer="a").refusal == "Il n’y a pas de fichier « a.gpkg »."
    assert "est un dossier" in command("import_layer", tmp_path, layer="a").refusal


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".zip"])
def test_a_truncated_file_is_refused(command, tmp_path, cut, suffix):
    shapes = [box(n * 10, 0, n * 10 + 9, 9).segmentize(0.5) for n in range(200)]
    whole = (
        zipped(tmp_path / "w.zip", vector(tmp_path / "w.shp", shapes))
        if suffix == ".zip"
        else vector(tmp_path / f"w{suffix}", shapes)
    )
    content = whole.read_bytes()
    (tmp_path / f"cut{suffix}").write_bytes(content[: int(len(content) * cut)])
    assert command("import_layer", tmp_path / f"cut{suffix}", layer="a").refusal
    assert not Layer.objects.exists()


@pytest.mark.parametrize("path", ["../a.shp", "/etc/a.shp", "a/../../b.shp", "..\\a.shp", "C:/a.shp"])
def test_an_archive_that_leads_outside_is_refused(command, tmp_path, path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(path, b"x")
    assert "contient un chemin qui mène hors d’elle" in command("import_layer", tmp_path / "a.zip", layer="a").refusal


def test_a_bomb_is_refused_before_it_is_opened(command, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\x00" * (archives.SMALL_BYTES + 1))
    assert "dépasserait, décompressée" in command("import_layer", tmp_path / "a.zip", layer="a").refusal


def test_a_bomb_that_lies_about_its_size_stops_at_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 100_000)
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 5_000_000)
    content = file.read_bytes().replace(struct.pack("<I", 5_000_000), struct.pack("<I", 1000))
    file.write_bytes(content)
    with pytest.raises(UnreadableFile):
        archives.unpack(file, tmp_path / "out", file_name="a.zip")
    assert sum(each.stat().st_size for each in (tmp_path / "out").rglob("*")) < 2_000_000


def test_an_archive_without_a_layer_says_what_it_holds(command, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.dbf", b"x")
        archive.writestr("plan.pdf", b"x")
    assert (
        "ne contient aucune couche (elle contient : .dbf, .pdf)"
        in command("import_layer", tmp_path / "a.zip", layer="a").refusal
    )


def test_nothing_is_written_beside_the_file(command, tmp_path):
    vector(tmp_path / "a.gml", [shapely.box(-0.4, 49.1, -0.3, 49.2)], "EPSG:4326", FORMAT="GML3.2")
    path = shapefile(tmp_path, cpg="UTF-8")
    path.with_suffix(".shx").unlink()
    before = {each: each.stat().st_mtime_ns for each in tmp_path.iterdir()}
    assert command("import_layer", tmp_path / "a.gml", layer="a")["zones"] == 1
    assert command("import_layer", path, layer="a")["zones"] == 2
    assert {each: each.stat().st_mtime_ns for each in tmp_path.iterdir()} == before
    assert Zone.objects.filter(version__number=1).get().geom.transform(4326, clone=True).extent == pytest.approx(
        (-0.4, 49.1, -0.3, 49.2)
    )
