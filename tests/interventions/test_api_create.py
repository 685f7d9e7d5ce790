"""POST /api/v1/requests: what is taken, what is refused, and the answer."""

import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from interventions.requests.models import Attachment, Requester, ServiceRequest
from tests.machine import lonlat, plain, sent
from tests.town import FAR_AWAY, FOUNTAIN, line, point, square

WHO = {"name": "Camille Exemple", "email": "camille@exemple.example", "phone": "02 61 91 00 00", "notify": "email"}
BOWTIE = [[[-0.42, 49.15], [-0.41, 49.16], [-0.41, 49.15], [-0.42, 49.16], [-0.42, 49.15]]]


def photo(colour: str = "red") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    file.seek(0)
    file.name = f"{colour}.jpg"
    return file


@pytest.fixture
def ruled(town):
    town.rule("west", zones=("WEST",))
    town.rule("north", zones=("NORTH",))
    return town


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_request_is_logged_routed_and_told_as_a_feature(ruled, agent, settings):
    settings.PUBLIC_URL = "https://demandes.example"
    answer = agent.post(sent(description="Un tag", address="3 rue du Puits", requester=WHO, accuracy_m=12.5))
    stored = ServiceRequest.objects.get()
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/geo+json")
    assert answer["Location"] == f"http://testserver/api/v1/requests/{stored.reference}"
    told = answer.json()
    assert (told["type"], told["id"], told["geometry"]["type"]) == ("Feature", stored.reference, "Point")
    properties = told["properties"]
    assert properties["zones"] == [{"layer": "squares", "code": "WEST"}]
    assert properties["tracking_url"] == f"https://demandes.example/suivi/{stored.tracking_token}/"
    assert (
        plain(properties["routing"]["sentence"]) == "West : règle graffiti × squares, zone West, à 500 m de la limite"
    )
    assert properties["routing"]["zone"] == "WEST"
    assert properties["requester"] == WHO
    assert properties["moves"] == ["answer", "cancel"]
    expected = {
        "reference": stored.reference,
        "state": "to_evaluate",
        "nature": "incident",
        "category": "graffiti",
        "authority": "town",
        "department": "west",
        "issued_by": "desk",
        "channel": "phone",
        "description": "Un tag",
        "address": "3 rue du Puits",
        "accuracy_m": 12.5,
    }
    assert expected.items() <= properties.items()
    assert stored.author == ruled.departments["desk"].members.get()


def test_the_place_comes_back_as_it_was_sent(ruled, agent):
    place = {"type": "Point", "coordinates": [-0.4210988, 49.1556184]}
    assert agent.post(sent() | {"geometry": place}).json()["geometry"] == place


@pytest.mark.parametrize("geom", [line((500, 500), (600, 500)), square(1100, 1100, 1200, 1200)], ids=["line", "area"])
def test_lines_and_areas_are_taken(ruled, agent, geom):
    answer = agent.post(sent(geom))
    assert answer.status_code == 201
    assert answer.json()["geometry"]["type"] == geom.geom_type


def test_off_the_territory_staff_is_heard(ruled, agent):
    answer = agent.post(sent(FAR_AWAY))
    properties = answer.json()["properties"]
    assert answer.status_code == 201
    assert (properties["state"], properties["routing"]["state"]) == ("to_sort", "to_sort")
    assert (properties["department"], properties["authority"], properties["zones"]) == (None, None, [])


def test_a_suggestion_is_not_routed(ruled, agent):
    properties = agent.post(sent(nature="suggestion")).json()["properties"]
    assert (properties["state"], properties["department"]) == ("to_sort", None)
    assert properties["routing"]["sentence"].startswith("Une suggestion n’est pas aiguillée")


def test_a_request_is_logged_on_behalf_of_a_department_of_ones_authority(ruled, agent):
    ruled.department("pole")
    assert agent.post(sent(issued_by="pole")).json()["properties"]["issued_by"] == "pole"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no category": ({"category": None}, "category"),
    "unknown category": ({"category": "nothing"}, "category"),
    "category of another type": ({"category": {"code": "graffiti"}}, "category"),
    "zero byte in the category": ({"category": "a\0b"}, "category"),
    "no geometry": ({"geometry": None}, "geometry"),
    "empty geometry": ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry"),
    "crossing geometry": ({"geometry": {"type": "Polygon", "coordinates": BOWTIE}}, "geometry"),
    "collection": ({"geometry": {"type": "GeometryCollection", "geometries": []}}, "geometry"),
    "nowhere": ({"geometry": {"type": "Point", "coordinates": [-0.4, 149]}}, "geometry"),
    "letters": ({"geometry": {"type": "Point", "coordinates": ["a", "b"]}}, "geometry"),
    "no coordinates": ({"geometry": {"type": "Point"}}, "geometry"),
    "a list": ({"geometry": [1, 2]}, "geometry"),
    "too large": (
        {"geometry": {"type": "LineString", "coordinates": [[-0.4 + i * 1e-6, 49.1] for i in range(10_001)]}},
        "geometry",
    ),
    "no channel": ({"channel": None}, "channel"),
    "unknown channel": ({"channel": "pigeon"}, "channel"),
    "unknown nature": ({"nature": "wish"}, "nature"),
    "another authority's department": ({"issued_by": "elsewhere"}, "issued_by"),
    "damaged e-mail": ({"requester": {"email": "camille"}}, "requester.email"),
    "requester of another type": ({"requester": "Camille"}, "requester.non_field_errors"),
    "accuracy below zero": ({"accuracy_m": -1}, "accuracy_m"),
    "accuracy that is no number": ({"accuracy_m": "NaN"}, "accuracy_m"),
    "accuracy without end": ({"accuracy_m": 1e999}, "accuracy_m"),
    "unreadable instant": ({"captured_at": "yesterday"}, "captured_at"),
    "instant beyond the calendar": ({"captured_at": "9999-12-31T23:59:59Z"}, "captured_at"),
    "endless description": ({"description": "a" * 4001}, "description"),
    "half a character": ({"description": "\ud800"}, "description"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_by_field_and_nothing_is_logged(ruled, agent, name):
    fields, blamed = WRONG[name]
    ruled.department("elsewhere", authority=type(ruled.authority).objects.create(code="other", name="Autre"))
    answer = agent.post({field: value for field, value in {**sent(), **fields}.items() if value is not None})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["title"]) == (400, "Certains champs sont à corriger.")
    assert list(problem["errors"]) == [blamed]
    assert all(sentence.endswith((".", "».", ")")) for sentence in problem["errors"][blamed])
    assert not ServiceRequest.objects.exists()


def test_a_retired_category_is_refused(ruled, agent):
    ruled.categories["graffiti"].retired_on = "2026-01-01"
    ruled.categories["graffiti"].save()
    assert list(agent.post(sent()).json()["errors"]) == ["category"]


def test_all_faults_are_told_at_once(ruled, agent):
    assert set(agent.post({"accuracy_m": -1}).json()["errors"]) == {"category", "geometry", "channel", "accuracy_m"}


def test_a_body_that_is_no_object_is_refused(ruled, agent):
    for body in ([], "text", 3, None, [sent()]):
        answer = agent.post(body)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_photos_come_with_a_form(ruled, agent, media):
    form = {
        "category": "graffiti",
        "geometry": json.dumps(lonlat(FOUNTAIN)),
        "channel": "technician",
        "requester": json.dumps(WHO),
        "accuracy_m": "",
        "photos": [photo("red"), photo("blue")],
    }
    answer = agent.post_form(form)
    assert answer.status_code == 201, answer.content
    properties = answer.json()["properties"]
    assert properties["requester"] == WHO
    assert len(properties["photos"]) == 2
    seen = agent.client.get(properties["photos"][0].removeprefix("http://127.0.0.1:8000"))
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(seen.content)).size == (64, 48)


def test_a_file_that_is_no_photo_is_told_at_photos(ruled, agent, media):
    fake = io.BytesIO(b"%PDF-1.4")
    fake.name = "devis.pdf"
    answer = agent.post_form({**sent(), "geometry": json.dumps(lonlat(FOUNTAIN)), "photos": fake})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["photos"])
    assert answer.json()["errors"]["photos"][0].startswith("devis.pdf")
    assert not ServiceRequest.objects.exists()


def test_a_form_whose_json_is_damaged_is_told_by_field(ruled, agent):
    answer = agent.post_form({**sent(), "geometry": json.dumps(lonlat(FOUNTAIN)), "requester": "{"})
    assert list(answer.json()["errors"]) == ["requester"]


def test_a_replay_answers_the_first_result(ruled, agent, media):
    key = str(uuid4())
    form = {**sent(), "geometry": json.dumps(lonlat(FOUNTAIN))}
    first = agent.post_form({**form, "photos": photo()}, **{"idempotency-key": key})
    second = agent.post_form({**form, "photos": photo()}, **{"idempotency-key": key})
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["ETag"] == first["ETag"]
    assert (ServiceRequest.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_replay_draws_no_reference(ruled, agent):
    key = str(uuid4())
    first = [agent.post(sent(), **{"idempotency-key": key}).json()["id"] for _ in range(3)]
    following = agent.post(sent()).json()["id"]
    assert int(following[5:11]) == int(first[0][5:11]) + 1


def test_a_key_of_somebody_else_is_refused(ruled, agent, machine, media):
    key = str(uuid4())
    form = {**sent(), "geometry": json.dumps(lonlat(FOUNTAIN))}
    agent.post_form({**form, "photos": photo()}, **{"idempotency-key": key})
    technician = machine("technician")
    for fields in (form, {**form, "photos": photo()}):
        answer = technician.post_form(fields, **{"idempotency-key": key})
        assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert ServiceRequest.objects.count() == 1


def test_without_a_key_each_call_is_a_new_request(ruled, agent):
    assert agent.post(sent()).json()["id"] != agent.post(sent()).json()["id"]


def test_a_damaged_key_is_refused(ruled, agent):
    answer = agent.post(sent(), **{"idempotency-key": "once"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


def test_a_key_may_stand_in_quotes_as_the_ietf_draft_writes_it(ruled, agent):
    key = str(uuid4())
    quoted = agent.post(sent(), **{"idempotency-key": f'"{key}"'})
    assert agent.post(sent(), **{"idempotency-key": key}).json() == quoted.json()


def test_who_may_not_log_requests_may_not_post(ruled, machine):
    answer = machine("analyst").post(sent())
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")


def test_who_may_not_see_requesters_is_not_told_the_one_they_sent(ruled, machine):
    assert "requester" not in machine("technician").post(sent(requester=WHO)).json()["properties"]
    assert Requester.objects.get().email == WHO["email"]


def test_a_session_needs_the_csrf_token(ruled):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ruled.person("agent"))
    refused = browser.post("/api/v1/requests", json.dumps(sent()), "application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    browser.cookies["csrftoken"] = "a" * 32
    taken = browser.post("/api/v1/requests", json.dumps(sent()), "application/json", headers={"x-csrftoken": "a" * 32})
    assert taken.status_code == 201


def test_the_stored_place_is_in_the_storage_crs(ruled, agent):
    agent.post(sent(FOUNTAIN))
    assert ServiceRequest.objects.get().geom.distance(point(FOUNTAIN)) < 0.001


@pytest.mark.parametrize(("said", "kept"), [({}, "email"), ({"notify": "sms"}, "sms"), ({"notify": "none"}, "none")])
def test_how_the_requester_wants_to_be_told_is_kept(agent, said, kept):
    answer = agent.post(sent(requester={"email": "camille@exemple.example", **said}))
    assert answer.json()["properties"]["requester"]["notify"] == kept
    assert Requester.objects.get().notify == kept


def test_a_way_that_does_not_exist_is_refused(agent):
    answer = agent.post(sent(requester={"email": "camille@exemple.example", "notify": "pigeon"}))
    assert answer.status_code == 400
    assert "requester.notify" in answer.json()["errors"]
