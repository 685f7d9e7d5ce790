"""The pages of a simulation: asking, reading, taking away; and the button of the rule's form."""

import csv
import datetime
import io
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from gisplatform.models import Authority, User
from interventions.requests.services import move
from interventions.routing.models import RoutingRule
from interventions.simulating import asking, services, views
from interventions.simulating.forms import months_before
from interventions.simulating.models import Simulation
from tests import letterbox
from tests.interventions.test_simulating import EASTWARD
from tests.layers.drafts import draft
from tests.town import FOUNTAIN, NOW, SQUARES, STALL

pytestmark = pytest.mark.usefixtures("still_clock")
TODAY = timezone.localdate(NOW)
ASK = "/couches/squares/versions/2/essai/"
FORM = {"day": TODAY.isoformat(), "months": "0"}


@pytest.fixture
def busy(town):
    """WEST answers for another authority; a draft gives it the stall and, with it, three requests."""
    town.department("west", authority=Authority.objects.create(code="agglo", name="Agglomération"))
    for code in SQUARES:
        town.rule(code.lower(), zones=(code,))
    town.requests = [town.request(place) for place in (FOUNTAIN, STALL, (1100, 100), (1195, 1500))]
    town.draft = draft(town, EASTWARD, layer="squares")
    return town


@pytest.fixture
def analyst(signed_in, busy):
    return signed_in("analyst")


def asked(client, **form) -> str:
    """The address of the result."""
    answer = client.post(ASK, {**FORM, **form})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def read(answer) -> str:
    return b"".join(answer.streaming_content).decode()


def cells(page):
    rows = page.context["matrix"]["rows"]
    return {
        (head.code, cell.after.code): cell.requests for head, row, _sum in rows for cell, _address in row if cell
    }  # fmt: skip


def test_asking_leads_to_an_address_that_others_can_read(analyst, busy, client):
    address = asked(analyst)
    page = analyst.get(address)
    assert cells(page) == {("south", "west"): 2, ("north", "west"): 1}
    assert [each.request_id for each in page.context["page"].rows] == [each.pk for each in busy.requests[1:]]
    assert "Ce que changerait la version 2" in page.content.decode()
    assert str(page.context["simulation"].requested_by) == "analyst"
    assert address in analyst.get(ASK).content.decode()
    client.force_login(busy.person("manager", department="south"))
    assert client.get(address).status_code == 200


def test_a_number_of_the_matrix_leads_to_its_requests(analyst, busy):
    address = asked(analyst)
    rows = analyst.get(address).context["matrix"]["rows"]
    links = {(head.code, cell.after.code): link for head, row, _sum in rows for cell, link in row if cell}
    page = analyst.get(address + links["north", "west"])
    assert [each.request_id for each in page.context["page"].rows] == [busy.requests[3].pk]
    assert cells(page) == {("south", "west"): 2, ("north", "west"): 1}


def test_the_same_by_authority(analyst):
    page = analyst.get(asked(analyst) + "?by=authority")
    assert cells(page) == {("town", "agglo"): 3}


def test_requests_to_sort_stand_in_the_matrix(analyst, busy):
    RoutingRule.objects.filter(zone_codes=["WEST"]).update(valid_from=TODAY + datetime.timedelta(days=1))
    address = asked(analyst)
    page = analyst.get(address + "?to=-")
    assert cells(page) == {("south", ""): 2, ("north", ""): 1, ("west", ""): 1}
    assert len(page.context["page"].rows) == 4


def test_what_a_person_chose_is_a_list_of_its_own(analyst, busy):
    move(request_id=busy.requests[1].pk, name="redirect", actor=busy.person("regulator"), now=NOW, reason="à eux",
         department=busy.department("island"))  # fmt: skip
    address = asked(analyst)
    assert cells(analyst.get(address)) == {("south", "west"): 1, ("north", "west"): 1}
    kept = analyst.get(address + "?kind=by_person")
    assert [each.request_id for each in kept.context["page"].rows] == [busy.requests[1].pk]


def test_each_sees_the_moves_of_requests_they_may_see(analyst, busy, client):
    address = asked(analyst)
    client.force_login(busy.person("member", department="north"))
    page = client.get(address)
    assert cells(page) == {("north", "west"): 1}
    assert busy.requests[1].reference not in page.content.decode()
    assert busy.requests[1].reference not in read(client.get(address + "?format=csv"))
    features = json.loads(read(client.get(address + "?format=geojson")))["features"]
    assert [each["properties"]["reference"] for each in features] == [busy.requests[3].reference]


def test_who_may_not_manage_layers_cannot_ask(analyst, busy, client):
    address = asked(analyst)
    client.force_login(busy.person("manager", department="south"))
    assert client.get(ASK).status_code == 403
    assert client.post(f"{address}rejouer/", FORM).status_code == 403
    assert "Relancer" not in client.get(address).content.decode()


def test_a_page_of_moves_costs_as_many_queries_as_a_long_one(analyst, busy, django_assert_num_queries):
    address = asked(analyst)
    analyst.get(address)
    with django_assert_num_queries(9):
        analyst.get(address)
    for _time in range(5):
        busy.request(STALL)
    longer = asked(analyst)
    with django_assert_num_queries(9):
        analyst.get(longer)


def test_pages_follow_each_other(analyst, busy, monkeypatch):
    monkeypatch.setattr(asking, "PAGE", 2)
    address = asked(analyst)
    first = analyst.get(address).context["page"]
    second = analyst.get(address + first.next).context["page"]
    back = analyst.get(address + second.previous).context["page"]
    assert [len(each.rows) for each in (first, second, back)] == [2, 1, 2]
    assert (first.previous, second.next, back.previous, back.rows) == ("", "", "", first.rows)


@pytest.mark.parametrize("query", ["beyond=²", "until=²", "from=%00", "to=%00", "beyond=9999999999999999999999"])
def test_an_address_made_up_is_no_fault_of_ours(analyst, busy, query):
    assert analyst.get(f"{asked(analyst)}?{query}").status_code == 200


def test_files_hold_the_moves_of_the_page(analyst, busy):
    address = asked(analyst) + "?from=south"
    rows = list(csv.DictReader(io.StringIO(read(analyst.get(address + "&format=csv"))[1:]), delimiter=";"))
    assert [(row["Référence"], row["Du service"], row["À la collectivité"], row["Zone"]) for row in rows] == [
        (each.reference, "South", "Agglomération", "WEST") for each in busy.requests[1:3]
    ]
    told = json.loads(read(analyst.get(address + "&format=geojson")))
    (first, _second) = told["features"]
    assert first["geometry"]["type"] == "Point"
    assert (first["properties"]["from"], first["properties"]["to"]) == ("south", "west")


def test_a_map_draws_the_first_of_them(analyst, monkeypatch):
    monkeypatch.setattr(views, "DRAWN_AT_MOST", 2)
    address = asked(analyst)
    assert len(json.loads(read(analyst.get(address + "?format=geojson&drawn=1")))["features"]) == 2
    assert len(json.loads(read(analyst.get(address + "?format=geojson")))["features"]) == 3
    assert "(les premières)" in analyst.get(address).content.decode()


def test_over_a_period_there_are_two_sets(analyst, busy):
    regulator = busy.person("regulator")
    move(request_id=busy.requests[1].pk, name="refuse", actor=regulator, now=NOW, reason="non")
    address = asked(analyst, months="3")
    assert cells(analyst.get(address)) == {("south", "west"): 1, ("north", "west"): 1}
    assert cells(analyst.get(address + "?among=period")) == {("south", "west"): 2, ("north", "west"): 1}
    assert Simulation.objects.get().since == datetime.date(2025, 12, 2)


def test_a_mistake_is_said_at_its_field(analyst):
    answer = analyst.post(ASK, {"day": "", "months": "0"})
    assert (answer.status_code, answer.context["form"].errors["day"][0][:7]) == (422, "Donnez ")
    assert analyst.post("/couches/squares/versions/1/essai/", FORM).status_code == 302


def test_the_same_change_is_asked_again_over_another_period(analyst):
    address = asked(analyst)
    again = analyst.post(f"{address}rejouer/", {**FORM, "months": "12"})
    assert again.url != address
    made = Simulation.objects.latest("pk")
    assert (made.version.number, made.since) == (2, datetime.date(2025, 3, 2))
    assert list(analyst.get(again.url).context["earlier"]) == [Simulation.objects.earliest("pk")]
    assert analyst.post(f"{address}rejouer/", {"day": "?"}).status_code == 422


def test_months_are_counted_by_the_calendar():
    assert months_before(datetime.date(2026, 3, 31), 1) == datetime.date(2026, 2, 28)
    assert months_before(datetime.date(2026, 1, 15), 12) == datetime.date(2025, 1, 15)


def test_a_large_one_is_played_by_the_worker(transactional_db, client, monkeypatch):
    from tests import town as model_town

    town = model_town.build()
    town.rule("south", zones=("SOUTH",))
    town.rule("west", zones=("WEST",))
    town.request(STALL)
    draft(town, EASTWARD, layer="squares")
    monkeypatch.setattr(services, "AT_ONCE", 0)
    client.force_login(town.person("analyst"))
    address = asked(client)
    assert client.get(f"{address}?format=json").json() == {"state": "waiting", "done": 0, "total": 1}
    assert "<progress" in client.get(address).content.decode()
    letterbox.work()
    assert client.get(f"{address}?format=json").json() == {"state": "ready", "done": 1, "total": 1}
    assert cells(client.get(address)) == {("south", "west"): 1}


# --- The form of a rule --------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(client, busy):
    client.force_login(User.objects.create_superuser("root", password="demo"))
    return client


def of_rule(rule, **changes):
    columns = {
        "name": rule.name, "category": rule.category_id, "family": "", "layer": rule.layer_id,
        "zone_codes": ", ".join(rule.zone_codes), "department": rule.department_id, "priority": rule.priority,
        "valid_from": rule.valid_from.isoformat(), "valid_to": "", "_try": "1",
    }  # fmt: skip
    return {**columns, **changes}


def test_a_rule_is_tried_from_its_form(administrator, busy):
    rule = RoutingRule.objects.get(zone_codes=["SOUTH"])
    address = reverse("admin:interventions_routingrule_change", args=[rule.pk])
    assert "Qu’est-ce que cela changerait" in administrator.get(address).content.decode()
    answer = administrator.post(address, of_rule(rule, department=busy.departments["island"].pk))
    page = administrator.get(answer.url)
    assert cells(page) == {("south", "island"): 2}
    assert "Ce que changerait la règle" in page.content.decode()
    assert RoutingRule.objects.get(pk=rule.pk).department == busy.departments["south"]


def test_a_new_rule_is_tried_from_its_form(administrator, busy):
    like = RoutingRule.objects.get(zone_codes=["SOUTH"])
    form = of_rule(like, code="autre", name="Autre", department=busy.departments["island"].pk, priority=1)
    answer = administrator.post(reverse("admin:interventions_routingrule_add"), form)
    assert cells(administrator.get(answer.url)) == {("south", "island"): 2}
    assert not RoutingRule.objects.filter(code="autre").exists()


def test_a_mistake_in_a_rule_is_said_before_it_is_tried(administrator):
    rule = RoutingRule.objects.get(zone_codes=["SOUTH"])
    address = reverse("admin:interventions_routingrule_change", args=[rule.pk])
    answer = administrator.post(address, of_rule(rule, zone_codes="NULLE-PART"))
    assert answer.status_code == 200
    assert "NULLE-PART" in str(answer.context["adminform"].form.errors["zone_codes"])
    assert not Simulation.objects.exists()
