"""The table of a version's zones: every attribute, found by any word of a row, page by page, and as a file."""

import csv
import io

import pytest

from layers import attributes
from layers.models import Zone
from tests.layers.drafts import draft

pytestmark = pytest.mark.usefixtures("still_clock")
PAGE = "/couches/market/versions/2/zones/"
FACTS = {
    "e1": {"jour": "mardi", "Équipe": "Éboueurs du port", "bacs": 120.5, "nuit": True},
    "e2": {"jour": "jeudi", "Équipe": None, "bacs": 80, "nuit": False},
    "e3": {"jour": "jeudi", "tournée": ["a", "b"]},
}


@pytest.fixture
def analyst(client, town):
    version = draft(town, [(code, (n * 100, 0, n * 100 + 100, 100)) for n, code in enumerate(FACTS)])
    for code, facts in FACTS.items():
        Zone.objects.filter(version=version, code=code).update(attributes=facts, name=f"Tournée {code}")
    client.force_login(town.person("analyst"))
    return client


def codes(client, **query):
    return [row.code for row in client.get(PAGE, query).context["rows"]]


def test_every_attribute_has_its_column(analyst):
    page = analyst.get(PAGE)
    assert page.context["columns"] == ["bacs", "jour", "nuit", "tournée", "Équipe"]
    assert page.context["rows"][0].cells == ["120,5", "mardi", "oui", "–", "Éboueurs du port"]
    assert page.context["rows"][2].cells == ["–", "jeudi", "–", '["a", "b"]', "–"]


def test_fields_that_became_code_and_name_have_theirs_already(analyst, town):
    version = town.layers["market"].versions.get(number=2)
    version.report = {"code_field": "jour", "name_field": ""}
    version.save()
    assert "jour" not in analyst.get(PAGE).context["columns"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["e1", "e2", "e3"]),
        ("jeudi", ["e2", "e3"]),
        ("EBOUEURS port", ["e1"]),
        ("tournee e3", ["e3"]),
        ("equipe", []),
        ("120.5", ["e1"]),
        ("introuvable", []),
    ],
)
def test_words_are_looked_for_in_all_of_a_row(analyst, words, found):
    """Accents and capitals aside; the name of a field is no word of its rows."""
    assert codes(analyst, q=words) == found
    assert analyst.get(PAGE, {"q": words}).context["count"] == len(found)


def test_pages_follow_each_other(analyst, monkeypatch):
    monkeypatch.setattr(attributes, "PAGE", 2)
    first = analyst.get(PAGE, {"q": "tournee"})
    assert [row.code for row in first.context["rows"]] == ["e1", "e2"]
    assert codes(analyst, q="tournee", after=first.context["following"]) == ["e3"]
    assert analyst.get(PAGE, {"after": first.context["following"]}).context["following"] == ""


def test_zones_of_one_code_are_told_apart_between_pages(analyst, monkeypatch):
    Zone.objects.filter(version__number=2, version__layer__code="market").update(code="e")
    monkeypatch.setattr(attributes, "PAGE", 2)
    first = analyst.get(PAGE)
    last = analyst.get(PAGE, {"after": first.context["following"]})
    names = [row.name for page in (first, last) for row in page.context["rows"]]
    assert names == ["Tournée e1", "Tournée e2", "Tournée e3"]


@pytest.mark.parametrize("after", ["nonsense", "WzEsMl0", "WyJhXHUwMDAwIiwxXQ"])
def test_a_damaged_address_says_so(analyst, after):
    page = analyst.get(PAGE, {"after": after})
    assert (page.status_code, "repartez de la première page" in page.content.decode()) == (400, True)


def test_what_is_found_is_taken_away(analyst):
    answer = analyst.get(PAGE, {"q": "jeudi", "format": "csv"})
    table = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";")
    assert [(row["code"], row["jour"]) for row in table] == [("e2", "jeudi"), ("e3", "jeudi")]
    assert "market-2-zones.csv" in answer.headers["Content-Disposition"]


def test_the_table_costs_the_same_whatever_its_zones(analyst, town, django_assert_max_num_queries):
    draft(town, [(f"z{n}", (n, 0, n + 1, 1)) for n in range(130)])
    for address in (PAGE, "/couches/market/versions/3/zones/"):
        with django_assert_max_num_queries(8):
            analyst.get(address)
