"""How many statements a call costs, and what happens when the same call comes many times at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interventions.events.models import Event
from interventions.requests.models import Requester, ServiceRequest
from tests import town as model_town
from tests.machine import Machine, sent
from tests.town import FOUNTAIN, STALL

WHO = {"name": "Camille Exemple", "email": "camille@exemple.example"}


@pytest.fixture
def ruled(transactional_db):
    """The model town in committed rows: no savepoint of the test blurs the count."""
    town = model_town.build()
    town.rule("west", zones=("WEST",))
    town.rule("south", zones=("SOUTH",))
    return town


def counted(call) -> list[str]:
    """The statements of one whole call, BEGIN and COMMIT among them."""
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code in {200, 201}, answer.content
    return [query["sql"] for query in captured.captured_queries]


def routing_statements(statements: list[str]) -> int:
    return sum("/* interventions.routing/" in statement for statement in statements)


def test_a_request_is_logged_in_at_most_12_statements_one_of_them_routing(ruled):
    agent = Machine(ruled.person("agent"))
    body = sent(STALL, requester=WHO, issued_by="desk", description="Un tag", address="3 rue du Puits")
    statements = counted(lambda: agent.post(body, **{"idempotency-key": str(uuid4())}))
    assert len(statements) <= 12, "\n".join(statements)
    assert routing_statements(statements) == 1


def test_a_member_of_a_department_costs_no_more(ruled):
    member = Machine(ruled.person("member", department="west"))
    assert len(counted(lambda: member.post(sent()))) <= 12


def test_a_page_of_requests_costs_the_same_whatever_its_size(ruled):
    for number in range(60):
        ruled.request(FOUNTAIN if number % 2 else STALL)
    ServiceRequest.objects.update(issued_by=ruled.department("desk"))
    for role in ("agent", "member"):
        machine = Machine(ruled.person(role))
        sizes = {
            size: len(counted(lambda size=size, machine=machine: machine.get("requests", {"limit": size})))
            for size in (1, 50, 60)
        }
        assert set(sizes.values()) == {sizes[50]}
        assert sizes[50] <= 4
    query = {"limit": 50, "zone": "squares:WEST", "category": "graffiti", "department": "west", "state": "open"}
    assert len(counted(lambda: machine.get("requests", query))) <= 4


def test_a_preview_costs_three_statements(ruled):
    agent = Machine(ruled.person("agent"))
    lon, lat = sent(FOUNTAIN)["geometry"]["coordinates"]
    statements = counted(lambda: agent.get("routing/preview", {"category": "graffiti", "lon": lon, "lat": lat}))
    assert (len(statements), routing_statements(statements)) == (3, 1)


@pytest.mark.parametrize("how_many", [2, 20])
def test_one_key_posted_many_times_at_once_is_one_request(ruled, how_many):
    agent = Machine(ruled.person("agent"))
    token, key = agent.client.defaults["HTTP_AUTHORIZATION"], str(uuid4())
    together = Barrier(how_many)

    def post(_number: int) -> tuple[int, dict]:
        client = Client(headers={"authorization": token, "idempotency-key": key})
        try:
            together.wait(timeout=20)
            answer = client.post("/api/v1/requests", json.dumps(sent(requester=WHO)), "application/json")
            return answer.status_code, answer.json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(how_many) as threads:
        answers = list(threads.map(post, range(how_many)))
    assert {status for status, _body in answers} == {201}
    assert len({json.dumps(body, sort_keys=True) for _status, body in answers}) == 1
    assert ServiceRequest.objects.count() == 1
    assert Requester.objects.count() == 1
    assert Event.objects.count() == 1
