"""The page of figures, its files, and the same for machines."""

import csv
import datetime
import io
import json
import re

import geopandas
import pytest
from django.utils import timezone
from openpyxl import load_workbook

from gisplatform import geofiles
from gisplatform.models import User
from interventions.exchanging import exports
from interventions.measuring import shades
from interventions.measuring.period import Period
from interventions.requests.models import Satisfaction, ServiceRequest
from layers import exports as zones
from tests.town import BORDER, CORNER, FOUNTAIN, GAP, NOW, STALL

DAY = datetime.timedelta(days=1)
IN_MARCH = {"received_from": "2026-03-01", "received_to": "2026-03-31"}


@pytest.fixture
def requests(town):
    town.rule("cleaning")
    for place in (FOUNTAIN, FOUNTAIN, STALL, BORDER, CORNER, GAP):
        town.request(place, description="=1+1")
    closed = town.request(FOUNTAIN)
    ServiceRequest.objects.filter(pk=closed.pk).update(state="closed", closed_at=NOW + 2 * DAY)
    return ServiceRequest.objects.all()


@pytest.fixture
def manager(town, client):
    client.force_login(town.person("manager", department="cleaning"))
    return client


def statistics(client, **query) -> dict:
    answer = client.get("/api/v1/statistics", query)
    assert answer.status_code == 200, answer.content
    return {row["key"]: row for row in answer.json()["rows"]}


# --- The page -----------------------------------------------------------------------------------------------------


def test_every_count_is_that_of_the_list_it_leads_to(requests, manager):
    page = manager.get("/pilotage/", {**IN_MARCH, "by": "department"})
    followed = 0
    for address, value in re.findall(r'<a href="(/demandes/[^"]+)">(\d+)</a>', page.content.decode()):
        assert manager.get(address.replace("&amp;", "&")).context["count"].number == int(value), address
        followed += 1
    assert followed >= 4
    for card in page.context["cards"]:
        assert manager.get(card["url"]).context["count"].number == card["value"], card["measure"]


def test_what_requesters_answered_is_counted_among_the_same_requests(requests, manager):
    marks = ["good", "good", "poor"]
    for request, mark in zip(requests.filter(state="to_evaluate").order_by("pk")[:3], marks, strict=True):
        Satisfaction.objects.create(request=request, mark=mark, at=NOW)
    page = manager.get("/pilotage/", IN_MARCH)
    found = page.context["answers"]
    assert (found.good, found.fair, found.poor, found.given, found.share) == (2, 0, 1, 3, 67)
    assert "3 demandeurs ont répondu" in page.content.decode()
    before = manager.get("/pilotage/", {"received_from": "2026-01-01", "received_to": "2026-01-31"})
    assert before.context["answers"].given == 0
    assert "Aucun demandeur n’a encore dit" in before.content.decode()


def test_by_zone_too(requests, manager):
    page = manager.get("/pilotage/", {**IN_MARCH, "by": "zone", "layer": "squares"})
    rows = {row.key: (row.received, urls) for row, urls in page.context["rows"]}
    assert {key: count for key, (count, _urls) in rows.items()} == {
        "WEST": 4, "SOUTH": 3, "NORTH": 2, "ISLAND": 0, None: 1,
    }  # fmt: skip
    count, urls = rows["SOUTH"]
    assert manager.get(urls["received"]).context["count"].number == count


def test_the_period_before_stands_beside(requests, manager):
    ServiceRequest.objects.filter(pk=requests.first().pk).update(submitted_at=NOW - 31 * DAY)
    page = manager.get("/pilotage/", IN_MARCH)
    assert (page.context["found"].received, page.context["before"].received) == (6, 1)


def test_without_days_the_last_thirty_are_shown(still_clock, manager):
    period = manager.get("/pilotage/").context["asked"].period
    assert (period.days, period.end) == (30, timezone.localdate())


@pytest.mark.parametrize(
    "wrong", [{"received_from": "hier"}, {"received_from": "2026-03-02", "received_to": "2026-03-01"}]
)
def test_a_wrong_period_is_said_and_nothing_counted(requests, manager, wrong):
    page = manager.get("/pilotage/", wrong)
    assert page.status_code == 400
    assert page.context["errors"]
    assert page.context["found"].received == 0
    assert page.context["addresses"]["heat"] == ""
    assert f'value="{wrong["received_from"]}"' in page.content.decode()
    assert manager.get("/pilotage/carte.html", wrong).status_code == 400
    assert manager.get("/pilotage/", {**wrong, "format": "csv"}).status_code == 400


def test_the_page_asks_as_much_whatever_it_shows(requests, manager, django_assert_max_num_queries):
    with django_assert_max_num_queries(19):
        manager.get("/pilotage/", {**IN_MARCH, "by": "zone", "layer": "squares"})


def test_the_chart_counts_each_day(requests, manager):
    steps = manager.get("/pilotage/", IN_MARCH).context["steps"]
    told = {step.period.start: (step.received, step.closed) for step, _urls in steps}
    assert len(told) == 31
    assert told[NOW.date()] == (7, 0)
    assert told[(NOW + 2 * DAY).date()] == (0, 1)


@pytest.mark.parametrize(
    ("days", "steps", "first"),
    [(31, 31, 1), (92, 14, 1), (365, 12, 31), (1826, 5, 365)],
    ids=["day", "week", "month", "year"],
)
def test_long_periods_take_longer_steps(days, steps, first):
    start = datetime.date(2023, 1, 1)  # a Sunday
    found = Period(start, start + datetime.timedelta(days=days - 1)).steps()
    assert (len(found), found[0].days) == (steps, first)
    assert sum(each.days for each in found) == days


def test_another_authoritys_requests_are_not_counted(requests, town, client):
    other = type(town.authority).objects.create(code="county", name="Comté")
    town.department("roads", authority=other)
    client.force_login(town.person("manager", department="roads", username="neighbour"))
    # One to sort would be everybody's who evaluates.
    ServiceRequest.objects.filter(state="to_sort").update(state="refused")
    assert client.get("/pilotage/", IN_MARCH).context["found"].received == 0
    assert client.get("/tiles/requests.json", IN_MARCH).json()["crowd"] is None
    assert statistics(client, by="department") == {}
    assert all(row["received"] == 0 for row in client.get("/pilotage/zones/", IN_MARCH).json()["rows"])
    assert "2026-" not in re.sub(
        r"<script>.*?</script>", "", client.get("/pilotage/carte.html", IN_MARCH).content.decode()
    )


# --- Files --------------------------------------------------------------------------------------------------------


def test_the_table_goes_out_as_it_is_seen(requests, manager):
    text = manager.get("/pilotage/", {**IN_MARCH, "by": "department", "format": "csv"}).content.decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert heading == ["Code", "Service", "Reçues", "Ouvertes", "En retard", "Closes"]
    assert rows[0][:4] == ["cleaning", "Cleaning", "6", "5"]
    content = manager.get("/pilotage/", {**IN_MARCH, "by": "department", "format": "xlsx"}).content
    assert [
        ["" if cell is None else str(cell) for cell in row] for row in load_workbook(io.BytesIO(content)).active.values
    ] == [heading, *rows]


def test_the_map_tells_nobodys_name_and_runs_nothing_that_was_typed(requests, town, manager):
    town.request(FOUNTAIN, address='</script><img src=x onerror="alert(1)">', description="secret")
    page = manager.get("/pilotage/carte.html", {**IN_MARCH, "layer": "squares"})
    text = page.content.decode()
    assert page.headers["Content-Disposition"].endswith('.html"')
    assert "<img src=x" not in text
    assert "\\u003cimg src=x" not in text
    assert "secret" not in text
    markup = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"""(src|href)\s*=\s*["']?https?:""", markup)


# --- For machines -------------------------------------------------------------------------------------------------


def test_a_count_by_zone_equals_a_spatial_join_of_the_files(requests, town, manager, tmp_path):
    left = exports.frame(requests, srid=2154)
    right = zones.frame(town.layers["squares"], on=NOW.date(), srid=2154)
    files = [
        geofiles.write(each, as_="gpkg", name=name, folder=tmp_path)
        for name, each in (("demandes", left), ("zones", right))
    ]
    points, squares = (geopandas.read_file(file) for file in files)
    joined = points.sjoin(squares[["code", "geometry"]], predicate="intersects")
    counted = joined.groupby("code")["reference"].nunique().to_dict()
    told = statistics(manager, by="zone", layer="squares")
    assert {key: row["received"] for key, row in told.items() if key and row["received"]} == counted
    shaded = manager.get("/pilotage/zones/", {**IN_MARCH, "layer": "squares"}).json()
    assert {row["key"]: row["received"] for row in shaded["rows"] if row["received"]} == counted


def test_the_poles_of_the_demo_count_what_their_files_hold(demo_db, client, tmp_path):
    client.force_login(User.objects.get(username="analyste"))
    files = {}
    for name, address in (("demandes", "/demandes/exporter/"), ("poles", "/couches/poles/exporter/")):
        answer = client.get(address, {"as": "geojson", "crs": "2154"})
        files[name] = tmp_path / f"{name}.geojson"
        files[name].write_bytes(b"".join(answer.streaming_content))
    joined = geopandas.read_file(files["demandes"]).sjoin(
        geopandas.read_file(files["poles"])[["code", "geometry"]], predicate="intersects"
    )
    counted = joined.groupby("code")["reference"].nunique().to_dict()
    assert len(counted) == 4
    shaded = client.get("/pilotage/zones/", {"layer": "poles", "received_from": "2000-01-01"}).json()["rows"]
    assert {row["key"]: row["received"] for row in shaded} == counted


def test_the_same_filters_as_the_list(requests, manager):
    assert statistics(manager, by="department", state="open")["cleaning"]["received"] == 5
    assert statistics(manager, by="state")["closed"]["closed"] == 1
    assert statistics(manager, by="category", received_from="2027-01-01") == {}


@pytest.mark.parametrize(
    "query",
    [{}, {"by": "moon"}, {"by": "zone"}, {"by": "zone", "layer": "rivers"}, {"by": "state", "received_from": "?"}],
)
def test_what_cannot_be_counted_is_said(manager, query):
    answer = manager.get("/api/v1/statistics", query)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["title"]


def test_who_may_not_see_figures_is_refused(town, client):
    client.force_login(town.person("agent", department="cleaning"))
    assert client.get("/api/v1/statistics", {"by": "state"}).status_code == 403


# --- Shades -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, []),
        (1, [1]),
        (4, [1, 2, 3, 4]),
        (25, [1, 6, 11, 16, 21]),
        (37, [1, 9, 17, 25, 33]),
        (1201, [1, 301, 601, 901, 1201]),
    ],
)
def test_classes_are_round(most, steps):
    assert shades.steps(most) == steps
