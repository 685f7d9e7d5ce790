"""The administration of the glossary, the rules and the layers: what is entered works at once, mistakes are said."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gisplatform.models import Department, User
from interventions.glossary.models import Category, Family
from interventions.glossary.queries import search
from interventions.requests.services import Contact
from interventions.routing.decide import preview
from interventions.routing.models import RoutingRule
from layers.models import Layer, LayerVersion
from tests.town import FOUNTAIN, NOW, STALL, Town, point

pytestmark = pytest.mark.usefixtures("still_clock")
TODAY = NOW.date()
TOMORROW, YESTERDAY = TODAY + datetime.timedelta(days=1), TODAY - datetime.timedelta(days=1)
RULES, CATEGORIES = "/admin/interventions/routingrule/", "/admin/interventions/category/"


@pytest.fixture
def client(town) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin", password="demo"))
    return client


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def errors(response) -> dict[str, list[str]]:
    return response.context["adminform"].form.errors


def rule_fields(town: Town, **changed: Any) -> dict[str, Any]:
    """What the page of a new rule sends: graffiti in all squares go to the cleaners from today."""
    return {
        "name": "Graffitis × quartiers", "category": town.categories["graffiti"].pk, "layer": town.layers["squares"].pk,
        "department": town.department("cleaners").pk, "priority": 100, "valid_from": TODAY.isoformat(), **changed,
    }  # fmt: skip


def answer(town: Town, category: str = "graffiti", place: tuple[float, float] = FOUNTAIN) -> str | None:
    found = preview(category=Category.objects.get(code=category), geom=point(place), now=timezone.now())
    return Department.objects.get(pk=found.department_id).code if found.department_id else None


# --- Rules -------------------------------------------------------------------------------------------------


def test_a_rule_entered_here_answers_at_once(client, town):
    assert answer(town) is None
    response = client.post(f"{RULES}add/", rule_fields(town), follow=True)
    assert "Graffitis × quartiers" in said(response)
    assert RoutingRule.objects.get().code == "graffitis-quartiers"
    assert answer(town) == "cleaners"


def test_a_category_entered_here_is_found_and_routed_at_once(client, town):
    town.rule("cleaners", category=None)
    fields = {
        "name": "Encombrants", "family": town.family.pk, "delay_days": 3,
        "synonyms": "un canapé sur le trottoir\r\n\r\nmatelas\r\nmatelas",
    }  # fmt: skip
    client.post(f"{CATEGORIES}add/", fields)
    bulky = Category.objects.get(code="encombrants")
    assert bulky.synonyms == ["un canapé sur le trottoir", "matelas"]
    assert [each.code for each in search(text="canape trottoir")] == ["encombrants"]
    assert answer(town, "encombrants") == "cleaners"


def test_a_rule_for_some_zones_answers_there_only(client, town):
    client.post(f"{RULES}add/", rule_fields(town, zone_codes="SOUTH , NORTH,, SOUTH"))
    assert RoutingRule.objects.get().zone_codes == ["SOUTH", "NORTH"]
    assert answer(town, place=STALL) == "cleaners"
    assert answer(town, place=FOUNTAIN) is None


def test_unknown_zones_are_refused_with_those_that_exist(client, town):
    response = client.post(f"{RULES}add/", rule_fields(town, zone_codes="SOUTH, EAST"))
    [sentence] = errors(response)["zone_codes"]
    assert sentence == (
        "La couche « quartiers » n’a pas de zone EAST. "
        "Ses zones : ISLAND (Island), NORTH (North), SOUTH (South), WEST (West)."
    )
    assert "SOUTH, EAST" in response.content.decode()
    assert not RoutingRule.objects.exists()


def test_zones_of_the_version_to_come_count_for_a_rule_to_come(client, town):
    town.publish("squares", {"EAST": (0, 0, 1000, 2000)}, valid_from=TOMORROW)
    assert "zone_codes" in errors(client.post(f"{RULES}add/", rule_fields(town, zone_codes="EAST")))
    client.post(f"{RULES}add/", rule_fields(town, zone_codes="EAST", valid_from=TOMORROW.isoformat()))
    assert RoutingRule.objects.get().zone_codes == ["EAST"]


def test_an_old_rule_keeps_zones_that_are_gone(client, town):
    rule = town.rule("cleaners", zones=("WEST",))
    town.publish("squares", {"EAST": (0, 0, 1000, 2000)}, valid_from=TODAY)
    fields = rule_fields(town, name="Ancienne", zone_codes="WEST", valid_from="2026-01-01", valid_to=TODAY.isoformat())
    client.post(f"{RULES}{rule.pk}/change/", fields)
    rule.refresh_from_db()
    assert (rule.name, rule.valid_to) == ("Ancienne", TODAY)


def test_a_rule_is_about_a_category_or_a_family(client, town):
    neither = errors(client.post(f"{RULES}add/", rule_fields(town, category="")))
    both = errors(client.post(f"{RULES}add/", rule_fields(town, family=town.family.pk)))
    assert neither == {"category": ["Choisissez un type ou une famille : ce dont parle la règle."]}
    assert both == {"family": ["Choisissez un type ou une famille, pas les deux : videz l’un des deux."]}
    client.post(f"{RULES}add/", rule_fields(town, category="", family=town.family.pk))
    assert answer(town, "bins") == "cleaners"


def test_a_rule_ends_after_it_begins(client, town):
    told = errors(client.post(f"{RULES}add/", rule_fields(town, valid_to=TODAY.isoformat())))
    assert told == {"valid_to": ["La règle doit finir après le jour où elle commence."]}


def test_closing_ends_a_rule_today_and_keeps_it(client, town):
    rule, fresh = town.rule("cleaners"), town.rule("roads", category="bins", valid_from=TODAY)
    town.request()
    chosen = {"action": "close", "_selected_action": [rule.pk, fresh.pk]}
    response = client.post(RULES, chosen, follow=True)
    assert "1 règle close." in said(response)
    assert f"« {fresh} » ne vaut pas avant aujourd’hui" in said(response)
    rule.refresh_from_db()
    fresh.refresh_from_db()
    assert (rule.valid_to, fresh.valid_to) == (TODAY, None)
    assert answer(town) is None


def test_a_rule_that_has_decided_is_not_deleted(client, town):
    rule = town.rule("cleaners")
    town.request()
    response = client.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"}, follow=True)
    assert "car il sert à : décisions" in said(response)
    assert RoutingRule.objects.filter(pk=rule.pk).exists()


def test_saving_as_new_makes_a_second_rule_with_its_own_code(client, town):
    client.post(f"{RULES}add/", rule_fields(town))
    first = RoutingRule.objects.get()
    client.post(f"{RULES}{first.pk}/change/", rule_fields(town, _saveasnew="1", valid_from=TOMORROW.isoformat()))
    assert set(RoutingRule.objects.values_list("code", flat=True)) == {"graffitis-quartiers", "graffitis-quartiers-2"}


def test_a_rule_for_a_layer_without_version_is_pointed_out(client, town):
    empty = Layer.objects.create(code="empty", name="vide")
    response = client.post(f"{RULES}add/", rule_fields(town, layer=empty.pk), follow=True)
    assert "cette règle ne répond jamais" in said(response)
    told = errors(client.post(f"{RULES}add/", rule_fields(town, name="Autre", layer=empty.pk, zone_codes="A")))
    assert "pas de version en vigueur" in told["zone_codes"][0]


def test_rules_are_found_by_validity_zone_and_name_without_accents(client, town):
    now, later = town.rule("cleaners", zones=("WEST",)), town.rule("roads", valid_from=TOMORROW)
    past = town.rule("roads", valid_to=YESTERDAY)
    found = {
        query: list(client.get(f"{RULES}?{query}").context["cl"].result_list)
        for query in ("holds=now", "holds=later", "holds=past", "q=WEST", "q=marche")
    }
    assert found == {"holds=now": [now], "holds=later": [later], "holds=past": [past], "q=WEST": [now], "q=marche": []}
    market = town.rule("roads", layer="market")
    assert list(client.get(f"{RULES}?q=marche").context["cl"].result_list) == [market]


# --- What rules rely on ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/admin/gisplatform/department/", "/admin/layers/layer/"])
def test_what_open_rules_rely_on_is_not_retired(client, town, address):
    rule = town.rule("cleaners")
    thing: Any = rule.department if "department" in address else rule.layer
    response = client.post(address, {"action": "retire", "_selected_action": [thing.pk]}, follow=True)
    assert f"{rule.name}. Fermez-les ou changez-les d’abord." in said(response)
    thing.refresh_from_db()
    assert thing.retired_on is None
    RoutingRule.objects.update(valid_to=TODAY)
    client.post(address, {"action": "retire", "_selected_action": [thing.pk]})
    thing.refresh_from_db()
    assert thing.retired_on == TODAY


def test_a_day_of_retirement_typed_too_early_is_refused_at_its_field(client, town):
    department = town.rule("cleaners", valid_to=TOMORROW).department
    address = f"/admin/gisplatform/department/{department.pk}/change/"
    fields = {"name": "Cleaners", "kind": "department", "authority": town.authority.pk}
    told = errors(client.post(address, {**fields, "retired_on": TODAY.isoformat()}))
    assert "Fermez-les" in told["retired_on"][0]
    assert client.post(address, {**fields, "retired_on": TOMORROW.isoformat()}).status_code == 302


def test_no_rule_outlasts_what_it_relies_on(client, town):
    Department.objects.filter(pk=town.department("cleaners").pk).update(retired_on=TOMORROW)
    told = errors(client.post(f"{RULES}add/", rule_fields(town)))
    assert "est retiré à partir du" in told["department"][0]
    client.post(f"{RULES}add/", rule_fields(town, valid_to=TOMORROW.isoformat()))
    assert RoutingRule.objects.count() == 1


def test_a_layer_with_versions_and_rules_is_retired_not_deleted(client, town):
    town.rule("cleaners")
    layer = town.layers["squares"]
    response = client.post(f"/admin/layers/layer/{layer.pk}/delete/", {"post": "yes"}, follow=True)
    assert "ne peut pas être supprimé" in said(response)
    assert "date de fin" in said(response)
    assert Layer.objects.filter(pk=layer.pk).exists()


# --- The glossary ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["category", "family"])
def test_what_requests_and_rules_name_is_retired_not_deleted(client, town, kind):
    town.rule("cleaners")
    town.request()
    thing = {"category": town.categories["graffiti"], "family": town.family}[kind]
    address = f"/admin/interventions/{kind}/"
    response = client.post(f"{address}{thing.pk}/delete/", {"post": "yes"}, follow=True)
    assert "ne peut pas être supprimé" in said(response)
    client.post(address, {"action": "retire", "_selected_action": [thing.pk]})
    thing.refresh_from_db()
    assert thing.retired_on == TODAY
    assert search(text="graffitis") == []


def test_categories_nobody_answers_stand_out(client, town):
    town.rule("cleaners")
    town.rule("roads", category="bins", valid_to=YESTERDAY)
    listed = {
        value: {row.code for row in client.get(f"{CATEGORIES}?answered={value}").context["cl"].result_list}
        for value in ("yes", "no")
    }
    assert listed == {"yes": {"graffiti"}, "no": {"bins"}}


def test_a_category_is_found_by_what_callers_say(client, town):
    Category.objects.filter(code="bins").update(synonyms=["la poubelle déborde"])
    assert [row.code for row in client.get(f"{CATEGORIES}?q=poubelle").context["cl"].result_list] == ["bins"]


def test_sayings_are_shown_one_a_line(client, town):
    bins = town.categories["bins"]
    Category.objects.filter(pk=bins.pk).update(synonyms=["plein, plein", "déborde"])
    page = client.get(f"{CATEGORIES}{bins.pk}/change/").content.decode()
    assert "plein, plein\ndéborde</textarea>" in page


# --- Layers ------------------------------------------------------------------------------------------------


def test_a_layer_tells_its_versions_and_takes_no_zone(client, town):
    layer = town.layers["squares"]
    version = layer.versions.get()
    page = client.get(f"/admin/layers/layer/{layer.pk}/change/").content.decode()
    assert "Publiée" in page
    assert 'name="geom"' not in page
    fields = {
        "name": "Quartiers de la ville", "tolerance_m2": "5", "sliver_width_m": "2", "gaps_allowed": "on",
        "versions-TOTAL_FORMS": 1, "versions-INITIAL_FORMS": 1,
        "versions-0-id": version.pk, "versions-0-layer": layer.pk, "versions-0-number": 9, "versions-0-DELETE": "on",
    }  # fmt: skip
    assert client.post(f"/admin/layers/layer/{layer.pk}/change/", fields).status_code == 302
    layer.refresh_from_db()
    assert (layer.name, layer.tolerance_m2, layer.gaps_allowed) == ("Quartiers de la ville", 5, True)
    assert LayerVersion.objects.get(layer=layer).number == 1


def test_the_list_of_layers_tells_the_version_in_force_and_its_zones(client, town):
    town.publish("squares", {"EAST": (0, 0, 1000, 2000)}, valid_from=TOMORROW)
    rows = {row.code: row for row in client.get("/admin/layers/layer/").context["cl"].result_list}
    assert (rows["squares"].version, rows["squares"].zone_count) == (1, 4)
    assert (rows["market"].version, rows["market"].zone_count) == (1, 1)


# --- Cost and privacy --------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", [RULES, CATEGORIES, "/admin/interventions/family/", "/admin/layers/layer/"])
def test_a_longer_list_asks_no_more_of_the_database(client, town, address):
    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            family = Family.objects.create(code=f"f{number}", name=f"Famille {number}")
            Category.objects.create(code=f"c{number}", name=f"Type {number}", family=family)
            layer = Layer.objects.create(code=f"l{number}", name=f"Couche {number}")
            RoutingRule.objects.create(
                code=f"r{number}", name=f"Règle {number}", family=family, layer=layer, valid_from=TODAY,
                department=town.department(f"d{number}"),
            )  # fmt: skip

    fill(0, 2)
    few = queries(client, address)
    fill(2, 50)
    assert queries(client, address) == few
    assert few <= 15


def test_requests_and_those_who_ask_have_no_page_here(client, town):
    town.request(contact=Contact(name="Odile Marchand", email="odile@exemple.fr"))
    for name in ("servicerequest", "requester", "decision", "event", "message", "attachment"):
        assert client.get(f"/admin/interventions/{name}/").status_code == 404
    used = client.get(f"{CATEGORIES}{town.categories['graffiti'].pk}/change/").content.decode()
    assert "demandes" in used
    assert "Odile" not in used
