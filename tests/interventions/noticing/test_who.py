"""Who is told of what: each kind of news over the model town, and nobody twice, nor of what they did themselves."""

import datetime

import pytest

from gisplatform.models import Authority
from interventions.events.models import Event
from interventions.events.record import record
from interventions.noticing.kinds import How, Kind
from interventions.noticing.models import Notification
from interventions.noticing.services import choose, notify
from interventions.noticing.words import line
from interventions.requests.services import move, note
from interventions.work import services as work
from tests.town import FAR_AWAY, NOW

LATER = NOW + datetime.timedelta(hours=1)


def accepted(request, people, by=None):
    return work.accept(request_id=request.pk, executed_by=by, actor=people["regulator"], now=NOW)


def entrusted(request, people, told):
    """Work of the company, validated; what was told until then is over."""
    made = accepted(request, people, people["contractor"].department)
    work.move(intervention_id=made.pk, name="validate", actor=people["manager"], now=NOW)
    told()
    return made


def test_a_request_is_told_to_the_department_that_answers_and_to_no_other(town, people, told):
    town.request(author=people["agent"])
    assert told() == {"member": "received"}


def test_a_request_that_nobody_answers_is_told_to_who_evaluates(town, people, told):
    town.request(FAR_AWAY, author=people["agent"])
    assert told() == {"regulator": "to_sort"}


def test_what_comes_from_a_website_is_sorted_by_who_evaluates_too(town, people, told):
    town.request(FAR_AWAY)
    assert told() == {"regulator": "to_sort"}


def test_accepted_for_its_department_it_is_work_to_do(town, people, told):
    request = town.request(author=people["agent"])
    told()
    accepted(request, people)
    assert told() == {"member": "entrusted"}


def test_accepted_without_ordering_work_it_is_work_to_do_all_the_same(town, people, told):
    request = town.request(author=people["agent"])
    told()
    move(request_id=request.pk, name="accept", actor=people["regulator"], now=NOW)
    assert told() == {"member": "entrusted"}


def test_work_ordered_from_a_company_waits_for_a_manager_and_the_company_hears_nothing(town, people, told):
    request = town.request(author=people["agent"])
    told()
    accepted(request, people, people["contractor"].department)
    assert told() == {"manager": "to_validate"}


def test_validated_it_is_told_to_the_company(town, people, told):
    request = town.request(author=people["agent"])
    made = accepted(request, people, people["contractor"].department)
    told()
    work.move(intervention_id=made.pk, name="validate", actor=people["manager"], now=NOW)
    assert told() == {"contractor": "entrusted"}
    assert Notification.objects.get(person=people["contractor"]).request is None  # of the request it hears nothing


def test_one_work_for_several_requests_is_told_once(town, people, told):
    both = [town.request(author=people["agent"]) for _ in range(2)]
    for each in both:
        move(request_id=each.pk, name="accept", actor=people["regulator"], now=NOW)
    by = people["contractor"].department
    made = work.pour(request_ids=[each.pk for each in both], executed_by=by, actor=people["regulator"], now=NOW)
    told()
    work.move(intervention_id=made.pk, name="validate", actor=people["manager"], now=LATER)
    told()
    assert Notification.objects.filter(person=people["contractor"]).count() == 1


@pytest.mark.parametrize("name", ["redirect", "cancel"])
def test_work_that_nobody_asks_for_any_more_is_taken_back(town, people, told, name):
    request = town.request(author=people["agent"])
    entrusted(request, people, told)
    to = town.department("parks") if name == "redirect" else None
    move(request_id=request.pk, name=name, actor=people["regulator"], now=LATER, reason="Essai", department=to)
    assert told()["contractor"] == "returned"


def test_work_taken_back_is_told_to_the_company_once_with_the_reason(town, people, told):
    request = town.request(author=people["agent"])
    made = entrusted(request, people, told)
    facts = {"actor": people["regulator"], "now": LATER, "text": "Reporté."}
    work.move(intervention_id=made.pk, name="cancel", **facts)
    assert told() == {"contractor": "returned"}
    (row,) = Notification.objects.filter(person=people["contractor"], kind="returned").with_names()
    assert line(row).text == "Reporté."


def test_work_that_other_work_takes_the_place_of_is_taken_back(town, people, told):
    request = town.request(author=people["agent"])
    entrusted(request, people, told)
    by = town.department("cleaning")
    work.pour(request_ids=[request.pk], executed_by=by, actor=people["regulator"], now=LATER)
    assert told() == {"contractor": "returned"}


def test_work_done_is_told_to_who_ordered_and_to_who_validated_it(town, people, told):
    request = town.request(author=people["agent"])
    made = entrusted(request, people, told)
    work.move(intervention_id=made.pk, name="finish", actor=people["contractor"], now=LATER)
    assert told() == {"regulator": "outcome", "manager": "outcome"}


@pytest.mark.parametrize("name", ["refuse", "answer", "cancel"])
def test_what_becomes_of_a_request_is_told_to_who_logged_it(town, people, told, name):
    request = town.request(author=people["agent"])
    told()
    move(request_id=request.pk, name=name, actor=people["regulator"], now=NOW, reason="Le mur est privé.")
    assert told() == {"agent": "outcome"}


def test_handed_on_it_is_told_to_the_new_department_and_to_who_logged_it(town, people, told):
    request = town.request(author=people["agent"])
    told()
    move(
        request_id=request.pk, name="redirect", actor=people["regulator"], now=NOW, reason="Un parc.",
        department=town.department("parks"),
    )  # fmt: skip
    assert told() == {"agent": "outcome", "elsewhere": "received"}


def closed(town, people, told):
    request = town.request(author=people["agent"])
    for name in ("accept", "finish", "close"):
        move(request_id=request.pk, name=name, actor=people["regulator"], now=NOW)
    told()
    return request


def test_it_is_not_repaired_is_told_to_the_department_to_who_evaluates_and_to_who_logged_it(town, people, told):
    request = closed(town, people, told)
    move(request_id=request.pk, name="reopen", actor=None, now=NOW, reason="Toujours là.")
    assert told() == dict.fromkeys(("agent", "member", "regulator", "manager"), "not_fixed")


def test_reopened_by_a_colleague_it_is_a_request_of_the_department_again(town, people, told):
    request = closed(town, people, told)
    move(request_id=request.pk, name="reopen", actor=people["regulator"], now=NOW, reason="Erreur.")
    assert told() == {"agent": "outcome", "member": "received"}


def test_a_note_is_told_to_who_logged_it_and_to_who_had_it_in_hand(town, people, told):
    request = town.request(author=people["agent"])
    move(request_id=request.pk, name="accept", actor=people["regulator"], now=NOW)
    told()
    note(request_id=request.pk, actor=people["technician"], text="Vu sur place.", now=NOW)
    assert told() == {"agent": "note", "regulator": "note"}
    note(request_id=request.pk, actor=people["agent"], text="Merci.", now=NOW)
    assert told() == {"regulator": "note", "technician": "note"}


def test_who_could_not_be_reached_is_told_to_who_logged_it(town, people, told):
    request = town.request(author=people["agent"])
    told()
    record(request_id=request.pk, kind=Event.Kind.UNREACHED, now=NOW, actor=None)
    assert told() == {"agent": "requester"}


def test_nobody_is_told_of_what_they_did(town, people, told):
    request = town.request(author=people["member"], issued_by=town.department("desk"))
    assert told() == {}
    note(request_id=request.pk, actor=people["member"], text="Je passe demain.", now=NOW)
    assert told() == {}


def test_told_again_they_are_told_once(town, people):
    town.request(author=people["agent"])
    ids = list(Event.objects.values_list("pk", flat=True))
    assert notify(event_ids=ids, now=NOW) == 1
    assert notify(event_ids=ids, now=NOW) == 0


def test_closed_accounts_are_told_nothing(town, people, told):
    people["member"].is_active = False
    people["member"].save()
    town.request(author=people["agent"])
    assert told() == {}


def test_people_of_another_authority_hear_only_of_their_own(town, people, told):
    county = Authority.objects.create(code="county", name="Département")
    town.department("roads", authority=county)
    town.person("regulator", username="county", department="roads")
    town.request(FAR_AWAY, author=people["agent"])
    assert told() == {"regulator": "to_sort"}
    town.request(author=people["agent"])
    assert "county" not in told()


def test_who_does_not_want_a_kind_is_not_told(town, people, told):
    choose(person=people["member"], chosen={Kind.RECEIVED: How.NOTHING})
    town.request(author=people["agent"])
    assert told() == {}


def test_who_wants_a_kind_that_is_usually_none_of_theirs_is_told(town, people, told):
    choose(person=people["manager"], chosen={Kind.TO_SORT: How.HERE})
    town.request(FAR_AWAY, author=people["agent"])
    assert told() == {"regulator": "to_sort", "manager": "to_sort"}


def test_of_several_about_one_request_the_last_is_unread(town, people, told):
    request = town.request(author=people["agent"])
    told()
    accepted(request, people)
    told()
    rows = Notification.objects.filter(person=people["member"]).order_by("pk")
    assert [(row.kind, row.overtaken) for row in rows] == [("received", True), ("entrusted", False)]


def test_a_job_that_comes_too_late_overtakes_nothing(town, people):
    request = town.request(author=people["agent"])
    accepted(request, people)
    first, second = Event.objects.order_by("pk")
    notify(event_ids=[second.pk], now=NOW)
    notify(event_ids=[first.pk], now=NOW)
    unread = Notification.objects.filter(person=people["member"]).unread()
    assert [row.kind for row in unread] == ["entrusted"]


@pytest.mark.parametrize(("days", "how"), [(1, "immediate"), (5, "digest"), (None, "digest")])
def test_what_is_urgent_is_told_at_once_the_rest_in_the_mail_of_the_day(town, people, told, days, how):
    category = town.categories["graffiti"]
    category.delay_days = days
    category.save()
    request = town.request(author=people["agent"])
    entrusted(request, people, told)
    assert Notification.objects.get(person=people["contractor"]).how == how


def added(request, at=NOW):
    record(request_id=request.pk, kind=Event.Kind.ADDED, now=at, actor=None, text="Au fond de la cour.")


def test_what_the_requester_adds_is_told_to_the_department_and_to_who_logged_it(town, people, told):
    request = town.request(author=people["agent"])
    told()
    added(request)
    assert told() == {"agent": "requester", "member": "requester"}


def test_what_they_add_while_they_say_it_is_not_repaired_is_told_with_it(town, people, told):
    request = closed(town, people, told)
    move(request_id=request.pk, name="reopen", actor=None, now=LATER, reason="Ce n'est pas réparé.")
    added(request, at=LATER)
    assert set(told().values()) == {"not_fixed"}
