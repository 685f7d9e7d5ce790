"""By whom a request is joined: on its page, in the queue, by a machine; what each is shown."""

import pytest

from interventions.requests.duplicates import CannotJoin, find
from interventions.requests.models import ServiceRequest
from tests.interventions.conftest import url
from tests.interventions.duplicates.callers import act, joins, merge
from tests.machine import sent
from tests.town import FOUNTAIN


def test_only_what_one_may_see_can_be_named(town, first, second):
    county = type(town.authority).objects.create(code="county", name="Comté")
    regulator = town.person("regulator")
    act(first, "redirect", department=town.department("roads", authority=county))
    visible = ServiceRequest.objects.visible_to(regulator)
    with pytest.raises(CannotJoin):
        find(first.reference, visible=visible)
    with pytest.raises(CannotJoin):
        find("2026-999999-9", visible=visible)
    assert find(f" {second.reference} ", visible=visible) == second


def test_nor_one_that_has_joined_a_request_one_may_not_see(town, first, second):
    merge(second, first)
    county = type(town.authority).objects.create(code="county", name="Comté")
    act(first, "redirect", department=town.department("roads", authority=county))
    with pytest.raises(CannotJoin, match="technicien central"):
        find(second.reference, visible=ServiceRequest.objects.visible_to(town.person("regulator")))


def test_the_page_joins_by_reference(signed_in, first, second):
    done = signed_in().post(url(second, "moves"), {"move": "merge", "duplicate_of": f" {first.reference} "})
    assert done.status_code == 302
    assert joins(second) == first


@pytest.mark.parametrize("typed", ["2026-999999-9", "", "nonsense"])
def test_a_wrong_reference_is_said_at_its_field(signed_in, second, typed):
    refused = signed_in().post(
        url(second, "moves"), {"move": "merge", "duplicate_of": typed, "reason": "Voir l’autre."}
    )
    page = " ".join(refused.content.decode().split())
    assert refused.status_code in (409, 422)
    field = page[page.index('id="duplicate-of"') : page.index('id="merge-word"')]
    assert 'aria-invalid="true"' in field
    assert f'value="{typed}"' in field
    assert refused.context["refused"]["sentence"] in page[page.index('id="duplicate-of-error"') :][:600]
    assert "Voir l’autre.</textarea>" in page
    assert joins(second) is None


def test_itself_is_said_at_the_field_too_and_a_script_is_told_which(signed_in, second):
    sent = {"move": "merge", "duplicate_of": second.reference}
    refused = signed_in().post(url(second, "moves"), sent, headers={"Accept": "application/json"})
    assert refused.status_code == 409
    assert refused.json()["errors"] == {"duplicate_of": [refused.json()["title"]]}


def test_the_queue_joins_with_one_press(signed_in, first, second):
    client = signed_in()
    page = client.get(f"/regulation/?request={second.reference}").content.decode()
    assert f'name="duplicate_of" value="{first.reference}"' in " ".join(page.split())
    sent = {"move": "merge", "duplicate_of": first.reference}
    assert client.post(f"/regulation/{second.reference}/", sent).status_code == 302
    assert joins(second) == first
    queue = client.get("/regulation/").content.decode()
    assert "2 appelants" in queue.replace("\u00a0", " ")
    wrong = client.post(f"/regulation/{first.reference}/", {"move": "merge", "duplicate_of": "2026-999999-9"})
    assert (wrong.status_code, wrong.context["refused"]["field"]) == (422, "duplicate_of")


def test_an_agent_marks_nothing_afterwards(signed_in, first, second):
    sent = {"move": "merge", "duplicate_of": first.reference}
    assert signed_in("agent").post(url(second, "moves"), sent).status_code == 403


def test_both_pages_tell_of_the_other(signed_in, first, second):
    merge(second, first)
    client = signed_in()
    principal = client.get(url(first)).content.decode().replace("\u00a0", " ")
    assert "2 appelants pour ce problème" in principal
    assert url(second) in principal
    assert "Ali Benali" in principal
    mine = client.get(url(second)).content.decode()
    assert url(first) in mine
    assert "Détacher" in mine
    technician = signed_in("technician").get(url(first)).content.decode()
    assert url(second) in technician
    assert "Ali Benali" not in technician


def test_the_list_counts_callers(signed_in, first, second, third):
    merge(second, first)
    merge(third, first)
    page = signed_in().get("/demandes/").content.decode().replace("\u00a0", " ")
    assert page.count("3 appelants") == 1


def test_a_machine_joins_and_reads_both_sides(machine, first, second):
    regulator = machine("regulator")
    told = regulator.post({"move": "merge", "duplicate_of": first.reference}, to=f"requests/{second.reference}/moves")
    assert told.status_code == 200
    assert told.json()["properties"]["duplicate_of"] == first.reference
    principal = regulator.get(f"requests/{first.reference}").json()["properties"]
    assert (principal["duplicate_of"], principal["duplicates"]) == (None, [second.reference])
    events = regulator.get(f"requests/{first.reference}/events").json()
    assert (events[-1]["kind"], events[-1]["other"], events[0]["other"]) == ("joined_by", second.reference, None)


def test_a_machine_is_told_what_is_wrong_with_the_reference(machine, second):
    regulator, address = machine("regulator"), f"requests/{second.reference}/moves"
    unknown = regulator.post({"move": "merge", "duplicate_of": "2026-999999-9"}, to=address)
    assert (unknown.status_code, list(unknown.json()["errors"])) == (400, ["duplicate_of"])
    assert regulator.post({"move": "merge"}, to=address).status_code == 409
    itself = regulator.post({"move": "merge", "duplicate_of": second.reference}, to=address)
    assert itself.status_code == 409
    assert second.events.count() == 1


def test_a_machine_logs_one_that_joins(machine, first):
    logged = machine("regulator").post(sent(FOUNTAIN, duplicate_of=first.reference)).json()["properties"]
    assert (logged["state"], logged["duplicate_of"]) == ("duplicate", first.reference)
    refused = machine("agent").post(sent(FOUNTAIN, duplicate_of="2026-999999-9"))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["duplicate_of"])
