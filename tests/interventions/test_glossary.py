"""The glossary of the demo, asked in callers' words."""

import datetime
import json
import unicodedata
from pathlib import Path

import pytest

from interventions.glossary.models import Category, Family
from interventions.glossary.queries import in_use, search

GLOSSARY = json.loads((Path(__file__).parents[2] / "fixtures/glossary.json").read_text(encoding="utf-8"))
SAYINGS = [(text, each["code"]) for each in GLOSSARY["categories"] for text in [each["name"], *each["synonyms"]]]
TODAY = datetime.date(2026, 3, 2)


@pytest.fixture
def glossary(db):
    families = {each["code"]: Family.objects.create(**each) for each in GLOSSARY["families"]}
    for each in GLOSSARY["categories"]:
        Category.objects.create(**{**each, "family": families[each["family"]]})


def first(text: str) -> str | None:
    found = search(text=text, on=TODAY)
    return found[0].code if found else None


def without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


def with_a_letter_missing(text: str) -> str:
    """Without the middle letter of its longest word."""
    word = max(text.split(), key=len)
    return text.replace(word, word[: len(word) // 2] + word[len(word) // 2 + 1 :])


def share_found_first(change) -> float:
    some = SAYINGS[::3]  # one in three tells as much, in a third of the time
    return sum(first(change(text)) == code for text, code in some) / len(some)


def test_every_saying_finds_its_category_first(glossary):
    assert [text for text, code in SAYINGS if first(text) != code] == []


def test_accents_and_capitals_are_not_needed(glossary):
    assert share_found_first(lambda text: without_accents(text).upper()) == 1


def test_a_letter_missing_in_the_longest_word_changes_little(glossary):
    assert share_found_first(with_a_letter_missing) >= 0.97


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("mon lampadaire clignote", "lampadaire-panne"),
        ("il y a un lampadaire devant chez moi qui clignote tout le temps", "lampadaire-panne"),
        ("bonjour madame, y a plus de lumière dans ma rue", "rue-eteinte"),
        ("trou devant chez moi", "nid-de-poule"),
        ("trotoir abimé", "trottoir-degrade"),
        ("grafiti", "graffiti"),
        ("lampadere", "lampadaire-panne"),
        ("ma poubelle est pas passée", "bac-non-collecte"),
        ("ça sent l'égout", "avaloir-egout"),
        ("rat", "avaloir-egout"),
        ("lampad", "lampadaire-panne"),
        ("frel", "nid-frelons"),
    ],
)  # fmt: skip
def test_what_callers_say_that_nobody_wrote_down(glossary, said, code):
    assert first(said) == code


def test_the_saying_that_matched_is_told(glossary):
    found = search(text="mon lampadaire clignote", on=TODAY)[0]
    assert (found.name, found.family, found.synonym) == (
        "Lampadaire en panne",
        "Éclairage public",
        "mon lampadaire clignote",
    )
    assert search(text="lampadaire en panne", on=TODAY)[0].synonym is None


@pytest.mark.parametrize("said", ["", "  ", "la", "xyzzy", "'; --", "%", "!&|"])
def test_what_means_nothing_finds_nothing(glossary, said):
    assert search(text=said, on=TODAY) == []


def test_no_more_than_asked(glossary):
    assert len(search(text="poubelle", limit=3, on=TODAY)) == 3


def test_retired_categories_and_families_are_left_out(glossary):
    Category.objects.filter(code="lampadaire-panne").update(retired_on=TODAY)
    Family.objects.filter(code="dechets").update(retired_on=TODAY)
    assert "lampadaire-panne" not in [each.code for each in search(text="mon lampadaire clignote", on=TODAY)]
    assert first("bac non collecté") not in {"bac-non-collecte", "bac-casse"}
    assert {each.family.code for each in in_use(TODAY)} == {each["code"] for each in GLOSSARY["families"]} - {"dechets"}
    assert in_use(TODAY - datetime.timedelta(days=1)).filter(code="lampadaire-panne").exists()


def test_a_search_is_one_statement(glossary, django_assert_num_queries):
    with django_assert_num_queries(1):
        search(text="mon lampadaire clignote", on=TODAY)
