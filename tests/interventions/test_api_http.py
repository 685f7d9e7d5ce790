"""A real client on a real socket, as a script or QGIS speaks to the platform."""

import base64
import json
import urllib.error
import urllib.request
from uuid import uuid4

import pytest

from gisplatform import tokens
from tests import town as model_town
from tests.machine import sent
from tests.town import FOUNTAIN


@pytest.fixture
def token(transactional_db) -> str:
    town = model_town.build()
    town.rule("west", zones=("WEST",))
    return tokens.issue(user=town.person("agent"))


@pytest.fixture
def call(live_server):
    def made(path: str, body: dict | None = None, **headers: str):
        data = None if body is None else json.dumps(body).encode()
        address = path if path.startswith("http") else f"{live_server.url}{path}"
        request = urllib.request.Request(address, data=data, headers={"Content-Type": "application/json", **headers})
        try:
            answer = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers, json.loads(answer.read())

    return made


def bearer(token: str) -> str:
    return f"Bearer {token}"


def basic(token: str) -> str:
    return "Basic " + base64.b64encode(f"qgis:{token}".encode()).decode()


@pytest.mark.parametrize("scheme", [bearer, basic])
def test_log_read_list(call, token, scheme):
    signed = {"Authorization": scheme(token)}
    status, headers, made = call("/api/v1/requests", sent(FOUNTAIN), **signed, **{"Idempotency-Key": str(uuid4())})
    assert (status, headers["Content-Type"]) == (201, "application/geo+json")
    status, _headers, read = call(headers["Location"], **signed)
    assert (status, read) == (200, made)
    status, _headers, listed = call("/api/v1/requests?limit=10", **signed)
    assert (status, [each["id"] for each in listed["features"]]) == (200, [made["id"]])
    for path in ("categories", "departments"):
        assert call(f"/api/v1/{path}", **signed)[0] == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/requests", 401), ("/api/v1/categories", 401), ("/api/schema/", 401), ("/api/nowhere", 404)],
)
def test_refusals_are_problems_on_the_wire(call, transactional_db, path, status):
    answered, headers, problem = call(path)
    assert (answered, headers["Content-Type"], problem["status"]) == (status, "application/problem+json", status)
    assert (headers["WWW-Authenticate"] == 'Bearer realm="gisplatform"') is (status == 401)
