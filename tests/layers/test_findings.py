"""What a check found, on its page: by kind and severity, page by page, on the map, as a file; and its limits."""

import csv
import io
import json
from importlib import import_module

import pytest
from django.db import connection

from gisplatform.geo import STORAGE_SRID
from layers import findings
from layers.models import Layer, LayerVersion
from layers.quality import check_and_note, checked_by
from tests.layers.drafts import draft
from tests.town import NEW_YEAR, square

pytestmark = pytest.mark.usefixtures("still_clock")
PAGE = "/couches/market/versions/2/constats/"
FAULTS = [
    ("a", (0, 0, 100, 100)),
    ("a", (200, 0, 300, 100)),
    ("b", (90, 0, 195, 100)),
    ("c", square(0, 300, 300, 600).difference(square(100, 400, 200, 500))),
]


@pytest.fixture
def analyst(client, town):
    client.force_login(town.person("analyst"))
    return client


@pytest.fixture
def faulty(town):
    version = draft(town, FAULTS)
    check_and_note(version, on=NEW_YEAR)
    return version


def plain(page):
    return " ".join(page.content.decode().split())


def rows(client, **query):
    return [(each.severity, each.kind) for each in client.get(PAGE, query).context["rows"]]


def body(answer):
    return b"".join(answer.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [("error", "duplicate_code"), ("warning", "overlap"), ("warning", "gap")]),
        ({"kind": "gap"}, [("warning", "gap")]),
        ({"severity": "warning"}, [("warning", "overlap"), ("warning", "gap")]),
        ({"severity": "error", "kind": "gap"}, []),
        (
            {"kind": "nonsense", "after": "-4"},
            [("error", "duplicate_code"), ("warning", "overlap"), ("warning", "gap")],
        ),
    ],
)
def test_findings_are_filtered_by_the_address(analyst, faulty, query, found):
    assert rows(analyst, **query) == found


def test_chips_count_what_the_other_choice_leaves(analyst, faulty):
    summary = analyst.get(PAGE, {"severity": "warning"}).context["summary"]
    assert [(kind, count) for kind, _label, count in summary.kinds] == [
        ("duplicate_code", 0),
        ("overlap", 1),
        ("gap", 1),
    ]
    assert [(each, count) for each, _label, count in summary.severities] == [("error", 1), ("warning", 2)]


def test_pages_follow_each_other_without_a_gap(analyst, faulty, monkeypatch):
    monkeypatch.setattr(findings, "PAGE", 2)
    first = analyst.get(PAGE, {"severity": ""})
    following = first.context["following"]
    assert f"after={following}" in plain(first)
    assert [each.kind for each in first.context["rows"]] == ["duplicate_code", "overlap"]
    last = analyst.get(PAGE, {"after": following})
    assert ([each.kind for each in last.context["rows"]], last.context["following"]) == (["gap"], None)


def test_a_page_costs_the_same_however_many_there_are(analyst, town, faulty, django_assert_max_num_queries):
    many = [(f"z{n}", (n * 10, 700, n * 10 + 11, 800)) for n in range(150)]
    check_and_note(draft(town, many), on=NEW_YEAR)
    with django_assert_max_num_queries(8):
        analyst.get(PAGE)
    with django_assert_max_num_queries(8):
        assert len(analyst.get("/couches/market/versions/3/constats/").context["rows"]) == 100
    with django_assert_max_num_queries(18):
        assert len(analyst.get("/couches/market/versions/3/").context["rows"]) == 10


def test_the_map_is_given_the_outlines_of_the_page(analyst, faulty):
    told = analyst.get(PAGE, {"kind": "gap", "format": "map"}).json()
    (gap,) = told["features"]
    west, south, east, north = square(100, 400, 200, 500).transform(4326, clone=True).extent
    assert gap["properties"]["severity"] == "warning"
    assert west < gap["properties"]["lon"] < east
    assert south < gap["properties"]["lat"] < north
    assert {len(ring) for ring in gap["geometry"]["coordinates"]} == {5}
    assert gap["id"] == analyst.get(PAGE, {"kind": "gap"}).context["rows"][0].pk


def test_findings_are_taken_away_as_a_table(analyst, faulty):
    answer = analyst.get(PAGE, {"format": "csv", "severity": "warning"})
    table = list(csv.DictReader(io.StringIO(body(answer)), delimiter=";"))
    assert [(row["kind"], row["zones"], float(row["area_m2"])) for row in table] == [
        ("overlap", "a, b", 1000.0),
        ("gap", "c", 10_000.0),
    ]
    assert "market-2-controle.csv" in answer.headers["Content-Disposition"]


def test_findings_are_taken_away_as_outlines(analyst, faulty):
    told = json.loads(body(analyst.get(PAGE, {"format": "geojson", "kind": "overlap"})))
    (overlap,) = told["features"]
    assert (overlap["properties"]["kind"], overlap["properties"]["area_m2"]) == ("overlap", 1000.0)
    assert overlap["geometry"]["type"] in {"Polygon", "MultiPolygon"}


def test_nothing_found_is_a_file_without_rows(analyst, town):
    check_and_note(draft(town, [("a", (0, 0, 100, 100))]), on=NEW_YEAR)
    assert json.loads(body(analyst.get(PAGE, {"format": "geojson"})))["features"] == []
    assert "Aucun défaut" in plain(analyst.get(PAGE))
    assert "couvrent 0,1" in plain(analyst.get(PAGE))


def test_who_manages_layers_says_what_a_check_lets_pass(analyst, faulty):
    sent = {"tolerance_m2": "1500", "sliver_width_m": "0.5", "gaps_allowed": "on"}
    page = analyst.post("/couches/market/reglages/", sent, follow=True)
    assert "au-delà de 1500 m²" in plain(page)
    layer = Layer.objects.get(code="market")
    assert (layer.tolerance_m2, layer.sliver_width_m, layer.gaps_allowed, layer.overlaps_allowed) == (
        1500,
        0.5,
        True,
        False,
    )
    assert "d’autres limites" in plain(analyst.get(PAGE))
    analyst.post("/couches/market/versions/2/controler/")
    assert rows(analyst) == [("error", "duplicate_code"), ("info", "gap")]
    assert "d’autres limites" not in plain(analyst.get(PAGE))


def test_who_manages_layers_says_where_one_comes_from(analyst, town):
    sent = {"source": "Cadastre 2026", "producer": "DGFiP", "licence": "Licence Ouverte 2.0", "description": "Halles"}
    page = analyst.post("/couches/market/reglages/", {**sent, "tolerance_m2": "1", "sliver_width_m": "2"}, follow=True)
    assert "DGFiP" in plain(page)
    layer = Layer.objects.get(code="market")
    assert {name: getattr(layer, name) for name in sent} == sent


def test_limits_below_zero_are_refused_in_place(analyst, town):
    page = analyst.post("/couches/market/reglages/", {"tolerance_m2": "-1", "sliver_width_m": "2"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["tolerance_m2"])
    assert "au-delà de 1 m²" in plain(page)
    assert Layer.objects.get(code="market").tolerance_m2 == 1


def test_who_only_reads_layers_changes_no_limit(client, town):
    client.force_login(town.person("agent"))
    assert "reglages/" not in plain(client.get("/couches/market/"))
    assert client.post("/couches/market/reglages/", {"tolerance_m2": "9", "sliver_width_m": "2"}).status_code == 403


def test_what_is_allowed_asks_for_no_reason(analyst, town):
    town.layers["market"].overlaps_allowed = True
    town.layers["market"].save()
    version = draft(town, [("a", (0, 0, 100, 100)), ("b", (90, 0, 200, 100))])
    check_and_note(version, on=NEW_YEAR)
    done = analyst.post("/couches/market/versions/2/publier/", {"valid_from": "2026-03-02", "reason": ""})
    assert done.status_code == 302
    version.refresh_from_db()
    assert (version.status, [each.severity for each in version.findings.all()]) == ("published", ["info"])


def test_findings_noted_in_a_report_became_rows(town):
    """What versions checked by an earlier release bring along."""
    version = draft(town, FAULTS)
    lon, lat = square(100, 400, 200, 500).centroid.transform(4326, clone=True).coords
    old = {"kind": "gap", "severity": "warning", "area_m2": 10_000.0, "width_m": 50.0, "zones": ["c"]}
    LayerVersion.objects.filter(pk=version.pk).update(
        report={"zones": 4, "findings": [{**old, "lon": lon, "lat": lat}]}
    )
    migration = import_module("layers.migrations.0002_quality_gate")
    with connection.cursor() as cursor:
        cursor.execute(migration.ROWS, [STORAGE_SRID])
        cursor.execute(migration.REPORTS)
    version.refresh_from_db()
    (found,) = version.findings.told()
    assert {name: found.as_json()[name] for name in old} == old
    assert found.geom.distance(square(150, 450, 151, 451)) < 0.1
    assert (version.report["zones"], "findings" in version.report, checked_by(version) is not None) == (4, False, True)
