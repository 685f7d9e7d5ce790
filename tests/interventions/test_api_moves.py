"""What machines do: moves, notes and events of requests; interventions and their moves."""

from uuid import uuid4

import pytest

from interventions.events.models import Event
from interventions.requests.models import ServiceRequest
from interventions.work import services
from interventions.work.models import Intervention
from tests.town import NOW, STALL


@pytest.fixture
def request_here(town):
    town.rule("cleaning")
    return town.request(STALL)


@pytest.fixture
def work(town, request_here):
    """Accepted and entrusted to a company: it awaits a manager."""
    company = town.department("graffiti-away")
    company.kind = "contractor"
    company.save()
    regulator = town.person("regulator", username="orders")
    return services.accept(request_id=request_here.pk, executed_by=company, actor=regulator, now=NOW)


def test_a_move_answers_with_the_request_as_it_then_stands(machine, request_here):
    regulator = machine("regulator")
    answer = regulator.post({"move": "accept"}, to=f"requests/{request_here.reference}/moves")
    assert answer.status_code == 200
    told = answer.json()["properties"]
    assert told["state"] == "accepted"
    assert told["moves"] == regulator.get(f"requests/{request_here.reference}").json()["properties"]["moves"]


def test_the_same_key_moves_once(machine, request_here):
    regulator, key = machine("regulator"), {"idempotency-key": str(uuid4())}
    address = f"requests/{request_here.reference}/moves"
    assert [regulator.post({"move": "accept"}, to=address, **key).status_code for _ in range(2)] == [200, 200]
    assert request_here.events.filter(move="accept").count() == 1
    assert regulator.post({"move": "accept"}, to=address).status_code == 409


def test_a_key_of_another_request_is_refused(machine, town, request_here):
    regulator, key, other = machine("regulator"), {"idempotency-key": str(uuid4())}, town.request(STALL)
    regulator.post({"move": "accept"}, to=f"requests/{request_here.reference}/moves", **key)
    answer = regulator.post({"move": "accept"}, to=f"requests/{other.reference}/moves", **key)
    assert answer.status_code == 409
    assert ServiceRequest.objects.get(pk=other.pk).state == "to_evaluate"


def test_if_match_refuses_what_has_changed(machine, request_here):
    regulator = machine("regulator")
    address = f"requests/{request_here.reference}"
    version = regulator.get(address)["ETag"]
    first = regulator.post({"move": "accept"}, to=f"{address}/moves", **{"if-match": version})
    assert first.status_code == 200
    late = regulator.post({"move": "watch"}, to=f"{address}/moves", **{"if-match": version})
    assert (late.status_code, late["Content-Type"]) == (412, "application/problem+json")
    again = regulator.post({"move": "watch"}, to=f"{address}/moves", **{"if-match": first["ETag"]})
    assert again.json()["properties"]["state"] == "watched"


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"move": "fly"}, 400), ({"move": "refuse"}, 409), ({"move": "redirect", "reason": "x"}, 409),
     ({"move": "redirect", "reason": "x", "department": "nowhere"}, 400), ({"move": "finish"}, 409)],
)  # fmt: skip
def test_what_cannot_be_done_is_said(machine, request_here, body, status):
    answer = machine("regulator").post(body, to=f"requests/{request_here.reference}/moves")
    assert answer.status_code == status
    assert answer.json()["title"]
    assert request_here.events.count() == 1


def test_each_move_needs_its_permission(machine, request_here):
    answer = machine("agent").post({"move": "accept"}, to=f"requests/{request_here.reference}/moves")
    assert answer.status_code == 403


def test_what_leaves_ones_sight_is_done_all_the_same(machine, town, request_here):
    other = type(town.authority).objects.create(code="county", name="Comté")
    town.department("roads", authority=other)
    ServiceRequest.objects.filter(pk=request_here.pk).update(issued_by=None)
    sent = {"move": "redirect", "reason": "Route départementale.", "department": "roads"}
    answer = machine("regulator").post(sent, to=f"requests/{request_here.reference}/moves")
    assert answer.status_code == 204
    assert ServiceRequest.objects.get(pk=request_here.pk).department.code == "roads"


def test_a_note_is_an_event_and_the_same_key_writes_one(machine, request_here):
    agent, key = machine("agent"), {"idempotency-key": str(uuid4())}
    ServiceRequest.objects.filter(pk=request_here.pk).update(issued_by=agent_department())
    address = f"requests/{request_here.reference}"
    first, second = (agent.post({"text": "Rappelé."}, to=f"{address}/notes", **key) for _ in range(2))
    assert (first.status_code, first.json()) == (201, second.json())
    events = agent.get(f"{address}/events").json()
    assert [(each["kind"], each["text"]) for each in events] == [("submitted", ""), ("noted", "Rappelé.")]
    assert {"id", "kind", "at", "from", "to", "text"} <= events[0].keys()
    assert (events[0]["from"], events[0]["to"], events[1]["to"]) == (None, "to_evaluate", None)


def agent_department():
    from gisplatform.models import Department

    return Department.objects.get(code="desk")


def test_events_say_from_where_to_where(machine, request_here):
    regulator = machine("regulator")
    regulator.post({"move": "accept"}, to=f"requests/{request_here.reference}/moves")
    last = regulator.get(f"requests/{request_here.reference}/events").json()[-1]
    assert (last["move"], last["from"], last["to"], last["public"]) == ("accept", "to_evaluate", "accepted", True)


def test_a_neighbours_request_has_neither_moves_nor_events(machine, town, request_here):
    other = type(town.authority).objects.create(code="county", name="Comté")
    town.department("roads", authority=other)
    stranger = machine("regulator", department="roads", username="stranger")
    address = f"requests/{request_here.reference}"
    assert stranger.post({"move": "accept"}, to=f"{address}/moves").status_code == 404
    assert stranger.post({"text": "?"}, to=f"{address}/notes").status_code == 404
    assert stranger.get(f"{address}/events").status_code == 404


# --- Interventions ------------------------------------------------------------------------------------------------


def test_a_company_sees_its_work_once_it_is_validated(machine, town, work):
    company = machine("contractor", department="graffiti-away")
    assert company.get("interventions").json()["features"] == []
    assert company.get(f"interventions/{work.reference}").status_code == 404
    manager = machine("manager", department="cleaning")
    assert manager.get(f"interventions/{work.reference}").json()["properties"]["moves"] == ["validate", "cancel"]
    validated = manager.post({"move": "validate"}, to=f"interventions/{work.reference}/moves")
    assert validated.json()["properties"]["state"] == "to_do"
    (told,) = company.get("interventions").json()["features"]
    assert told["properties"]["requests"] == [work.requests.get().reference]
    assert told["properties"]["moves"] == ["start", "finish"]
    assert told["geometry"]["type"] == "Point"


def test_work_done_by_a_machine_reaches_the_request(machine, work):
    manager = machine("manager", department="cleaning")
    address, key = f"interventions/{work.reference}/moves", {"idempotency-key": str(uuid4())}
    manager.post({"move": "validate"}, to=address)
    company = machine("contractor", department="graffiti-away")
    done = [company.post({"move": "finish", "reason": "Lavé."}, to=address, **key) for _ in range(2)]
    assert [each.status_code for each in done] == [200, 200]
    assert done[1].json()["properties"]["report"] == "Lavé."
    request = work.requests.get()
    assert request.state == "done"
    assert Event.objects.filter(request=request, move="finish").count() == 1
    assert company.post({"move": "validate"}, to=address).status_code == 403
    assert company.post({"move": "start"}, to=address).status_code == 409


def test_if_match_holds_for_interventions_too(machine, work):
    manager = machine("manager", department="cleaning")
    address = f"interventions/{work.reference}"
    version = manager.get(address)["ETag"]
    assert manager.get(address, **{"if-none-match": version}).status_code == 304
    assert manager.post({"move": "validate"}, to=f"{address}/moves", **{"if-match": version}).status_code == 200
    late = manager.post({"move": "cancel", "reason": "Non."}, to=f"{address}/moves", **{"if-match": version})
    assert late.status_code == 412


def test_another_companys_work_does_not_exist(machine, town, work):
    rival = town.department("rival")
    rival.kind = "contractor"
    rival.save()
    Intervention.objects.filter(pk=work.pk).update(validated_at=NOW, state="to_do")
    stranger = machine("contractor", department="rival")
    assert stranger.get("interventions").json()["features"] == []
    assert stranger.post({"move": "start"}, to=f"interventions/{work.reference}/moves").status_code == 404


def test_the_list_is_filtered_and_paged(machine, town, work, django_assert_num_queries):
    manager = machine("manager", department="cleaning")
    more = [services.accept(request_id=town.request(STALL).pk, executed_by=None, actor=None, now=NOW) for _ in range(2)]
    first = manager.get("interventions", {"limit": 2}).json()
    following = next(each["href"] for each in first["links"] if each["rel"] == "next")
    second = manager.client.get(following).json()
    told = [each["id"] for page in (first, second) for each in page["features"]]
    assert told == [each.reference for each in (*reversed(more), work)]
    assert len(manager.get("interventions", {"state": "to_validate"}).json()["features"]) == 1
    assert len(manager.get("interventions", {"executed_by": "cleaning"}).json()["features"]) == 2
    (only,) = manager.get("interventions", {"request": work.requests.get().reference}).json()["features"]
    assert only["id"] == work.reference
    with django_assert_num_queries(3):
        manager.get("interventions")
    assert manager.get("interventions", {"state": "lost"}).status_code == 400
    assert manager.get("interventions", {"cursor": "x"}).status_code == 400
