"""Addresses come in from the national base or a commune's own, once, and as they are newest."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from basemaps.addresses import search
from basemaps.importing import services
from basemaps.models import HouseNumber, Street
from basemaps.schematic import load_schematic_addresses
from tests.basemaps.address_files import BAL, BAN, bal, ban, written
from tests.layers.commands import run
from tests.town import line, point
from tests.town_background import STREET, landmark

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(tmp_path):
    """`take(BAN, [ban(), …])`: what the command reports of a file of these rows."""

    def taken(columns, rows, name="adresses.csv", **how):
        return run("import_addresses", written(tmp_path / name, columns, rows, **how))

    return taken


def labels():
    return sorted(f"{each} {each.street}" for each in HouseNumber.objects.select_related("street"))


def reasons(told):
    return {each["line"]: each["reason"] for each in told["refused"]}


def test_the_national_base_is_recognised_by_its_first_row(take):
    told = take(BAN, [ban(12), ban(14, rep="bis"), ban(16, nom_voie="Place du Marché")])
    assert told == {
        "imported": 3, "updated": 0, "skipped": 0, "refused": [],
        "recognised": {"format": "ban", "encoding": "utf-8", "separator": ";"},
    }  # fmt: skip
    assert labels() == [
        "12 Rue de la Fontaine, Modèle",
        "14 bis Rue de la Fontaine, Modèle",
        "16 Place du Marché, Modèle",
    ]
    [found] = search(text="12 rue de la fontaine")
    assert (found.postcode, found.citycode, found.approximate) == ("14990", "14999", False)
    assert found.geom.distance(point((100, 1490))) < 0.1


@pytest.mark.parametrize(
    ("encoding", "separator", "zipped"), [("cp1252", ";", False), ("utf-8-sig", ",", True), ("utf-16", "\t", False)]
)
def test_a_communes_own_base_comes_in_any_encoding_and_separator(take, encoding, separator, zipped):
    told = take(BAL, [bal(voie_nom="Allée des Hêtres")], encoding=encoding, separator=separator, zipped=zipped)
    assert (told["imported"], told["recognised"]["format"]) == (1, "bal")
    assert labels() == ["12 Allée des Hêtres, Modèle"]


def test_the_same_file_again_adds_and_changes_nothing(take):
    rows = [ban(number) for number in (12, 14, 16)]
    take(BAN, rows)
    before = list(HouseNumber.objects.values_list("id", "geom"))
    again = take(BAN, rows)
    assert (again["imported"], again["updated"], again["skipped"]) == (0, 0, 3)
    assert list(HouseNumber.objects.values_list("id", "geom")) == before


def test_a_newer_file_moves_and_adds(take):
    take(BAL, [bal(12), bal(14)])
    told = take(BAL, [bal(12, (160, 1490), date_der_maj="2026-01-31"), bal(14), bal(16)])
    assert (told["imported"], told["updated"], told["skipped"]) == (1, 1, 1)
    assert HouseNumber.objects.get(number=12).geom.distance(point((160, 1490))) < 0.1


def test_an_older_file_changes_nothing(take):
    take(BAL, [bal(12)])
    told = take(BAL, [bal(12, (160, 1490), date_der_maj="2019-01-31")])
    assert (told["updated"], told["skipped"]) == (0, 1)
    assert HouseNumber.objects.get().geom.distance(point((100, 1490))) < 0.1


def test_an_address_renamed_in_the_national_base_is_known_by_its_new_name_only(take):
    take(BAN, [ban(12), ban(14)])
    told = take(BAN, [ban(12, nom_voie="Rue de la Source"), ban(14)])
    assert (told["imported"], told["updated"], told["skipped"]) == (0, 1, 1)
    assert labels() == ["12 Rue de la Source, Modèle", "14 Rue de la Fontaine, Modèle"]


def test_both_bases_may_tell_of_one_address(take):
    take(BAN, [ban(12)])
    told = take(BAL, [bal(12, voie_nom="RUE DE LA FONTAINE")])
    assert told["imported"] == 0
    assert labels() == ["12 Rue de la Fontaine, Modèle"]
    assert Street.objects.get().postcode == "14990"


def test_of_several_positions_of_one_address_its_entrance_is_kept(take):
    told = take(
        BAL,
        [bal(12, (300, 1490), position="parcelle"), bal(12, position="entrée"), bal(12, (9, 9), position="segment")],
    )
    assert (told["imported"], told["skipped"]) == (1, 2)
    assert HouseNumber.objects.get().geom.distance(point((100, 1490))) < 0.1


def test_a_locality_without_numbers_is_a_place_and_so_is_one_that_addresses_lie_in(take):
    take(BAL, [
        bal(99999, (700, 700), voie_nom="Le Clos Fleuri"),
        *(bal(number, (number * 10, 1490), lieudit_complement_nom="La Haute Bruyère") for number in (2, 4, 6)),
    ])  # fmt: skip
    clos, bruyere = search(text="clos fleuri")[0], search(text="haute bruyere")[0]
    assert (clos.label, clos.kind, clos.approximate) == ("Le Clos Fleuri, Modèle", "place", False)
    assert (bruyere.label, bruyere.kind) == ("La Haute Bruyère, Modèle", "place")
    assert bruyere.geom.distance(point((40, 1490))) < 0.1


def test_streets_of_one_name_in_the_former_communes_of_one_stay_apart(take):
    take(BAN, [ban(2, nom_ancienne_commune="Amont"), ban(2, (800, 800), id="x", nom_ancienne_commune="Aval")])
    assert [each.label for each in search(text="2 rue de la fontaine aval")] == ["2 Rue de la Fontaine, Modèle (Aval)"]
    assert [each.label for each in search(text="2 rue de la fontaine")] == [
        "2 Rue de la Fontaine, Modèle (Amont)", "2 Rue de la Fontaine, Modèle (Aval)"
    ]  # fmt: skip


def test_metres_alone_are_a_position_and_overseas_they_are_other_metres(take):
    metres = {"lat": "", "long": ""}
    take(BAL, [
        bal(12, **metres, x="450100", y="6901490"),
        bal(2, **metres, commune_insee="97411", commune_nom="Saint-Denis", x="339000", y="7690000"),
    ])  # fmt: skip
    assert HouseNumber.objects.get(number=12).geom.distance(point((100, 1490))) < 0.1
    [there] = search(text="2 rue de la fontaine saint denis", limit=1)
    assert (there.lon, there.lat) == pytest.approx((55.45, -20.89), abs=0.05)


def test_bad_rows_are_refused_each_with_its_line_and_reason(take):
    lon, lat = bal()["long"], bal()["lat"]
    told = take(BAL, [
        bal(12),
        bal("douze"),
        bal(14, voie_nom=" - "),
        bal(14, commune_insee="", cle_interop="A4999_0010_00014"),
        bal(14, long="", lat=""),
        bal(14, long="200"),
        bal(14, long=lat, lat=lon),
        bal(14, commune_nom=""),
        bal(-3),
        bal(14, id_ban_adresse="3c87abe4"),
        bal(16),
    ])  # fmt: skip
    assert told["imported"] == 2
    assert reasons(told) == {
        3: "« douze » n’est pas un numéro de voie.",
        4: "Ni voie ni lieu-dit n’y sont nommés.",
        5: "« A4999 » n’est pas un code INSEE de commune.",
        6: "Elle n’a pas de position.",
        7: f"« 200, {lat} » n’est ni une longitude ni une latitude en degrés.",
        8: "La position est hors du pays de sa commune.",
        9: "Aucune commune n’y est nommée.",
        10: "« -3 » n’est pas un numéro de voie.",
        11: "id_ban_adresse : « 3c87abe4 » n’est pas un UUID.",
    }


def test_a_row_with_too_few_cells_is_refused(tmp_path):
    path = written(tmp_path / "a.csv", BAN, [ban(12), ban(14)])
    path.write_text(path.read_text() + "14999_0010_00016;;16\n")
    told = run("import_addresses", path)
    assert (told["imported"], list(reasons(told))) == (2, [4])


def test_a_table_of_something_else_is_refused_with_what_it_lacks(take):
    told = take(["nom", "lon", "lat"], [{"nom": "x", "lon": 1, "lat": 2}])
    assert "il y manque numero, voie_nom, commune_nom, long, lat, commune_insee." in told.refusal
    assert not HouseNumber.objects.exists()


def test_nothing_to_take_ends_in_failure(take):
    assert take(BAN, []).refusal == take(BAN, [ban("x")]).refusal == "Aucune adresse n’a pu être reprise."


def test_a_file_that_is_not_there_is_said(tmp_path):
    assert "nulle-part.csv" in run("import_addresses", tmp_path / "nulle-part.csv").refusal


def test_it_tells_a_person_what_it_did_and_how_far_it_is(tmp_path):
    out, progress = StringIO(), StringIO()
    path = written(tmp_path / "a.csv", BAN, [ban(12), ban("x")])
    call_command("import_addresses", path, stdout=out, stderr=progress)
    assert out.getvalue().splitlines() == [
        "Base adresse nationale : fichier en utf-8, cellules séparées par ;.",
        "Ligne 3 refusée : « x » n’est pas un numéro de voie.",
        "1 nouvelles, 0 mises à jour, 0 passées, 1 refusées.",
    ]
    assert "100 % du fichier : 1 nouvelles" in progress.getvalue()
    with pytest.raises(CommandError):
        call_command("import_addresses", written(tmp_path / "b.csv", BAN, []), stdout=out, stderr=progress)


def test_a_file_longer_than_a_chunk_is_stored_chunk_by_chunk(take, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(services, "CHUNK", 10)
    rows = [ban(number, (number, 1490)) for number in range(1, 31)]
    with django_assert_max_num_queries(3 * 12):  # savepoints included; none for each row
        assert take(BAN, rows)["imported"] == 30
    assert take(BAN, rows)["skipped"] == 30


def test_schematic_addresses_give_way_to_others_of_the_commune(take):
    landmark(STREET, "Rue Droite", line((0, 10), (500, 10)), numbers_from=1, numbers_to=40, schematic=True)
    assert load_schematic_addresses(city="Modèle", citycode="14999") == 9
    take(BAN, [ban(12)])
    assert labels() == ["12 Rue de la Fontaine, Modèle"]


PEAK = """
import itertools, resource, sys, django
django.setup()
from basemaps.importing import formats, rows, services
from gisplatform.csvfiles import open_csv
file = open_csv(sys.argv[1])
reader = rows.RowReader(file, formats.recognised(file))
report = services.Report(recognised={})
taken = services._rows(file, reader, report)
while chunk := list(itertools.islice(taken, 1000)): pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def test_reading_takes_no_more_memory_for_more_rows(tmp_path, settings):
    one = ban()

    def peak_mb(count):
        rows = ({**one, "id": row, "numero": 1 + row % 999} for row in range(count))
        path = written(tmp_path / f"{count}.csv", BAN, rows)
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(path)],
            cwd=settings.BASE_DIR, env={**os.environ, "DJANGO_SETTINGS_MODULE": "gisplatform.settings"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return float(done.stdout)

    assert peak_mb(40_000) < peak_mb(2_000) + 10
