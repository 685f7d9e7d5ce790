"""Putting a former version in force again: a new version with its zones; what was, stays."""

import pytest

from layers.models import LayerVersion, Zone
from layers.publishing import PublicationRefused, publish
from layers.restoring import restore
from tests.layers.test_publishing import TODAY, TOMORROW, draft, in_force, periods, put
from tests.town import NEW_YEAR, NOW, SQUARES

SHRUNK = {**SQUARES, "WEST": (0, 0, 500, 2000)}


def zones(version):
    rows = Zone.objects.filter(version=version).order_by("id")
    return [(row.code, row.name, row.attributes, row.geom.wkb) for row in rows]


@pytest.fixture
def replaced(town):
    """The first version of the squares, over since today."""
    put(draft(town, SHRUNK), TODAY, reason="essai")
    return LayerVersion.objects.get(layer=town.layers["squares"], number=1)


def test_its_zones_become_a_new_draft_in_their_order(replaced):
    again = restore(replaced, by=None, now=NOW)
    assert (again.number, again.status, again.valid_from) == (3, "draft", None)
    assert zones(again) == zones(replaced)
    assert (again.report["zones"], again.report["restores"]) == (4, 1)


def test_published_it_holds_from_its_day_and_the_past_stays(replaced):
    publish(restore(replaced, by=None, now=NOW), valid_from=TOMORROW, by=None, now=NOW)
    assert periods("squares") == [
        (1, "superseded", NEW_YEAR, TODAY), (2, "published", TODAY, TOMORROW), (3, "published", TOMORROW, None),
    ]  # fmt: skip
    assert [in_force(day) for day in (NEW_YEAR, TODAY, TOMORROW)] == [{1}, {2}, {3}]


def test_asked_for_twice_it_is_one_draft(replaced):
    assert restore(replaced, by=None, now=NOW) == restore(replaced, by=None, now=NOW)
    publish(restore(replaced, by=None, now=NOW), valid_from=TODAY, by=None, now=NOW)
    assert restore(replaced, by=None, now=NOW).number == 4


def test_what_is_in_force_or_a_draft_is_not_restored(town):
    for version in (LayerVersion.objects.get(layer=town.layers["squares"]), draft(town)):
        with pytest.raises(PublicationRefused, match="rien à rétablir"):
            restore(version, by=None, now=NOW)


def test_from_its_page_to_its_draft(replaced, client, town, still_clock):
    client.force_login(town.person("analyst"))
    page = client.get("/couches/squares/versions/1/").content.decode()
    assert "Remettre en vigueur" in page
    assert "Remettre en vigueur" not in client.get("/couches/squares/versions/2/").content.decode()
    answer = client.post("/couches/squares/versions/1/reprendre/", follow=True)
    assert answer.redirect_chain == [("/couches/squares/versions/3/", 302)]
    said = answer.content.decode()
    assert "Les zones sont celles de la" in said
    assert 'value="Version 1 remise en vigueur."' in said
    client.post("/couches/squares/versions/3/publier/", {"valid_from": "2026-03-02", "reason": "retour"})
    assert LayerVersion.objects.get(number=3).status == "published"


def test_who_manages_no_layers_restores_none(replaced, client, town):
    client.force_login(town.person("agent"))
    assert "Remettre en vigueur" not in client.get("/couches/squares/versions/1/").content.decode()
    assert client.post("/couches/squares/versions/1/reprendre/").status_code == 403
