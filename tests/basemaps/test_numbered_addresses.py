"""Imported addresses answer before the background's streets, typed or pointed at."""

import pytest
from django.db import connection

from basemaps.addresses import reverse, search
from basemaps.importing.services import import_addresses
from basemaps.reading import readings
from basemaps.words import COMMON
from gisplatform import sql
from tests.basemaps.address_files import BAL, BAN, bal, ban, written
from tests.town import line, point


@pytest.fixture(autouse=True)
def addresses(background, tmp_path):
    """Numbers of rue Saint-Pierre, south of its line, of a street the background does not know, and of one in Îlot."""
    rows = [
        *(bal(number, (number * 10, 1490), voie_nom="Rue Saint-Pierre") for number in (1, 3, 11, 2, 8)),
        bal(3, (36, 1490), voie_nom="Rue Saint-Pierre", suffixe="bis"),
        bal(3, (38, 1490), voie_nom="Rue Saint-Pierre", suffixe="c"),
        bal(5, (600, 300), voie_nom="Impasse du Four à Pain"),
        bal(7, (620, 300), voie_nom="Impasse du Four à Pain", suffixe="bis"),
        bal(20, (2100, 1900), voie_nom="Rue de la Forge", commune_nom="Îlot", commune_insee="14998"),
    ]
    import_addresses(path=written(tmp_path / "bal.csv", BAL, rows))


def first(text):
    found = search(text=text)[0]
    return found.label, found.approximate


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("3 rue saint-pierre", "3 Rue Saint-Pierre, Modèle"),
        ("3 bis r. st pierre", "3 bis Rue Saint-Pierre, Modèle"),
        ("3bis rue saint pierre", "3 bis Rue Saint-Pierre, Modèle"),
        ("3b rue saint pierre", "3 bis Rue Saint-Pierre, Modèle"),
        ("3 C rue saint pierre", "3 c Rue Saint-Pierre, Modèle"),
        ("rue saint pierre 11", "11 Rue Saint-Pierre, Modèle"),
        ("modele, 5 imp. four a pain", "5 Impasse du Four à Pain, Modèle"),
        ("7 impasse du four a pain", "7 bis Impasse du Four à Pain, Modèle"),
        ("20 rue forge", "20 Rue de la Forge, Îlot"),
    ],
)
def test_an_address_is_found_where_it_is(typed, label):
    assert first(typed) == (label, False)


def test_a_street_answers_once_though_the_background_draws_it_too():
    assert [each.label for each in search(text="rue saint-pierre")].count("Rue Saint-Pierre, Modèle") == 1


def test_a_number_nobody_gave_lies_between_its_neighbours_of_the_same_side():
    [found] = search(text="7 rue saint-pierre", limit=1)
    assert (found.label, found.approximate) == ("7 Rue Saint-Pierre, Modèle", True)
    assert found.geom.distance(point((70, 1490))) < 0.1
    assert search(text="5 rue saint-pierre")[0].geom.distance(point((50, 1490))) < 2.1  # from 3, 3 bis or 3 c
    assert first("8 ter rue saint-pierre") == ("8 ter Rue Saint-Pierre, Modèle", True)


def test_a_number_beyond_the_last_is_left_out():
    assert first("400 impasse du four a pain") == ("Impasse du Four à Pain, Modèle", True)


def test_a_postcode_decides_between_two_streets_of_one_name(tmp_path):
    towns = {"14991": "Aval", "14992": "Bourg", "14993": "Clos"}
    rows = [ban(1, code_insee=code, nom_commune=name, code_postal=code, id=code) for code, name in towns.items()]
    import_addresses(path=written(tmp_path / "ban.csv", BAN, rows))
    assert first("1 rue de la fontaine 14992") == ("1 Rue de la Fontaine, Bourg", False)
    assert first("14993, rue de la fontaine 1") == ("1 Rue de la Fontaine, Clos", False)


def test_what_is_pointed_at_is_the_nearest_address():
    found = reverse(geom=point((31, 1495)))
    assert (found.label, found.approximate) == ("3 Rue Saint-Pierre, Modèle", False)
    assert found.away_m == pytest.approx(26**0.5, abs=0.1)
    assert reverse(geom=line((37.9, 1480), (37.9, 1300))).label == "3 c Rue Saint-Pierre, Modèle"


def test_far_from_addresses_it_is_the_nearest_street():
    assert reverse(geom=point((800, 1510))).label == "81 Rue Saint-Pierre, Modèle"
    assert reverse(geom=point((800, 1510))).approximate


@pytest.mark.parametrize("typed", ["12 rue sant piere", "3 bis rue saint-pierre, modele", "impasse"])
def test_it_is_one_statement(typed, django_assert_num_queries):
    with django_assert_num_queries(1):
        search(text=typed)


def plan(text, parameters):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # in a table this small it would be right
        cursor.execute("EXPLAIN " + text, parameters)
        return "\n".join(row for (row,) in cursor.fetchall())


def test_every_table_is_reached_through_an_index():
    read = readings("3 bis rue sant piere")
    parameters = {
        "words": [each.words for each in read], "told": [each.told for each in read],
        "queries": [each.query for each in read], "numbers": [each.number for each in read],
        "suffixes": [each.suffix for each in read], "common": sorted(COMMON), "postcode": "", "max_items": 5,
    }  # fmt: skip
    told = plan(sql.load("basemaps", "addresses"), parameters)
    for index in ("street_tokens", "word_trigrams", "word_shape", "landmark_words", "address_of_street"):
        assert index in told
    assert "Seq Scan" not in told
    near = plan(sql.load("basemaps", "nearest_address"), {"geom": point((0, 0)).ewkb, "within_m": 60.0})
    assert "basemaps_housenumber_geom" in near
