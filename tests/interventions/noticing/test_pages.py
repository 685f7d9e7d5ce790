"""The notification centre and its settings, as pages: what is listed, what marks it read, how one chooses."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interventions.noticing.kinds import How, Kind
from interventions.noticing.models import NoticePreference, Notification
from interventions.noticing.services import choices_of, mark_read, notify
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from interventions.work import services as work
from tests.town import NOW


@pytest.fixture
def inbox(town, people, client):
    """`inbox(n)`: n requests told to the member, who is signed in; the latest last."""

    def make(count: int) -> list[ServiceRequest]:
        made = [town.request(author=people["agent"], address=f"{number} rue Basse") for number in range(count)]
        for each in made:
            notify(event_ids=list(each.events.values_list("pk", flat=True)), now=NOW)
        client.force_login(people["member"])
        return made

    return make


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).replace("\u00a0", " ").split())


def unread(person) -> int:
    return Notification.objects.filter(person=person).unread().count()


def test_the_list_says_what_and_where_the_latest_first(inbox, client, people):
    first, second = inbox(2)
    page = client.get("/notifications/")
    said = words(page)
    assert said.index(second.reference) < said.index(first.reference)
    assert "Nouvelle demande pour votre service" in said
    assert "1 rue Basse" in said
    assert "Notifications, 2 non lues" in said


def test_opened_from_the_list_it_is_read_and_leads_to_the_request(inbox, client, people):
    (request,) = inbox(1)
    answer = client.get(f"/notifications/{Notification.objects.get().pk}/")
    assert answer.url == f"/demandes/{request.reference}/"
    assert unread(people["member"]) == 0


@pytest.mark.parametrize("query", ["", "?format=panel"])
def test_the_page_of_a_request_marks_what_was_told_of_it_as_read(inbox, client, people, query):
    first, second = inbox(2)
    client.get(f"/demandes/{first.reference}/{query}")
    assert list(Notification.objects.unread().values_list("request", flat=True)) == [second.pk]
    assert "Notifications, 1 non lue" in words(client.get("/notifications/"))


def test_the_evaluation_of_a_request_marks_it_as_read_too(town, people, client):
    request = town.request((9000, 9000), author=people["agent"])
    notify(event_ids=list(request.events.values_list("pk", flat=True)), now=NOW)
    client.force_login(people["regulator"])
    client.get(f"/regulation/?request={request.reference}")
    assert unread(people["regulator"]) == 0


def test_one_is_marked_as_read_and_the_filters_stay(inbox, client, people):
    inbox(2)
    row = Notification.objects.first()
    answer = client.post(f"/notifications/{row.pk}/lue/", {"kind": "received", "unread": "1"})
    assert answer.url == "/notifications/?kind=received&unread=1"
    assert unread(people["member"]) == 1


def test_all_are_marked_as_read_but_those_that_came_since(inbox, client, people):
    inbox(2)
    until = Notification.objects.order_by("pk").last().pk
    inbox(1)
    answer = client.post("/notifications/lues/", {"until": str(until)}, follow=True)
    assert "Tout est marqué comme lu." in words(answer)
    assert unread(people["member"]) == 1


def test_all_of_a_kind_are_marked_as_read(inbox, client, people):
    first, _second = inbox(2)
    work.accept(request_id=first.pk, executed_by=None, actor=people["regulator"], now=NOW)
    notify(event_ids=list(first.events.values_list("pk", flat=True)), now=NOW)
    client.post("/notifications/lues/", {"kind": "entrusted", "until": "999999999"})
    assert list(Notification.objects.unread().values_list("kind", flat=True)) == ["received"]


def test_nobody_touches_what_is_somebody_else_s(inbox, client, people):
    inbox(1)
    row = Notification.objects.get()
    client.force_login(people["agent"])
    assert client.get(f"/notifications/{row.pk}/").status_code == 404
    assert client.post(f"/notifications/{row.pk}/lue/").status_code == 404
    client.post("/notifications/lues/", {"until": "999999999"})
    assert unread(people["member"]) == 1


def test_filters_by_kind_and_unread_stand_in_the_address(inbox, client, people):
    first, second = inbox(2)
    mark_read(Notification.objects.filter(request=first), now=NOW)
    assert first.reference not in words(client.get("/notifications/?unread=1"))
    assert second.reference in words(client.get("/notifications/?unread=1"))
    assert "Il n’en reste aucune ici" in words(client.get("/notifications/?kind=entrusted"))
    assert first.reference in words(client.get("/notifications/?kind=nonsense"))


def test_an_empty_centre_says_what_will_come(people, client):
    client.force_login(people["member"])
    assert "Rien ne vous concerne encore" in words(client.get("/notifications/"))
    assert client.get("/notifications/non-lues/").json() == {"unread": 0}


def test_pages_follow_each_other_without_a_gap(inbox, client, monkeypatch):
    monkeypatch.setattr("interventions.noticing.views.PAGE", 2)
    made = inbox(5)
    address, seen = "/notifications/", []
    while address:
        page = client.get(address)
        seen += re.findall(r'class="reference">([^<]+)<', page.content.decode())
        address = page.context["after_url"]
    assert seen == [each.reference for each in reversed(made)]
    assert client.get("/notifications/?cursor=nonsense").status_code == 400


def test_a_long_list_costs_as_many_queries_as_a_short_one(inbox, client):
    costs = []
    for more in (1, 30):
        inbox(more)
        client.get("/notifications/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/notifications/")
        costs.append(len(captured))
    assert costs[0] == costs[1]
    assert costs[1] <= 10


def test_the_bell_costs_one_query_and_says_99_at_most(inbox, client, people):
    (request,) = inbox(1)
    client.get("/couches/")
    event = request.events.first()
    rows = [
        Notification(person=people["member"], kind=Kind.RECEIVED, request=request, at=NOW, how=How.HERE, event=each)
        for each in type(event).objects.bulk_create(
            [type(event)(request=request, kind="noted", at=NOW) for _ in range(120)]
        )
    ]
    Notification.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/couches/")
    asked = [each["sql"] for each in captured.captured_queries if "interventions_notification" in each["sql"]]
    assert len(asked) == 1
    assert "Notifications, plus de 99 non lues" in words(page)
    assert "99+" in words(page)


def test_who_evaluates_reads_how_many_wait(town, people, client):
    town.request(author=people["agent"])
    client.force_login(people["regulator"])
    assert "1 demande attend d’être évaluée ou triée" in words(client.get("/notifications/"))


def test_a_company_is_led_to_its_work_and_reads_no_reference_of_a_request(town, people, client):
    request = town.request(author=people["agent"])
    by = people["contractor"].department
    made = work.accept(request_id=request.pk, executed_by=by, actor=people["regulator"], now=NOW)
    work.move(intervention_id=made.pk, name="validate", actor=people["manager"], now=NOW)
    notify(event_ids=list(request.events.values_list("pk", flat=True)), now=NOW)
    client.force_login(people["contractor"])
    said = words(client.get("/notifications/"))
    assert made.reference in said
    assert request.reference not in said.replace(made.reference, "")
    row = Notification.objects.get(person=people["contractor"])
    assert client.get(f"/notifications/{row.pk}/").url == f"/prestataire/#{made.reference}"
    client.force_login(people["manager"])
    row = Notification.objects.get(person=people["manager"])
    assert client.get(f"/notifications/{row.pk}/").url == f"/interventions/?show=to_do#{made.reference}"


def test_a_re_routing_leads_to_the_requests_it_moved(people, client):
    from interventions.noticing.services import tell_of_rerouting
    from interventions.rerouting.models import Rerouting

    passed = Rerouting.objects.create(ordered_at=NOW, day=NOW.date())
    for _twice in range(2):
        tell_of_rerouting(rerouting_id=passed.pk, at=NOW, people={people["member"].pk: How.IMMEDIATE})
    client.force_login(people["member"])
    assert "Des demandes ont été réexaminées et changent de service" in words(client.get("/notifications/"))
    row = Notification.objects.get()
    assert client.get(f"/notifications/{row.pk}/").url == f"/demandes/?rerouted={passed.pk}"


def test_each_chooses_among_the_kinds_that_may_reach_them(people, client):
    client.force_login(people["contractor"])
    page = client.get("/notifications/reglages/")
    assert list(page.context["form"].fields) == ["returned", "entrusted"]
    assert page.context["form"].fields["entrusted"].initial == "pressing"
    assert "Les mails vont à contractor@ville.example." in words(page)
    client.force_login(people["analyst"])
    assert "rerouted" in client.get("/notifications/reglages/").context["form"].fields


def test_what_is_chosen_is_kept_and_said(people, client):
    client.force_login(people["contractor"])
    chosen = {"returned": "digest", "entrusted": "immediate"}
    page = client.post("/notifications/reglages/", chosen, follow=True)
    assert "Vos réglages sont enregistrés." in words(page)
    assert choices_of(people["contractor"]) == {Kind.RETURNED: How.DIGEST, Kind.ENTRUSTED: How.IMMEDIATE}
    client.post("/notifications/reglages/", {**chosen, "returned": "here"})
    assert NoticePreference.objects.filter(person=people["contractor"]).count() == 2
    assert not NoticePreference.objects.exclude(person=people["contractor"]).exists()


def test_a_way_that_is_not_offered_is_refused(people, client):
    client.force_login(people["regulator"])
    page = client.post("/notifications/reglages/", {"waiting": "immediate"})
    assert page.status_code == 422
    assert "Rien n’est enregistré" in words(page)
    assert not NoticePreference.objects.exists()


def test_bells_are_rung_when_something_is_told_and_when_it_is_read(town, people, django_db_blocker):
    from interventions.noticing import services

    said: list[str] = []

    def listen(execute, statement, parameters, many, context):
        if "pg_notify" in statement and parameters[0] == services.PEOPLE:
            said.append(parameters[1])
        return execute(statement, parameters, many, context)

    with connection.execute_wrapper(listen):
        request = town.request(author=people["agent"])
        notify(event_ids=list(request.events.values_list("pk", flat=True)), now=NOW)
        mark_read(Notification.objects.filter(person=people["member"]), now=NOW)
        mark_read(Notification.objects.filter(person=people["member"]), now=NOW)
    assert said == [str(people["member"].pk)] * 2


def test_what_a_colleague_wrote_is_quoted_and_escaped(inbox, client, people):
    (request,) = inbox(1)
    move(request_id=request.pk, name="accept", actor=people["regulator"], now=NOW, reason="<b>Vite</b>")
    notify(event_ids=list(request.events.values_list("pk", flat=True)), now=NOW)
    assert "&lt;b&gt;Vite&lt;/b&gt;" in client.get("/notifications/").content.decode()
