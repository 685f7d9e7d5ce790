"""The administration of people and places: who enters, what may be changed, what is never deleted."""

import datetime
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from gisplatform import tokens
from gisplatform.models import Authority, Department, Token, User
from tests.town import NOW

pytestmark = pytest.mark.usefixtures("still_clock")
TODAY = NOW.date()


@pytest.fixture
def boss(town) -> User:
    return User.objects.create_superuser("admin", password="demo", department=town.department("desk"))


@pytest.fixture
def client(boss) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def person_fields(person: User, **changed) -> dict:
    fields = {
        "username": person.username, "first_name": person.first_name, "last_name": person.last_name,
        "email": person.email, "department": person.department_id or "", "is_active": "on" if person.is_active else "",
        "is_superuser": "on" if person.is_superuser else "", "groups": [group.pk for group in person.groups.all()],
    }  # fmt: skip
    return {name: value for name, value in {**fields, **changed}.items() if value != ""}


# --- The door ---------------------------------------------------------------------------------------------


def test_a_stranger_is_sent_to_the_door_of_the_platform(db):
    response = Client().get("/admin/gisplatform/user/", follow=True)
    assert response.redirect_chain[-1][0] == "/connexion/?next=/admin/gisplatform/user/"
    assert response.templates[0].name == "registration/login.html"


@pytest.mark.parametrize("role", ["agent", "manager", "analyst"])
def test_accounts_that_do_not_administer_are_refused(town, role):
    client = Client()
    client.force_login(town.person(role))
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/gisplatform/user/", follow=True).status_code == 403
    assert client.get("/admin/autocomplete/", follow=True).status_code == 403


def test_half_an_administrator_is_refused(town):
    person = town.person("manager")
    person.is_staff = True
    person.save()
    client = Client()
    client.force_login(person)
    assert client.get("/admin/", follow=True).status_code == 403


def test_leaving_it_leaves_the_platform(client):
    assert client.post("/admin/logout/").url == "/connexion/"
    assert client.get("/admin/").status_code == 302


def test_the_lists_are_those_a_city_needs_and_no_other():
    names = {model._meta.label for model in admin.site._registry}
    assert names == {
        "gisplatform.User", "gisplatform.Department", "gisplatform.Authority", "gisplatform.Token",
        "gisplatform.SiteMessage", "basemaps.Basemap", "layers.Layer", "interventions.Family",
        "interventions.Category", "interventions.RoutingRule",
    }  # fmt: skip


@pytest.mark.parametrize("listed", admin.site._registry.values(), ids=lambda each: each.model.__name__)
def test_every_list_is_searched_and_every_form_explains_itself(client, listed):
    assert listed.search_fields
    page = client.get(f"/admin/{listed.opts.app_label}/{listed.opts.model_name}/", {"q": "é"})
    assert page.status_code == 200
    form = client.get(f"/admin/{listed.opts.app_label}/{listed.opts.model_name}/add/").context["adminform"].form
    assert any(field.help_text for field in form.fields.values())


# --- People ------------------------------------------------------------------------------------------------


def test_a_new_person_signs_in_with_the_temporary_password_and_has_their_roles(client, town):
    agent = Group.objects.get(name="agent")
    fields = {
        "username": "n.leroy", "first_name": "Nora", "last_name": "Leroy", "department": town.department("desk").pk,
        "groups": [agent.pk], "password1": "pluie-sur-le-port", "password2": "pluie-sur-le-port",
    }  # fmt: skip
    response = client.post("/admin/gisplatform/user/add/", fields, follow=True)
    assert "n.leroy" in said(response)
    person = User.objects.get(username="n.leroy")
    assert person.may("log_request")
    assert not person.is_staff
    assert Client().login(username="n.leroy", password="pluie-sur-le-port")


def test_roles_are_shown_by_their_names_with_what_they_allow(client, boss):
    page = client.get(f"/admin/gisplatform/user/{boss.pk}/change/").content.decode()
    assert "Technicien du site central" in page
    assert "Voit les demandes de son service." in page
    assert page.count('name="groups"') == 7
    assert "user_permissions" not in page


def test_a_group_that_is_no_role_is_not_offered(client, boss):
    stray = Group.objects.create(name="autre")
    response = client.post(f"/admin/gisplatform/user/{boss.pk}/change/", person_fields(boss, groups=[stray.pk]))
    assert "groups" in response.context["adminform"].form.errors


def test_an_administrator_is_made_by_one_tick(client, town):
    person = town.person("manager")
    client.post(f"/admin/gisplatform/user/{person.pk}/change/", person_fields(person, is_superuser="on"))
    person.refresh_from_db()
    assert person.is_superuser
    assert person.is_staff
    client.post(f"/admin/gisplatform/user/{person.pk}/change/", person_fields(person, is_superuser=""))
    person.refresh_from_db()
    assert not person.is_superuser
    assert not person.is_staff


@pytest.mark.parametrize("right", ["is_active", "is_superuser"])
def test_nobody_shuts_themselves_out(client, boss, right):
    response = client.post(f"/admin/gisplatform/user/{boss.pk}/change/", person_fields(boss, **{right: ""}))
    assert "votre propre compte" in response.context["adminform"].form.errors[right][0]
    boss.refresh_from_db()
    assert getattr(boss, right)


def test_accounts_are_closed_and_reopened_never_deleted(client, town, boss):
    person = town.person("agent")
    secret = tokens.issue(user=person)
    chosen = {"_selected_action": [person.pk, boss.pk]}
    response = client.post("/admin/gisplatform/user/", {"action": "close", **chosen}, follow=True)
    assert "1 compte fermé." in said(response)
    assert "votre propre compte" in said(response)
    person.refresh_from_db()
    boss.refresh_from_db()
    assert (person.is_active, boss.is_active) == (False, True)
    assert tokens.bearer(secret, now=timezone.now()) is None
    client.post("/admin/gisplatform/user/", {"action": "reopen", **chosen})
    person.refresh_from_db()
    assert person.is_active
    assert client.post(f"/admin/gisplatform/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post("/admin/gisplatform/user/", {"action": "delete_selected", "post": "yes", **chosen})
    assert User.objects.filter(pk=person.pk).exists()


def test_a_role_without_a_department_is_pointed_out(client, town):
    person = town.person("agent", department=None)
    response = client.post(f"/admin/gisplatform/user/{person.pk}/change/", person_fields(person), follow=True)
    assert "pas de service" in said(response)


def test_people_are_found_without_accents_and_listed_by_role(client, town):
    person = town.person("regulator")
    person.last_name = "Aubrée"
    person.save()
    assert list(client.get("/admin/gisplatform/user/?q=aubree").context["cl"].result_list) == [person]
    assert list(client.get("/admin/gisplatform/user/?role=regulator").context["cl"].result_list) == [person]
    assert list(client.get("/admin/gisplatform/user/?account=closed").context["cl"].result_list) == []


# --- Authorities and departments ---------------------------------------------------------------------------


def department_fields(town, **changed) -> dict:
    return {"name": "Éclairage public", "kind": "department", "authority": town.authority.pk, **changed}


def test_a_code_comes_from_the_name_is_free_and_then_stays(client, town):
    client.post("/admin/gisplatform/department/add/", department_fields(town))
    client.post("/admin/gisplatform/department/add/", department_fields(town))
    assert set(Department.objects.values_list("code", flat=True)) == {"desk", "eclairage-public", "eclairage-public-2"}
    lighting = Department.objects.get(code="eclairage-public")
    client.post(
        f"/admin/gisplatform/department/{lighting.pk}/change/",
        department_fields(town, name="Lumières", code="lumieres"),
    )
    lighting.refresh_from_db()
    assert (lighting.name, lighting.code) == ("Lumières", "eclairage-public")


def test_a_name_without_letters_asks_for_a_code(client, town):
    response = client.post("/admin/gisplatform/department/add/", department_fields(town, name="×"))
    assert "saisissez-en un" in response.context["adminform"].form.errors["code"][0]


def test_a_department_is_not_part_of_itself(client, town):
    top, below = town.department("top"), town.department("below")
    Department.objects.filter(pk=below.pk).update(parent=top)
    response = client.post(
        f"/admin/gisplatform/department/{top.pk}/change/", department_fields(town, name="Top", parent=below.pk)
    )
    assert "lui-même" in response.context["adminform"].form.errors["parent"][0]


def test_a_department_with_members_is_retired_not_deleted(client, town):
    town.person("agent", department="roads")
    roads = town.department("roads")
    page = client.get(f"/admin/gisplatform/department/{roads.pk}/change/").content.decode()
    assert f"/admin/gisplatform/department/{roads.pk}/delete/" not in page
    response = client.post(f"/admin/gisplatform/department/{roads.pk}/delete/", {"post": "yes"}, follow=True)
    assert "« Roads » ne peut pas être supprimé, car il sert à : personnes." in said(response)
    chosen = {"action": "retire", "_selected_action": [roads.pk]}
    response = client.post("/admin/gisplatform/department/", chosen, follow=True)
    assert "1 fiche retirée à la date du jour." in said(response)
    roads.refresh_from_db()
    assert roads.retired_on == TODAY


def test_what_was_entered_by_mistake_and_serves_nothing_is_deleted(client, town):
    mistake = town.department("mistake")
    client.post(f"/admin/gisplatform/department/{mistake.pk}/delete/", {"post": "yes"})
    assert not Department.objects.filter(pk=mistake.pk).exists()


def test_several_rows_are_never_deleted_at_once(client, town):
    unused = [town.department("one").pk, town.department("two").pk]
    client.post(
        "/admin/gisplatform/department/", {"action": "delete_selected", "_selected_action": unused, "post": "yes"}
    )
    assert Department.objects.filter(pk__in=unused).count() == 2


def test_the_retired_are_filtered_and_no_longer_offered(client, town):
    today = {"retired_on": TODAY}
    Department.objects.filter(pk=town.department("old").pk).update(**today)
    town.department("new")
    names = {
        life: {row.name for row in client.get(f"/admin/gisplatform/department/?life={life}").context["cl"].result_list}
        for life in ("in", "retired")
    }
    assert names == {"in": {"Desk", "New"}, "retired": {"Old"}}
    asked = {"app_label": "gisplatform", "model_name": "user", "field_name": "department", "term": ""}
    offered = client.get("/admin/autocomplete/", asked).json()["results"]
    assert [row["text"] for row in offered] == ["Desk", "New"]


def test_an_authority_with_departments_is_not_deleted(client, town):
    town.department("roads")
    response = client.post(f"/admin/gisplatform/authority/{town.authority.pk}/delete/", {"post": "yes"}, follow=True)
    assert "services" in said(response)
    assert Authority.objects.filter(pk=town.authority.pk).exists()


def test_a_siren_has_nine_digits(client):
    response = client.post("/admin/gisplatform/authority/add/", {"name": "Ville", "siren": "12 34"})
    assert response.context["adminform"].form.errors["siren"] == ["Un numéro SIREN a neuf chiffres."]


# --- Tokens ------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_works(client, town):
    person = town.person("agent")
    fields = {"user": person.pk, "name": "QGIS", "expires_at": ""}
    response = client.post("/admin/gisplatform/token/add/", fields, follow=True)
    page = response.content.decode()
    secret = re.search(r"<code>([\w-]{40,})</code>", page)
    assert secret is not None
    holder = tokens.bearer(secret[1], now=timezone.now())
    assert holder is not None
    assert (holder.user, holder.name) == (person, "QGIS")
    assert Token.objects.count() == 1
    assert secret[1] not in client.get("/admin/gisplatform/token/").content.decode()


def test_a_token_is_valid_on_the_whole_of_its_last_day(client, town):
    fields = {"user": town.person("agent").pk, "expires_at": TODAY.isoformat()}
    response = client.post("/admin/gisplatform/token/add/", fields, follow=True)
    midnight = datetime.datetime.combine(TODAY + datetime.timedelta(days=1), datetime.time.min)
    assert Token.objects.get().expires_at == timezone.make_aware(midnight)
    assert date_format(TODAY) in response.content.decode()


def test_revoking_is_deleting(client, town):
    secret = tokens.issue(user=town.person("agent"))
    pk = Token.objects.get().pk
    page = client.get("/admin/gisplatform/token/").content.decode()
    assert "Révoquer" in page
    client.post("/admin/gisplatform/token/", {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert tokens.bearer(secret, now=timezone.now()) is None


def test_no_token_for_a_closed_account_or_until_yesterday(client, town):
    person = town.person("agent")
    User.objects.filter(pk=person.pk).update(is_active=False)
    yesterday = TODAY - datetime.timedelta(days=1)
    fields = {"user": person.pk, "expires_at": yesterday.isoformat()}
    errors = client.post("/admin/gisplatform/token/add/", fields).context["adminform"].form.errors
    assert "fermé" in errors["user"][0]
    assert "passé" in errors["expires_at"][0]
    assert not Token.objects.exists()


# --- Cost --------------------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("model", ["user", "department", "authority", "token"])
def test_a_longer_list_asks_no_more_of_the_database(client, town, model):
    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            authority = Authority.objects.create(code=f"a{number}", name=f"Ville {number}")
            place = Department.objects.create(code=f"d{number}", name=f"Service {number}", authority=authority)
            person = User.objects.create_user(f"p{number}", department=place)
            person.groups.add(Group.objects.get(name="agent"))
            tokens.issue(user=person, name=f"outil {number}")

    fill(0, 2)
    few = queries(client, f"/admin/gisplatform/{model}/")
    fill(2, 50)
    assert queries(client, f"/admin/gisplatform/{model}/") == few
    assert few <= 15
