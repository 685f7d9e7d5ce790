"""Addresses as communes write them: the samples of two readers of BAL, each taken or refused as its name says."""

import os
from pathlib import Path

import pytest

from basemaps.models import HouseNumber
from tests.layers.commands import run

DATA = Path(os.environ.get("GISPLATFORM_TEST_DATA", "")) / "addresses"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif("GISPLATFORM_TEST_DATA" not in os.environ, reason="GISPLATFORM_TEST_DATA is not set"),
    pytest.mark.django_db,
]
NO_UUID = "n’est pas un UUID"
TWICE = "Un même identifiant désigne deux choses"
ALONE = "Une adresse s’identifie dans une voie"
NO_COMMUNE = "n’est pas un code INSEE de commune"
LACKS = "Ce n’est pas une table d’adresses, BAN ou BAL : il y manque "
NO_TEXT = "La ligne 6 n’est pas du texte"
NOTHING = "Aucune adresse n’a pu être reprise."

# File → (new, skipped, {line: reason}, what the command ends with). An address twice in a file is skipped once.
EXPECTED = {
    "bal_validateur/1.3-valid.csv": (1, 0, {}, ""),
    "bal_validateur/1.3-valid-uid_adresse.csv": (1, 0, {}, ""),
    "bal_validateur/1.3-invalid-uid_adresse.csv": (0, 0, {2: NO_UUID}, NOTHING),
    "bal_validateur/1.3-incoherent-uid_adresse.csv": (0, 0, {2: ALONE}, NOTHING),
    "bal_validateur/1.4-valid.csv": (1, 1, {}, ""),
    "bal_validateur/1.4-valid-relax.csv": (1, 0, {}, ""),
    "bal_validateur/1.4-ids-ban-empty.csv": (1, 1, {}, ""),
    "bal_validateur/1.4-good-dependance-id-ban.csv": (1, 0, {}, ""),
    "bal_validateur/1.4-bad-dependance-id-ban.csv": (0, 0, {2: ALONE}, NOTHING),
    "bal_validateur/1.4-bad-id-ban-adresse.csv": (0, 0, {2: NO_UUID}, NOTHING),
    "bal_validateur/1.4-bad-id-ban-commune.csv": (0, 0, {2: NO_UUID}, NOTHING),
    "bal_validateur/1.4-bad-id-ban-toponyme.csv": (0, 0, {2: NO_UUID}, NOTHING),
    "bal_validateur/1.4-incoherent-id-ban.csv": (0, 0, {2: TWICE}, NOTHING),
    "bal_validateur/1.4-without-ban-adresse.csv": (0, 0, {2: TWICE}, NOTHING),
    # Its one row is that of the good file above, letter by letter: a commune's identifier alone contradicts nothing.
    "bal_validateur/1.4-incoherent-dependance-id-ban.csv": (1, 0, {}, ""),
    # Which commune has which identifier is in a register that is not here, and the second row is the first one again.
    "bal_validateur/1.4-cog-no-match-id_ban_commune.csv": (1, 1, {}, ""),
    # The row without identifiers is the address of the row before.
    "bal_validateur/1.4-no-ids-ban-every.csv": (1, 1, {}, ""),
    "bal_validateur/1.5-valid.csv": (1, 1, {}, ""),
    "bal_validateur/1.5-without-ban-ids.csv": (1, 1, {}, ""),
    "bal_validateur/auto-detect-1.4.csv": (1, 0, {}, ""),
    "bal_validateur/auto-detect-1.5.csv": (1, 0, {}, ""),
    "bal_validateur/toponyme-replacing-voie_nom.csv": (1, 0, {}, ""),
    "bal_validateur/without-voie_nom-nor-toponyme.csv": (0, 0, {}, LACKS + "voie_nom."),
    "bal_validateur/without_row.csv": (0, 0, {}, NOTHING),
    "bal_validateur/locales.csv": (0, 0, {}, LACKS + "numero, long, lat."),
    "bal_validateur/junk.ascii.csv": (0, 0, {}, LACKS),
    "bal_validateur/aliases.csv": (1, 0, {}, ""),
    "bal_etalab/aliases.csv": (1, 0, {}, ""),
    # Keys of no commune in the rows 2 and 3; 15 rows tell of eight addresses, for a repetition stands in keys only.
    **{
        f"bal_{name}": (8, 5, {2: NO_COMMUNE, 3: NO_COMMUNE}, "")
        for name in ("etalab/sample.csv", "etalab/sample.ansi.csv", "validateur/sample.csv")
    },
    # Columns of a city's own, neither BAN nor BAL, and letters of an encoding that nobody says.
    "bal_etalab/ban_short.csv": (0, 0, {}, NO_TEXT),
    "bal_etalab/junk.ascii.csv": (0, 0, {}, LACKS),
}


def test_every_sample_is_in_the_table():
    assert {str(path.relative_to(DATA)) for path in DATA.rglob("*.csv")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_taken_or_refused_as_its_name_says(name):
    taken, skipped, reasons, refusal = EXPECTED[name]
    told = run("import_addresses", DATA / name)
    found = {each["line"]: each["reason"] for each in told.get("refused", [])}
    assert (told.get("imported", 0), told.get("skipped", 0), found.keys()) == (taken, skipped, reasons.keys())
    assert all(reasons[line] in said for line, said in found.items())
    assert told.refusal.startswith(refusal) if refusal else told.refusal == ""
    assert HouseNumber.objects.count() == taken
    again = run("import_addresses", DATA / name)
    assert again.get("imported", 0) == again.get("updated", 0) == 0


def test_accents_survive_whatever_the_encoding():
    for name in ("bal_etalab/sample.ansi.csv", "bal_etalab/sample.csv"):
        told = run("import_addresses", DATA / name)
        assert told["recognised"]["encoding"] == ("cp1252" if "ansi" in name else "utf-8")
    assert set(HouseNumber.objects.filter(number=43).values_list("street__name", flat=True)) == {"Rue de l'Aubépine"}
