"""GET /api/v1/requests: the list, one request, its version, and who sees what."""

import datetime

import pytest

from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest
from interventions.requests.openapi import FILTERS
from interventions.requests.services import Contact, move
from tests.machine import lonlat, plain
from tests.town import BORDER, CORNER, FOUNTAIN, GAP, NOW, STALL, line, square

HOUR = datetime.timedelta(hours=1)
WHO = Contact(name="Camille Exemple", email="camille@exemple.example")


@pytest.fixture
def ruled(town):
    town.rule("desk", zones=("WEST",))
    town.rule("north", zones=("NORTH",))
    return town


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["features"]]


def link(answer, rel: str) -> str | None:
    return next((each["href"] for each in answer.json()["links"] if each["rel"] == rel), None)


def test_the_list_is_a_feature_collection_the_latest_first(ruled, agent):
    made = [ruled.request(now=NOW + hours * HOUR) for hours in range(3)]
    answer = agent.get("requests")
    assert (answer["Content-Type"], answer.json()["type"]) == ("application/geo+json", "FeatureCollection")
    assert ids(answer) == [each.reference for each in reversed(made)]
    assert answer.json()["features"][0]["geometry"] == lonlat_rounded(FOUNTAIN)


def lonlat_rounded(place):
    exact = lonlat(place)
    return {**exact, "coordinates": [round(degrees, 7) for degrees in exact["coordinates"]]}


def test_a_list_tells_what_one_request_tells_but_for_who_asked(ruled, agent):
    made = ruled.request(contact=WHO)
    listed = agent.get("requests").json()["features"][0]
    alone = agent.get(f"requests/{made.reference}").json()
    assert alone["properties"].pop("requester") == {
        "name": WHO.name,
        "email": WHO.email,
        "phone": "",
        "notify": "email",
    }
    assert listed == alone


def test_plain_json_is_given_to_who_asks_for_it(ruled, agent):
    for path in ("requests", f"requests/{ruled.request().reference}"):
        assert agent.get(path, accept="application/json")["Content-Type"] == "application/json"


def test_pages_follow_each_other_without_a_gap_while_requests_come_in(ruled, agent):
    made = [ruled.request(now=NOW).reference for _ in range(7)]  # the same instant: only the id settles their order
    answer = agent.get("requests", {"limit": 3})
    seen = ids(answer)
    ruled.request(now=NOW + HOUR)
    while (following := link(answer, "next")) is not None:
        assert following.startswith("http://testserver/api/v1/requests?limit=3&cursor=")
        answer = agent.client.get(following)
        seen += ids(answer)
    assert seen == list(reversed(made))
    assert len(ids(agent.client.get(link(answer, "prev")))) == 3


def test_the_last_page_has_no_next(ruled, agent):
    ruled.request()
    assert [each["rel"] for each in agent.get("requests").json()["links"]] == ["self"]


def test_a_page_holds_100_when_nothing_is_said(ruled, agent):
    for _ in range(101):
        ruled.request()
    assert len(ids(agent.get("requests"))) == 100
    assert len(ids(agent.get("requests", {"limit": 1000}))) == 101


WRONG = {
    "limit": ["0", "1001", "-1", "many", "1e3"],
    "cursor": ["nothing", "e30", "%00", "W10"],
    "bbox": ["1,2,3", "west", "3,49,2,50", "nan,nan,nan,nan"],
    "state": ["lost"],
    "zone": ["squares"],
    "received_from": ["yesterday", "0001-01-01"],
    "category": ["a b"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_what_cannot_be_read_is_told_by_name(ruled, agent, name, value):
    answer = agent.get("requests", {name: value})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    ((blamed, sentences),) = answer.json()["errors"].items()
    assert blamed == name
    assert all(len(sentence) > 10 for sentence in sentences)
    assert sentences


def test_every_filter_is_described(ruled):
    assert {each.name for each in FILTERS} == set(RequestFilter.base_filters)


def test_filters_are_those_of_the_list(ruled, agent):
    west, north = ruled.request(FOUNTAIN), ruled.request((1500, 1500), category=ruled.categories["graffiti"])
    bins = ruled.request(
        FOUNTAIN, category=ruled.categories["bins"], issued_by=ruled.departments["desk"], now=NOW + 48 * HOUR,
        description="Déborde",
    )  # fmt: skip
    assert ids(agent.get("requests", {"department": "north"})) == [north.reference]
    assert ids(agent.get("requests", {"category": "bins"})) == [bins.reference]
    assert ids(agent.get("requests", {"state": "to_sort"})) == [bins.reference]
    assert ids(agent.get("requests", {"authority": "town", "state": "open"})) == [north.reference, west.reference]
    assert ids(agent.get("requests", {"zone": "squares:WEST"})) == [bins.reference, west.reference]
    assert ids(agent.get("requests", {"received_from": "2026-03-04"})) == [bins.reference]
    assert ids(agent.get("requests", {"q": "deborde"})) == [bins.reference]
    lon, lat = lonlat((1500, 1500))["coordinates"]
    box = f"{lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}"
    assert ids(agent.get("requests", {"bbox": box})) == [north.reference]
    assert ids(agent.get("requests", {"bbox": "-180,-85,180,85"})) == [bins.reference, north.reference, west.reference]


def test_filters_stay_in_the_links(ruled, agent):
    for _ in range(2):
        ruled.request(FOUNTAIN)
        ruled.request((1500, 1500))
    answer = agent.get("requests", {"department": "north", "limit": 1})
    assert ids(agent.client.get(link(answer, "next"))) == ids(agent.get("requests", {"department": "north"}))[1:]


HELD = {
    "inside": (FOUNTAIN, [("squares", "WEST")]),
    "in two layers": (STALL, [("market", "MARKET"), ("squares", "SOUTH")]),
    "border": (BORDER, [("squares", "NORTH")]),  # equal areas: the zone with the smaller id
    "triple point": (CORNER, [("squares", "NORTH")]),  # smaller than WEST
    "gap": (GAP, []),
    "line across two": (line((1500, 900), (1500, 1300)), [("squares", "NORTH")]),
    "area across three": (square(900, 900, 1400, 1200), [("squares", "NORTH")]),
    "area touching only": (square(2000, 200, 2020, 300), []),
}


def test_zones_are_told_alone_as_in_a_list(ruled, agent):
    made = {ruled.request(geom, author=None).reference: held for geom, held in HELD.values()}
    ServiceRequest.objects.update(department=ruled.departments["north"])
    listed = {each["id"]: each["properties"]["zones"] for each in agent.get("requests").json()["features"]}
    for reference, held in made.items():
        expected = [{"layer": layer, "code": code} for layer, code in held]
        assert listed[reference] == expected
        assert agent.get(f"requests/{reference}").json()["properties"]["zones"] == expected


def test_zones_of_a_version_no_longer_in_force_are_not_told(ruled, agent):
    made = ruled.request(FOUNTAIN)
    ruled.publish("squares", {"WHOLE": (0, 0, 3020, 2000)}, valid_from=datetime.date(2026, 2, 1))
    told = agent.get(f"requests/{made.reference}").json()["properties"]
    assert told["zones"] == [{"layer": "squares", "code": "WHOLE"}]
    assert (told["routing"]["zone"], told["routing"]["layer_version"]) == ("WEST", 1)  # the decision stays


def test_an_unchanged_version_is_not_sent_again(ruled, agent):
    made = ruled.request()
    first = agent.get(f"requests/{made.reference}")
    for known in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        again = agent.get(f"requests/{made.reference}", **{"if-none-match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    move(request_id=made.pk, name="accept", actor=None, now=NOW + HOUR)
    changed = agent.get(f"requests/{made.reference}", **{"if-none-match": first["ETag"]})
    assert (changed.status_code, changed.json()["properties"]["state"]) == (200, "accepted")
    assert changed["ETag"] != first["ETag"]


def test_moves_are_those_this_person_may_make_now(ruled, agent, machine):
    made = ruled.request()
    regulator = machine("regulator")

    def moves(who) -> list[str]:
        return who.get(f"requests/{made.reference}").json()["properties"]["moves"]

    assert moves(agent) == ["answer", "cancel"]
    assert moves(regulator) == ["accept", "redirect", "refuse", "answer", "reschedule", "merge", "cancel"]
    move(request_id=made.pk, name="refuse", actor=None, now=NOW, reason="Mur privé")
    assert (moves(agent), moves(regulator)) == ([], ["reopen"])


def test_a_request_redirected_by_hand_says_so(ruled, agent):
    made = ruled.request()
    move(request_id=made.pk, name="redirect", actor=ruled.person("regulator"), now=NOW, reason="Erreur de lieu",
         department=ruled.department("north"))  # fmt: skip
    routing = agent.get(f"requests/{made.reference}").json()["properties"]["routing"]
    assert (routing["state"], routing["department"], routing["authority"]) == ("routed", "north", "town")
    assert plain(routing["sentence"]) == "North : choisi par une personne, pas par une règle"


def test_what_one_may_not_see_is_not_there(ruled, machine):
    made = ruled.request(issued_by=ruled.departments["desk"])
    elsewhere = type(ruled.authority).objects.create(code="other", name="Autre commune")
    ruled.department("abroad", authority=elsewhere)
    neighbour = machine("agent", department="abroad")
    answer = neighbour.get(f"requests/{made.reference}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json() == neighbour.get("requests/2026-999999-9").json()
    assert ids(neighbour.get("requests")) == []


def test_the_tracking_address_goes_to_those_who_may_log_requests(ruled, agent, machine):
    made = ruled.request(contact=WHO)
    analyst = machine("analyst")
    for path, read in (("requests", lambda a: a["features"][0]), (f"requests/{made.reference}", lambda a: a)):
        assert read(analyst.get(path).json())["properties"]["tracking_url"] is None
        assert made.tracking_token in read(agent.get(path).json())["properties"]["tracking_url"]
    assert "requester" not in analyst.get(f"requests/{made.reference}").json()["properties"]


def test_a_contractor_sees_no_request_yet(ruled, machine):
    assert machine("contractor").get("requests").status_code == 403
