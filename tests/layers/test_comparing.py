"""What changed between two versions, drawn with squares of the model town."""

import pytest
from django.utils import timezone

from layers.comparing import compare, ground
from layers.models import LayerVersion, Zone
from tests.layers.drafts import draft
from tests.town import SQUARES

HALVES = [("a", (0, 0, 100, 100)), ("b", (100, 0, 200, 100))]


def versions(town, before, after):
    return draft(town, before), draft(town, after)


def told(comparison):
    return [
        (change.kind, [each.code for each in change.before], [each.code for each in change.after])
        for change in comparison.changes
    ]


def passed(comparison):
    return [
        (each.before and each.before.code, each.after and each.after.code, round(each.area_m2))
        for each in comparison.passages
    ]


def test_the_same_outlines_are_the_same(town):
    found = compare(*versions(town, HALVES, HALVES))
    assert (found.changes, found.passages, found.counts()) == ([], [], {"same": 2})


def test_a_border_that_moved_says_what_went_where(town):
    after = [("a", (0, 0, 90, 100)), ("b", (90, 0, 200, 100))]
    found = compare(*versions(town, HALVES, after))
    assert told(found) == [("moved", ["a"], ["a"]), ("moved", ["b"], ["b"])]
    assert passed(found) == [("a", "b", 1000)]
    assert [(change.gained_m2, change.lost_m2) for change in found.changes] == [(0, 1000), (1000, 0)]


def test_a_zone_is_known_by_its_ground_and_not_by_its_code(town):
    found = compare(*versions(town, HALVES, [("b", (0, 0, 100, 100)), ("c", (100, 0, 200, 100))]))
    assert told(found) == [("renamed", ["a"], ["b"]), ("renamed", ["b"], ["c"])]
    assert found.passages == []


def test_two_become_one(town):
    found = compare(*versions(town, HALVES, [("ab", (0, 0, 200, 100))]))
    assert (told(found), found.passages) == ([("merged", ["a", "b"], ["ab"])], [])


def test_one_becomes_two(town):
    found = compare(*versions(town, [("ab", (0, 0, 200, 100))], HALVES))
    assert (told(found), found.passages) == ([("split", ["ab"], ["a", "b"])], [])


def test_two_become_two_others(town):
    after = [("south", (0, 0, 200, 50)), ("north", (0, 50, 200, 100))]
    assert told(compare(*versions(town, HALVES, after))) == [("redrawn", ["a", "b"], ["north", "south"])]


def test_what_is_new_and_what_is_gone(town):
    found = compare(*versions(town, [HALVES[0]], [("z", (500, 0, 600, 100))]))
    assert told(found) == [("added", [], ["z"]), ("removed", ["a"], [])]
    assert passed(found) == [(None, "z", 10_000), ("a", None, 10_000)]


def test_a_zone_that_grew_over_nobodys_ground(town):
    found = compare(*versions(town, [HALVES[0]], [("a", (0, 0, 100, 120))]))
    assert told(found) == [("moved", ["a"], ["a"])]
    assert passed(found) == [(None, "a", 2000)]


def test_a_square_metre_is_no_change(town):
    after = [("a", (0, 0, 99.996, 100)), ("b", (99.996, 0, 200, 100))]
    assert compare(*versions(town, HALVES, after)).counts() == {"same": 2}
    assert passed(compare(*versions(town, HALVES, after), tolerance_m2=0.1)) == [("a", "b", 0)]


def test_zones_of_one_code_count_together(town):
    pieces = [("a", (0, 0, 100, 50)), ("a", (0, 50, 100, 100)), HALVES[1]]
    assert compare(*versions(town, pieces, HALVES)).counts() == {"same": 2}


LARGE, INNER = ("a", (0, 0, 100, 100)), ("b", (10, 10, 90, 90))


def test_zones_that_overlap_are_the_same_where_they_stay(town):
    found = compare(*versions(town, [LARGE, INNER], [LARGE, INNER]))
    assert (found.changes, found.passages, found.counts()) == ([], [], {"same": 2})


def test_two_zones_on_the_same_ground_are_told_apart_by_their_codes(town):
    twins = [LARGE, ("b", (0, 0, 100, 100))]
    assert compare(*versions(town, twins, [*reversed(twins)])).counts() == {"same": 2}


def test_one_of_two_that_overlap_is_renamed(town):
    found = compare(*versions(town, [LARGE, INNER], [LARGE, ("c", (10, 10, 90, 90))]))
    assert (told(found), found.passages) == ([("renamed", ["b"], ["c"])], [])


def test_one_of_two_that_overlap_grows_and_the_other_loses_nothing(town):
    found = compare(*versions(town, [LARGE, INNER], [LARGE, ("b", (10, 10, 90, 95))]))
    assert (told(found), found.passages, found.counts()["same"]) == ([("moved", ["b"], ["b"])], [], 1)
    assert [(change.gained_m2, change.lost_m2) for change in found.changes] == [(400, 0)]


def test_the_ground_is_drawn_where_it_lies(town):
    after = [("a", (0, 0, 90, 100)), ("b", (90, 0, 200, 100)), ("new", (300, 0, 350, 100))]
    features = ground(compare(*versions(town, HALVES, after)))["features"]
    assert [(each["id"], each["properties"]) for each in features] == [
        (1, {"before": None, "after": "new", "area_m2": 5000}),
        (2, {"before": "a", "after": "b", "area_m2": 1000}),
    ]
    assert {each["geometry"]["type"] for each in features} <= {"Polygon", "MultiPolygon"}


# --- The page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def analyst(client, town):
    client.force_login(town.person("analyst"))
    return client


@pytest.fixture
def moved(town):
    """The squares in force, and a draft where NORTH took a strip of SOUTH."""
    after = {**SQUARES, "NORTH": (1000, 900, 2000, 2000), "SOUTH": (1000, 0, 2000, 900)}
    version = draft(town, after.items(), layer="squares")
    for zone in version.zones.all():
        version.zones.filter(pk=zone.pk).update(name=zone.code.capitalize())
    return version


PAGE = "/couches/squares/comparer/"


def test_the_page_compares_what_is_in_force_with_the_latest(analyst, moved):
    page = analyst.get(PAGE)
    found = page.context["found"]
    assert (found.before.number, found.after.number) == (1, 2)
    text = " ".join(page.content.decode().split())
    assert "limite déplacée" in text
    assert "10,00 ha" in text


def test_the_versions_are_chosen_in_the_address(analyst, moved):
    found = analyst.get(PAGE, {"before": 2, "after": 1}).context["found"]
    assert (found.before.number, found.after.number) == (2, 1)


@pytest.mark.parametrize("number", ["7", "²", "9" * 5000])
def test_a_version_that_is_none_is_refused_in_its_place(analyst, moved, number):
    page = analyst.get(PAGE, {"after": number})
    assert page.status_code == 400
    assert "n’a pas cette version" in page.content.decode()


def test_one_version_alone_is_compared_with_nothing(analyst, town):
    page = analyst.get(PAGE)
    assert page.status_code == 200
    assert "Il faut deux versions" in page.content.decode()


def test_the_table_and_the_ground_come_as_files(analyst, moved):
    table = b"".join(analyst.get(PAGE, {"format": "csv"}).streaming_content).decode()
    assert "terrain;SOUTH;South;NORTH;North;100000.00;100000.00" in table.replace("\r", "").split("\n")
    (piece,) = analyst.get(PAGE, {"format": "geojson"}).json()["features"]
    assert piece["properties"] == {"before": "SOUTH", "after": "NORTH", "area_m2": 100_000}


def test_a_name_that_looks_like_a_formula_stays_text(analyst, moved):
    Zone.objects.filter(version=moved, code="NORTH").update(name="=1+1")
    table = b"".join(analyst.get(PAGE, {"format": "csv"}).streaming_content).decode()
    assert ";'=1+1;" in table


def test_the_page_asks_little(analyst, moved, django_assert_max_num_queries):
    analyst.get(PAGE)
    with django_assert_max_num_queries(15):
        analyst.get(PAGE)


def test_the_version_before_is_what_a_published_one_is_compared_with(analyst, town):
    today = timezone.localdate()
    town.publish("squares", SQUARES, valid_from=today)
    assert LayerVersion.objects.in_force(today).get(layer__code="squares").number == 2
    assert analyst.get(PAGE).context["found"].before.number == 1


def test_what_held_on_no_day_is_not_proposed(analyst, town):
    today = timezone.localdate()
    for _again in range(2):
        town.publish("squares", SQUARES, valid_from=today)
    found = analyst.get(PAGE).context["found"]
    assert (found.before.number, found.after.number) == (1, 3)
    town.publish("market", {"MARKET": (0, 0, 100, 100)}, valid_from=today)
    town.publish("market", {"MARKET": (0, 0, 100, 100)}, valid_from=today)
    assert LayerVersion.objects.get(layer__code="market", number=2).held_no_day
    assert analyst.get(PAGE, {"after": 2}).context["found"].before.number == 1


def test_one_change_is_told_in_the_singular(analyst, town):
    town.publish("squares", {**SQUARES, "NEW": (5000, 0, 5100, 100)}, valid_from=timezone.localdate())
    text = " ".join(analyst.get(PAGE).content.decode().split())
    assert "<strong>1</strong> zone ajoutée" in text
    assert "<strong>4</strong> zones inchangées" in text
