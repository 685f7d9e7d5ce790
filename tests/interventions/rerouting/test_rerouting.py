"""A version of a layer is published: open requests are looked at again, by its zones."""

import datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from interventions.events.models import Event
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from interventions.rerouting import services
from interventions.rerouting.models import Rerouting
from interventions.work.services import accept
from interventions.work.services import move as move_work
from layers.models import LayerVersion
from layers.publishing import publish
from layers.restoring import restore
from tests.interventions.rerouting.conftest import (
    CHANGES_HANDS,
    MOVED,
    STAYS_SOUTH,
    STAYS_WEST,
    draft,
    finish,
    put,
    told,
)  # fmt: skip
from tests.town import FAR_AWAY, NOW, SQUARES

LATER = NOW + datetime.timedelta(hours=1)


def fresh(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.with_names().get(pk=request.pk)


def test_an_open_request_follows_the_border(ruled):
    request = ruled.request(CHANGES_HANDS)
    assert request.department.code == "south"
    version = draft(ruled)
    done = put(version, now=LATER)
    moved = fresh(request)
    assert moved.department.code == "west"
    assert moved.decision.reason.layer_version == version
    assert (done.looked_at, done.total, done.ended_at) == (1, 1, LATER)
    assert told(done) == {("south", "west"): (1, 0, 0)}


def test_the_move_is_an_event_with_its_cause(ruled):
    request = ruled.request(CHANGES_HANDS)
    done = put(draft(ruled), now=LATER)
    event = request.events.order_by("id").last()
    assert (event.kind, event.at, event.actor, event.public) == (Event.Kind.REROUTED, LATER, None, False)
    assert event.text == "South → West (couche «\u00a0quartiers\u00a0», version 2)"
    assert (event.from_state, event.to_state, event.rerouting) == ("to_evaluate", "to_evaluate", done)


def test_the_page_of_a_request_tells_it_in_its_timeline(ruled, client):
    request = ruled.request(CHANGES_HANDS)
    put(draft(ruled), now=LATER)
    client.force_login(ruled.person("regulator"))
    entry = client.get(f"/demandes/{request.reference}/").context["detail"].timeline[-1]
    assert entry.title == "Confiée par les règles à\u00a0: West"
    assert entry.text == "South → West (couche «\u00a0quartiers\u00a0», version 2)"


def test_the_list_shows_what_one_pass_has_moved(ruled, client):
    moved, _stays = ruled.request(CHANGES_HANDS), ruled.request(STAYS_WEST)
    done = put(draft(ruled))
    client.force_login(ruled.person("analyst"))
    page = client.get(f"/demandes/?rerouted={done.pk}")
    assert [row.reference for row in page.context["page"].rows] == [moved.reference]
    assert 'name="rerouted"' in page.content.decode()


def test_who_stays_is_confirmed_by_the_new_version_without_an_event(ruled):
    request = ruled.request(STAYS_WEST)
    version = draft(ruled)
    done = put(version)
    after = fresh(request)
    assert (after.department.code, after.decision.reason.layer_version) == ("west", version)
    assert after.decisions.count() == 2
    assert after.events.count() == 1
    assert told(done) == {}


def test_a_decision_that_is_still_true_stays(ruled):
    ruled.rule("market", layer="market", priority=50, zones=("MARKET",), category="bins")
    bins = ruled.request((1050, 500), category=ruled.categories["bins"])
    put(draft(ruled))
    assert fresh(bins).decision_id == bins.decision_id
    assert bins.decisions.count() == 1


def test_a_request_that_has_ended_keeps_the_zone_of_its_time(ruled):
    request = ruled.request(CHANGES_HANDS)
    move(request_id=request.pk, name="refuse", actor=None, now=NOW, reason="déjà fait")
    put(draft(ruled))
    after = fresh(request)
    assert (after.department.code, after.decision.reason.layer_version.number) == ("south", 1)
    assert after.decisions.count() == 1


def test_what_a_person_chose_is_not_overridden(ruled):
    person, request = ruled.person("regulator"), ruled.request(CHANGES_HANDS)
    move(request_id=request.pk, name="redirect", actor=person, now=NOW, reason="au nord",
         department=ruled.departments["north"])  # fmt: skip
    done = put(draft(ruled))
    assert fresh(request).department.code == "north"
    assert told(done) == {("north", "west"): (0, 0, 1)}
    assert not Event.objects.filter(kind=Event.Kind.REROUTED).exists()


@pytest.mark.parametrize("steps", [[], ["start"], ["start", "finish"]])
def test_a_request_that_is_worked_on_stays_with_who_works(ruled, steps):
    person, request = ruled.person("regulator"), ruled.request(CHANGES_HANDS)
    work = accept(request_id=request.pk, executed_by=None, actor=person, now=NOW)
    for name in steps:
        move_work(intervention_id=work.pk, name=name, actor=person, now=NOW)
    done = put(draft(ruled))
    assert fresh(request).department.code == "south"
    assert told(done) == {("south", "west"): (0, 1, 0)}


def test_once_its_intervention_is_taken_back_it_is_evaluated_by_the_new_department(ruled):
    person, request = ruled.person("regulator"), ruled.request(CHANGES_HANDS)
    work = accept(request_id=request.pk, executed_by=None, actor=person, now=NOW)
    move_work(intervention_id=work.pk, name="cancel", actor=person, now=NOW, text="pas nous")
    put(draft(ruled))
    after = fresh(request)
    assert (after.department.code, after.state) == ("west", State.TO_EVALUATE)
    event = request.events.order_by("id").last()
    assert (event.from_state, event.to_state) == ("accepted", "to_evaluate")


def test_what_no_rule_answers_any_more_is_to_sort_and_the_other_way_round(ruled):
    leaves, comes = ruled.request(STAYS_WEST), ruled.request(FAR_AWAY)
    assert (comes.state, comes.department) == (State.TO_SORT, None)
    done = put(draft(ruled, {**SQUARES, "WEST": (8000, 8000, 10_000, 10_000)}), reason="essai")
    assert (fresh(leaves).state, fresh(leaves).department) == (State.TO_SORT, None)
    assert (fresh(comes).state, fresh(comes).department.code) == (State.TO_EVALUATE, "west")
    assert told(done) == {("west", None): (1, 0, 0), (None, "west"): (1, 0, 0)}
    assert leaves.events.order_by("id").last().text.startswith("West → personne (")


def test_a_suggestion_is_routed_by_nobody(ruled):
    request = ruled.request(CHANGES_HANDS, nature="suggestion")
    done = put(draft(ruled))
    assert (fresh(request).department, done.looked_at) == (None, 0)


def test_published_back_everything_is_as_before(ruled):
    places = [CHANGES_HANDS, STAYS_WEST, STAYS_SOUTH, (1200, 1500), FAR_AWAY]
    requests = [ruled.request(place) for place in places]
    before = [(each.department, each.state) for each in map(fresh, requests)]
    assert told(put(draft(ruled)))
    assert [(each.department, each.state) for each in map(fresh, requests)] != before
    former = LayerVersion.objects.get(layer=ruled.layers["squares"], number=1)
    again = restore(former, by=None, now=NOW)
    put(again)
    assert [(each.department, each.state) for each in map(fresh, requests)] == before
    assert {fresh(each).decision.reason.layer_version for each in requests[:-1]} == {again}


def test_in_chunks_it_is_the_same(ruled, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    requests = [ruled.request(CHANGES_HANDS if number % 2 else STAYS_SOUTH) for number in range(7)]
    done = put(draft(ruled))
    assert [fresh(each).department.code for each in requests] == ["south", "west"] * 3 + ["south"]
    assert (done.looked_at, told(done)) == (7, {("south", "west"): (3, 0, 0)})


def test_a_rehearsal_tells_what_the_pass_will_do_and_changes_nothing(ruled):
    requests = [ruled.request(place) for place in (CHANGES_HANDS, CHANGES_HANDS, STAYS_WEST)]
    accept(request_id=requests[1].pk, executed_by=None, actor=ruled.person("regulator"), now=NOW)
    version = draft(ruled)
    publish(version, valid_from=NOW.date(), by=None, now=NOW)
    (row,) = services.rehearse(day=NOW.date())
    assert (row["moved"], row["at_work"], row["by_person"]) == (1, 1, 0)
    assert fresh(requests[0]).department.code == "south"
    assert told(finish(Rerouting.objects.get())) == {("south", "west"): (1, 1, 0)}


def test_a_version_of_the_future_waits_for_its_day(ruled):
    request, tomorrow = ruled.request(CHANGES_HANDS), NOW + datetime.timedelta(days=1)
    publish(draft(ruled), valid_from=tomorrow.date(), by=None, now=NOW)
    waiting = ProcrastinateJob.objects.filter(task_name=services.REROUTE)
    assert not waiting.exists()
    assert services.start_due(now=NOW) == 0
    after_a_week_off = tomorrow + datetime.timedelta(days=7)
    assert services.start_due(now=after_a_week_off) == 1
    assert waiting.count() == 1
    done = finish(Rerouting.objects.get(), now=after_a_week_off)
    assert (fresh(request).department.code, done.day) == ("west", after_a_week_off.date())


def test_its_steps_come_before_the_mails_that_wait(ruled):
    ruled.request(CHANGES_HANDS)
    publish(draft(ruled), valid_from=NOW.date(), by=None, now=NOW)
    first = ProcrastinateJob.objects.order_by("-priority", "id").first()
    assert first.task_name == services.REROUTE


def test_a_version_displaced_before_its_day_moves_nothing(ruled):
    request, tomorrow = ruled.request(CHANGES_HANDS), NOW + datetime.timedelta(days=1)
    displaced, kept = draft(ruled), draft(ruled, SQUARES)
    for version in (displaced, kept):
        publish(version, valid_from=tomorrow.date(), by=None, now=NOW)
    for each in list(Rerouting.objects.order_by("id")):
        services.step(rerouting_id=each.pk, now=tomorrow)
    assert Rerouting.objects.get().version == kept
    assert fresh(request).department.code == "south"


def test_a_pass_gives_way_to_that_of_a_version_published_meanwhile(ruled, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    requests = [ruled.request(CHANGES_HANDS) for _ in range(4)]
    publish(draft(ruled), valid_from=NOW.date(), by=None, now=NOW)
    first = Rerouting.objects.get()
    for _ in range(2):
        services.step(rerouting_id=first.pk, now=NOW)
    assert [fresh(each).department.code for each in requests] == ["west", "west", "south", "south"]
    done = put(draft(ruled, SQUARES))
    first = finish(first)
    assert (first.looked_at, first.total, told(first)) == (2, 4, {("south", "west"): (2, 0, 0)})
    assert told(done) == {("west", "south"): (2, 0, 0)}
    assert {fresh(each).department.code for each in requests} == {"south"}
    assert {fresh(each).decision.reason.layer_version.number for each in requests} == {3}


def test_a_version_of_the_past_that_is_over_asks_for_nothing(ruled):
    last_year = NOW.date().replace(year=2025)
    publish(draft(ruled), valid_from=last_year, by=None, now=NOW)
    assert not Rerouting.objects.exists()


def test_a_pass_over_all_requests_spares_duplicates(ruled):
    first, second = ruled.request(CHANGES_HANDS), ruled.request(CHANGES_HANDS)
    move(request_id=second.pk, name="merge", actor=None, now=NOW, joins=first)
    move(request_id=first.pk, name="refuse", actor=None, now=NOW, reason="privé")
    ruled.publish("squares", MOVED, valid_from=NOW.date())
    by_hand = services.order(version=None, by=None, now=NOW, day=NOW.date(), with_ended=True, queued=False)
    done = finish(by_hand)
    assert (fresh(first).department.code, fresh(first).state) == ("west", State.REFUSED)
    assert (fresh(second).department.code, done.looked_at) == ("south", 1)
    assert first.events.order_by("id").last().text == "South → West (réexamen demandé)"
