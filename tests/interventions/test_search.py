"""Words typed above a list: what finds a request, and what keeps quiet about who asked."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import QueryDict

from gisplatform import sql
from interventions.glossary.models import Category
from interventions.requests import search
from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact
from tests.town import STALL, Town


@pytest.fixture
def found(town: Town):
    """`found(words, role=…)`: the names of the requests that come, among two."""
    lamp = town.request(
        description="Le lampadaire clignote.Réparation urgente, sur le mur de l’école",
        address="12/14 rue Écuyère, Caen",
        contact=Contact(name="Zoé Lefèvre", email="zoe.l@example.org", phone="+33 2 31 00 00 01"),
    )
    bin_ = town.request(STALL, category=town.categories["bins"], description="Déborde depuis lundi")
    rows = {"lamp": lamp, "bin": bin_}

    people = {role: town.person(role) for role in ("regulator", "technician")}

    def apply(words: str, *, role: str = "regulator") -> set[str]:
        asking = SimpleNamespace(user=people[role])
        query = QueryDict(mutable=True)
        query["q"] = words
        listed = RequestFilter(query, queryset=ServiceRequest.objects.all(), request=asking)
        assert listed.form.is_valid(), listed.form.errors
        ids = set(listed.qs.values_list("pk", flat=True))
        return {name for name, row in rows.items() if row.pk in ids}

    apply.rows = rows
    return apply


@pytest.mark.parametrize("words", [
    "lampadaires", "LAMPADAIRE", "clignotent", "ecole", "l'école", "mur de l'école", "écoles murs", "urgente",
    "rue ecuyere", "14 rue écuyère", "12/14", "caen lampadaire", "« mur de l’école »", '"sur le mur',
])  # fmt: skip
def test_these_words_find_it(found, words):
    assert found(words) == {"lamp"}


@pytest.mark.parametrize("words", ["lampe", "lampadaire absent", '"école mur"', '"mur lampadaire"', "13 rue écuyère"])
def test_these_words_find_nothing(found, words):
    assert found(words) == set()


@pytest.mark.parametrize("word", ["réparation", "lampadaire", "clignote", "urgente"])
def test_a_word_is_found_while_it_is_typed(found, word):
    assert [word[:length] for length in range(3, len(word)) if found(word[:length]) != {"lamp"}] == []


def test_only_the_last_word_may_be_unfinished(found):
    assert found("rue lampad") == {"lamp"}
    assert found("lampad rue") == set()


def test_a_reference_is_found_whole_by_its_beginning_and_by_its_number(found):
    reference = found.rows["lamp"].reference
    year, number, _digit = reference.split("-")
    for words in (reference, reference[:-2], f"{year}-{number[:-1]}{number[-1]}", number, number.lstrip("0")):
        assert "lamp" in found(words), words
    assert found(reference) == {"lamp"}


def test_a_whole_reference_is_that_request_and_quoted_those_that_mention_it(found):
    reference, mentions = found.rows["lamp"].reference, found.rows["bin"]
    mentions.description = f"Voir {reference}."
    mentions.save(update_fields=["description"])
    assert found(f" {reference} ") == {"lamp"}
    assert found(f'"{reference}"') == {"lamp", "bin"}
    mistyped = f"{reference[:-1]}{(int(reference[-1]) + 1) % 10}"
    assert found(mistyped) == set()


def test_the_names_of_category_and_family_find_its_requests(found, town):
    assert found(town.categories["bins"].name) == {"bin"}
    assert found(town.family.name) == {"lamp", "bin"}


def test_a_category_is_found_by_its_new_name_at_once(found, town):
    Category.objects.filter(code="bins").update(name="Poubelle publique")
    assert found("poubelles") == {"bin"}


def test_a_request_put_in_another_category_is_found_by_that_one(found, town):
    row = found.rows["lamp"]
    row.category = town.categories["bins"]
    row.save(update_fields=["category"])
    assert found(town.categories["bins"].name) == {"lamp", "bin"}


@pytest.mark.parametrize(
    "words", ["la", "de la", "&", "!(", ":*", "<->", "\\", "'", '"', "a:b <-> c | !d & (", "%", "' OR 1=1"]
)
def test_what_says_nothing_or_looks_like_an_operator_is_no_error(found, words):
    found(words)


def test_words_that_say_nothing_hide_nothing(found):
    assert found("de la") == {"lamp", "bin"}


@pytest.mark.parametrize("words", [
    "lefevre", "Zoé Lefèvre", "fèv", "zoe.l@example.org", "example", "02 31 00 00 01", "0231000001", "+33231000001",
    "+33 2 31 00 00 01", "02.31.00", "00 00 01", "lefevre lampadaire", "zoé école",
])  # fmt: skip
def test_who_asked_is_found_by_who_may_see_them_and_by_nobody_else(found, words):
    assert found(words) == {"lamp"}
    assert found(words, role="technician") == set()


def test_who_asked_is_not_found_by_two_letters_or_another_number(found):
    assert found("zz") == found("02 31 00 00 02") == set()


def test_signs_of_patterns_are_letters_like_others(found):
    assert found("le%vre") == found("l_f") == set()


def test_a_name_that_very_many_bear_finds_them_all(found, town, monkeypatch):
    monkeypatch.setattr(search, "PEOPLE_AT_MOST", 0)
    assert found("lefevre") == {"lamp"}
    assert found("lefevre lampadaire") == {"lamp"}


def test_nothing_of_who_asked_is_among_the_words_of_the_request(found):
    words = ServiceRequest.objects.values_list("words", flat=True).get(pk=found.rows["lamp"].pk)
    assert "lampadair" in words
    assert not any(part in words for part in ("zo", "lefevr", "exampl", "31"))


def test_the_words_are_understood_in_one_statement(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        search.matching("lampadaires rue Écuyère Lefèvre", people=True)


def test_words_and_people_come_through_their_indexes(found):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = ServiceRequest.objects.filter(search.matching("lefevre", people=True)).explain()
    assert "BitmapOr" in plan
    assert "Bitmap Index Scan on request_words" in plan
    assert "Filter" not in plan


def test_people_are_looked_up_by_an_index(found):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        text = sql.load("interventions.requests", "words")
        parameters = {"stems": ["x"], "letters": [""], "people": ["lefevre"], "most": 10}
        cursor.execute("EXPLAIN " + text, parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on requester_person" in plan
