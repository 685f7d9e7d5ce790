"""The description of the interfaces: complete, valid, and true of what they answer."""

import json

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse

from tests.machine import sent
from tests.town import BORDER, FOUNTAIN, STALL, line

OPERATIONS = {
    ("/api/v1/requests", "get"), ("/api/v1/requests", "post"), ("/api/v1/requests/{reference}", "get"),
    ("/api/v1/requests/{reference}/photos/{photo}", "get"), ("/api/v1/categories", "get"),
    ("/api/v1/departments", "get"), ("/api/v1/routing/preview", "get"),
    ("/api/v1/layers", "get"), ("/api/v1/zones", "get"), ("/api/v1/layers/{code}/versions", "post"),
    ("/api/v1/requests/{reference}/moves", "post"), ("/api/v1/requests/{reference}/notes", "post"),
    ("/api/v1/requests/{reference}/events", "get"), ("/api/v1/interventions", "get"),
    ("/api/v1/interventions/{reference}", "get"), ("/api/v1/interventions/{reference}/moves", "post"),
    ("/api/v1/statistics", "get"),
}  # fmt: skip


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """The schema as the command writes it; a warning or an error fails."""
    file = tmp_path_factory.mktemp("schema") / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def check(schema, path: str, method: str, answer) -> None:
    """The answer's body is what the schema says of this status and media type; nothing undescribed is in it."""
    described = schema["paths"][path][method]["responses"][str(answer.status_code)]["content"]
    body = described[answer["Content-Type"]]["schema"]
    validate({**body, "components": closed(schema["components"])}, answer.json())


def validate(schema, value) -> None:
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(value)


def closed(node):
    """The same schema, where an object holds nothing but what is described and `nullable` is said as JSON Schema."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    told = {name: closed(value) for name, value in node.items() if name not in {"nullable", "readOnly", "example"}}
    if told.get("type") == "object" and "properties" in told:
        told["additionalProperties"] = False
    return {"anyOf": [told, {"type": "null"}]} if node.get("nullable") is True else told


@pytest.fixture
def ruled(town):
    town.rule("west", zones=("WEST",))
    town.rule("north", zones=("NORTH",))
    town.rule("desk", category=None, layer="market")
    return town


def test_every_operation_is_described(schema):
    described = {(path, method) for path, methods in schema["paths"].items() for method in methods}
    assert described >= OPERATIONS
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["security"] == [{"bearer": []}, {"basic": []}, {"cookieAuth": []}], (path, method)


def test_answers_are_as_described(schema, ruled, agent, machine):
    path = "/api/v1/requests"
    made = [
        agent.post(sent(FOUNTAIN, requester={"name": "Camille"}, accuracy_m=3, captured_at="2026-03-02T09:00:00Z")),
        agent.post(sent(BORDER)),
        agent.post(sent(STALL, nature="suggestion")),
        agent.post(sent(line((900, 500), (1100, 500)))),
    ]
    for answer in made:
        check(schema, path, "post", answer)
        for reader in (agent, machine("analyst", username=f"analyst-{answer.json()['id']}")):
            check(schema, f"{path}/{{reference}}", "get", reader.get(f"requests/{answer.json()['id']}"))
    check(schema, path, "get", agent.get("requests"))
    check(schema, path, "get", agent.get("requests", accept="application/json"))
    check(schema, path, "get", agent.get("requests", {"limit": 0}))
    check(schema, path, "post", agent.post({}))
    check(schema, f"{path}/{{reference}}", "get", agent.get("requests/2026-000000-0"))
    check(schema, "/api/v1/categories", "get", agent.get("categories"))
    check(schema, "/api/v1/departments", "get", agent.get("departments"))
    check(schema, "/api/v1/layers", "get", agent.get("layers"))
    check(schema, "/api/v1/zones", "get", agent.get("zones", {"layer": "squares"}))
    check(schema, "/api/v1/zones", "get", agent.get("zones", {"layer": "nowhere"}))
    lon, lat = sent(STALL)["geometry"]["coordinates"]
    for place in ({"lon": lon, "lat": lat}, {"lon": 2, "lat": 48}, {}):
        query = {"category": "graffiti", **place}
        check(schema, "/api/v1/routing/preview", "get", agent.get("routing/preview", query))


def test_the_examples_are_as_described(schema):
    components = closed(schema["components"])
    seen = 0
    for methods in schema["paths"].values():
        for operation in methods.values():
            contents = [answer.get("content", {}) for answer in operation["responses"].values()]
            contents.append(operation.get("requestBody", {}).get("content", {}))
            for media in (media for content in contents for media in content.values()):
                for example in media.get("examples", {}).values():
                    validate({**media["schema"], "components": components}, example["value"])
                    seen += 1
    assert seen >= 5


def test_the_example_is_taken(schema, ruled, agent):
    content = schema["paths"]["/api/v1/requests"]["post"]["requestBody"]["content"]["application/json"]
    assert agent.post(content["examples"]["New"]["value"]).status_code == 201


def test_the_schema_is_served_to_everyone_signed_in(ruled, client):
    assert client.get(reverse("api-schema")).status_code == 401
    client.force_login(ruled.person("contractor"))
    answer = client.get(reverse("api-schema"), {"format": "json"})
    assert (answer.status_code, json.loads(answer.content)["openapi"]) == (200, "3.0.3")
