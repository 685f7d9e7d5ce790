"""The list of requests: its pages, its count of statements, its dots and its export."""

import csv
import datetime
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interventions.requests import listing, paging
from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest
from tests.interventions.conftest import ZOE
from tests.town import FOUNTAIN, NOW, line, point


def references(page: str) -> list[str]:
    return [piece.split('"')[0] for piece in page.split('data-reference="')[1:]]


# --- The page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["regulator", "agent", "member", "analyst"])
def test_fifty_rows_take_at_most_ten_statements_and_one_more_than_one_row(many, signed_in, role):
    facts = {"department": "cleaning"} if role == "member" else {}
    client = signed_in(role, **facts)
    counts = []
    for more in (1, 54):
        many(more)
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/demandes/").content.decode()
        counts.append(len(captured))
    assert len(references(page)) == 50
    # One row is all there is: it is not counted again.
    assert counts[0] + 1 == counts[1] <= 10, [query["sql"][:90] for query in captured.captured_queries]


def test_the_first_page_leads_to_the_next_and_back(many, signed_in):
    made = [request.reference for request in many(52)]
    client = signed_in()
    first = client.get("/demandes/")
    assert references(first.content.decode()) == made[:1:-1]
    following = client.get("/demandes/" + first.context["after_url"])
    assert references(following.content.decode()) == [made[1], made[0]]
    again = client.get("/demandes/" + following.context["before_url"])
    assert references(again.content.decode()) == made[:1:-1]
    assert "<strong>52</strong> demandes" in first.content.decode()


def test_filters_outlive_the_next_page_and_the_cursor_does_not_outlive_a_filter(many, signed_in):
    many(52)
    context = signed_in().get("/demandes/?state=open&category=graffiti&sort=due").context
    assert "state=open" in context["after_url"]
    assert "sort=due" in context["after_url"]
    assert "cursor=" in context["after_url"]
    assert "cursor=" not in context["latest_url"]


def test_more_than_a_thousand_are_not_counted(many, signed_in, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_AT_MOST", 3)
    many(4)
    assert "<strong>plus de 3</strong> demandes" in signed_in().get("/demandes/").content.decode()


def test_the_list_holds_what_the_person_may_see_and_nothing_else(town, many, signed_in):
    many(1)
    town.rule("parks", category="bins")
    hidden = town.request(category=town.categories["bins"])
    page = signed_in("member", department="cleaning").get("/demandes/").content.decode()
    assert len(references(page)) == 1
    assert hidden.reference not in page


def test_the_list_names_no_requester(many, signed_in):
    many(1)
    page = signed_in("manager").get("/demandes/").content.decode()
    assert "Lefèvre" not in page
    assert "zoe@example.org" not in page


def test_an_empty_list_says_what_to_do(signed_in):
    client = signed_in("agent")
    assert "Aucune demande pour l’instant" in client.get("/demandes/").content.decode()
    filtered = client.get("/demandes/?state=closed").content.decode()
    assert "Aucune demande ne répond à ces filtres" in filtered
    assert "Effacer les filtres" in filtered


def test_a_filter_that_cannot_be_read_is_said_and_shows_nothing(many, signed_in):
    many(1)
    response = signed_in().get("/demandes/?bbox=1,2,3")
    assert response.status_code == 200
    page = response.content.decode()
    assert "Écrivez un cadre sous la forme" in page
    assert references(page) == []


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_a_file_of_a_filter_that_cannot_be_read_is_refused(signed_in, form):
    response = signed_in().get(f"/demandes/?bbox=1,2,3&format={form}")
    assert response.status_code == 400
    assert "Écrivez un cadre sous la forme" in response.json()["title"]


def test_a_damaged_cursor_is_a_400_in_plain_words(signed_in):
    response = signed_in().get("/demandes/?cursor=xyz")
    assert response.status_code == 400
    assert "repartez de la première page" in response.content.decode()


def test_every_value_of_the_address_stays_in_the_form(many, signed_in):
    many(1)
    page = signed_in().get("/demandes/?category=graffiti&category=bins&state=open&received_from=2026-03-01").content
    text = " ".join(page.decode().split())
    assert '<input type="hidden" name="category" value="bins">' in text
    assert 'value="graffiti" selected' in text
    assert 'name="received_from" value="2026-03-01"' in text
    assert 'name="state" value="open" checked' in text


def test_what_the_address_holds_is_escaped(many, signed_in):
    many(1)
    page = signed_in().get('/demandes/?q="><script>alert(1)</script>&zone="><script>').content.decode()
    assert "<script>alert(1)" not in page


def test_the_rows_alone_are_a_piece_of_page(many, signed_in):
    many(2)
    piece = signed_in().get("/demandes/?format=rows").content.decode()
    assert len(references(piece)) == 2
    assert "<html" not in piece


def test_strangers_sign_in_first_and_contractors_are_refused(client, town, signed_in):
    assert client.get("/demandes/").status_code == 302
    assert signed_in("contractor", department="parks").get("/demandes/").status_code == 403


def test_the_choices_are_what_is_in_force(town, signed_in):
    retired = town.department("old")
    retired.retired_on = NOW.date()
    retired.save()
    context = signed_in().get("/demandes/").context
    assert [name for _heading, under in context["departments"] for _code, name in under] == ["Desk"]
    zones = {heading[0]: [code for code, _name in under] for heading, under in context["zones"]}
    assert zones == {
        "squares": [f"squares:{each}" for each in ("ISLAND", "NORTH", "SOUTH", "WEST")],
        "market": ["market:MARKET"],
    }


def test_a_layer_of_very_many_zones_is_no_choice(town, monkeypatch):
    monkeypatch.setattr(listing, "ZONES_AT_MOST", 3)
    assert [heading[0] for heading, _under in listing.zones(NOW.date())] == ["market"]


# --- The dots of the map -------------------------------------------------------------------------------------


def test_the_dots_are_exactly_the_rows(many, signed_in):
    many(52)
    client = signed_in()
    response = client.get("/demandes/")
    dots = client.get("/demandes/" + response.context["geojson_url"])
    assert dots.headers["Content-Type"] == "application/geo+json"
    collection = json.loads(dots.content)
    assert [each["properties"]["reference"] for each in collection["features"]] == references(response.content.decode())
    second = client.get("/demandes/" + response.context["after_url"])
    dots = json.loads(client.get("/demandes/" + second.context["geojson_url"]).content)
    assert [each["properties"]["reference"] for each in dots["features"]] == references(second.content.decode())


def test_a_dot_says_where_and_how_it_stands_and_nothing_of_who_asked(town, signed_in):
    request = town.request(line((100, 100), (200, 100)), contact=ZOE, description="Un tag", address="3 rue Écuyère")
    ServiceRequest.objects.update(due_at=NOW - datetime.timedelta(days=400))
    text = signed_in().get("/demandes/?format=geojson").content.decode()
    (feature,) = json.loads(text)["features"]
    assert feature["id"] == request.pk
    assert feature["geometry"]["type"] == "LineString"
    expected = request.geom.transform(4326, clone=True)
    for (lon, lat), wanted in zip(feature["geometry"]["coordinates"], expected, strict=True):
        assert (lon, lat) == pytest.approx(wanted, abs=6e-7)
    assert feature["properties"] == {
        "reference": request.reference, "state": "to_sort", "late": True, "category": "Graffitis",
    }  # fmt: skip
    for secret in ("Zoé", "zoe@", "02 31", "Un tag", "Écuyère", request.tracking_token):
        assert secret not in text


def test_no_dots_are_an_empty_collection(signed_in):
    assert json.loads(signed_in().get("/demandes/?format=geojson").content) == {
        "type": "FeatureCollection", "features": [],
    }  # fmt: skip


# --- The export ------------------------------------------------------------------------------------------------


def exported(client, query: str = "") -> tuple[str, list[dict[str, str]]]:
    response = client.get(f"/demandes/?format=csv{query}")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    return text, list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_export_holds_all_that_is_filtered_for_a_spreadsheet(many, town, signed_in):
    many(52)
    town.request(category=town.categories["bins"], description="Corbeille ; pleine\n« rue »")
    client = signed_in()
    text, rows = exported(client)
    assert text.startswith("\ufeffreference;submitted_at;")
    assert len(rows) == 53
    _text, (bins,) = exported(client, "&category=bins")
    assert bins["description"] == "Corbeille ; pleine\n« rue »"
    assert (bins["state"], bins["state_name"]) == ("to_sort", "À trier")
    place = point(FOUNTAIN).transform(4326, clone=True)
    assert (bins["lon"], bins["lat"]) == (f"{place.x:.6f}", f"{place.y:.6f}")
    assert bins["submitted_at"] == "2026-03-02 10:30"  # where the platform is, not in UTC
    assert "Zoé" not in text
    assert "zoe@" not in text


@pytest.mark.parametrize("text", ["=1+1", "+33", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(town, signed_in, text):
    town.request(description=text, address=text)
    _text, (row,) = exported(signed_in())
    assert row["address"] == f"'{text}"
    assert row["description"] == f"'{text}"


def test_the_export_is_read_as_it_is_sent(many, django_assert_max_num_queries):
    many(3)
    lines = listing.as_csv(ServiceRequest.objects.all())
    assert next(lines).startswith("\ufeff")
    with django_assert_max_num_queries(3):
        assert len(list(lines)) == 3


def test_the_export_ends_where_the_sight_of_the_person_ends(many, town, signed_in):
    many(1)
    town.rule("parks", category="bins")
    town.request(category=town.categories["bins"])
    _text, rows = exported(signed_in("member", department="parks"))
    assert [row["category"] for row in rows] == ["bins"]


def test_filters_and_sight_meet(town, many):
    many(2)
    member = town.person("member", department="parks")

    class Asking:
        user = member

    listed = RequestFilter({"state": "open"}, queryset=ServiceRequest.objects.visible_to(member), request=Asking)
    assert list(listed.qs) == []
