"""Refusals: problem+json to machines, a page to people, nothing leaked."""

import json

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.errors import OutsideTerritory, flat
from gisplatform.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from tests.machine import plain

PROBLEM = "application/problem+json"


class Failing(APIView):
    """Answers with the failure its address names."""

    required_permissions = {"GET": "", "POST": ""}
    failures = {
        "outside": OutsideTerritory(),
        "nested": ValidationError({"who": {"email": ["Bad."]}, "photos": [{}, {"file": ["Worse."]}], "a": ["b", "c"]}),
        "bug": ZeroDivisionError("a secret of ours"),
        "large": RequestDataTooBig(),
    }

    def get(self, _request, failure: str) -> Response:
        raise self.failures[failure]

    def post(self, request, failure: str) -> Response:
        return Response({"read": request.data})


def page(_request, failure: str) -> HttpResponse:
    raise Failing.failures[failure]


urlpatterns = [
    path("api/failing/<failure>", Failing.as_view()),
    path("page/<failure>/", page),
    *urlpatterns,
]  # fmt: skip


@pytest.fixture
def client(town, settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(town.person("agent"))
    return client


def problem(answer, status: int) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    told = answer.json()
    assert told["status"] == status
    assert told["type"] == "about:blank"
    assert told["title"].endswith(".")
    return told


def test_an_expected_error_has_its_status_and_sentence(client):
    assert problem(client.get("/api/failing/outside"), 422)["title"] == "Ce lieu est hors du territoire."


def test_errors_stand_by_field_in_one_level(client):
    told = problem(client.get("/api/failing/nested"), 400)
    assert told["errors"] == {"who.email": ["Bad."], "photos.1.file": ["Worse."], "a": ["b", "c"]}
    assert flat({"a": {"b": {"c": ["d"]}}}) == {"a.b.c": ["d"]}


def test_a_fault_of_ours_tells_nothing_of_itself(client):
    answer = client.get("/api/failing/bug")
    assert problem(answer, 500)["title"] == "Quelque chose s’est mal passé de notre côté. Réessayez dans un moment."
    assert b"secret" not in answer.content


def test_a_fault_while_the_database_is_away_is_a_problem_too(client, monkeypatch):
    def away(*_args, **_kwargs):
        raise OperationalError("could not connect to a secret host")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        answer = client.get("/api/v1/requests", headers={"authorization": "Bearer anything"})
    assert "secret" not in json.dumps(problem(answer, 500))


def test_an_unknown_address_is_a_problem_under_api_and_a_page_elsewhere(client):
    for address in ("/api/", "/api/v1/", "/api/v1/nothing", "/api/v1/requests/", "/api/v2/requests"):
        problem(client.get(address), 404)
    answer = client.get("/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_host_that_is_not_ours_is_refused_in_each_ones_way(client):
    problem(client.get("/api/v1/requests", headers={"host": "evil.example"}), 400)
    assert client.get("/demandes/", headers={"host": "evil.example"})["Content-Type"].startswith("text/html")


def test_a_method_nobody_declared_is_refused(client):
    answer = client.delete("/api/v1/requests")
    assert problem(answer, 405)["title"].startswith("Méthode")
    assert "GET" in answer["Allow"]
    assert "POST" in answer["Allow"]


def test_a_media_type_nobody_reads_is_refused(client):
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        problem(client.post("/api/v1/requests", "category=graffiti", content_type=kind), 415)


def test_a_format_nobody_writes_is_refused(client):
    problem(client.get("/api/v1/requests", headers={"accept": "text/csv"}), 406)


BODIES = {
    "cut short": b'{"category": ',
    "empty text": b" ",
    "not JSON": b"category=graffiti",
    "endless nesting": b"[" * 100_000,
    "endless number": b"1" * 5000,
    "no Unicode": b'{"category": "\xff\xfe"}',
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_json_is_refused(client, name):
    problem(client.post("/api/failing/any", BODIES[name], content_type="application/json"), 400)


def test_the_fault_in_a_body_is_located(client):
    answer = client.post("/api/failing/any", b'{\n  "a": }', content_type="application/json")
    assert plain(problem(answer, 400)["title"]) == "Le corps de l’appel n’est pas du JSON : voyez ligne 2, colonne 8."


def test_a_body_without_end_is_refused(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    just = json.dumps("a" * 998)
    assert client.post("/api/failing/any", just, content_type="application/json").json() == {"read": "a" * 998}
    problem(client.post("/api/failing/any", just + " ", content_type="application/json"), 413)
    problem(client.get("/api/failing/large"), 413)


def test_a_damaged_form_is_refused(client, settings):
    content_type = "multipart/form-data; boundary=b"
    problem(client.post("/api/v1/requests", b"no form", content_type=content_type), 400)
    problem(client.post("/api/v1/requests", b"", content_type="multipart/form-data"), 400)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    problem(client.post("/api/v1/requests", {"a": 1, "b": 2, "c": 3}), 400)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    problem(client.post("/api/v1/requests", {"a": "a" * 200}), 413)


def test_a_page_tells_an_expected_error_with_its_status(client):
    answer = client.get("/page/outside/")
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/html; charset=utf-8")
    assert "Ce lieu est hors du territoire." in answer.content.decode()


def test_a_page_says_nothing_of_a_fault_of_ours(client):
    answer = client.get("/page/bug/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert b"secret" not in answer.content
