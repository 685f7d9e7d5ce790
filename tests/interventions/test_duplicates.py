"""Several callers, one problem: who joins whom, what each is told, and what the database refuses."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections, transaction

from gisplatform.errors import MoveRefused
from interventions.events.models import Event
from interventions.requests.duplicates import CannotJoin, find
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact, move
from tests import town as model_town
from tests.interventions.conftest import url
from tests.letterbox import work
from tests.town import FOUNTAIN, NOW

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org")
ALI = Contact(name="Ali Benali", email="ali@example.org")
EVE = Contact(name="Ève Morin", email="eve@example.org")


def merge(request, joins, **facts):
    return move(request_id=request.pk, name="merge", joins=joins, **{"actor": None, "now": NOW, **facts})


def act(request, name, **facts):
    return move(request_id=request.pk, name=name, **{"actor": None, "now": NOW, "reason": "Un motif.", **facts})


def joins(request):
    return ServiceRequest.objects.get(pk=request.pk).duplicate_of


@pytest.fixture
def first(town):
    town.rule("cleaning")
    return town.request(contact=ZOE)


@pytest.fixture
def second(town, first):
    return town.request(contact=ALI)


@pytest.fixture
def third(town, second):
    return town.request(contact=EVE)


# --- Who joins whom -------------------------------------------------------------------------------------------------


def test_a_duplicate_joins_its_principal_and_both_keep_what_happened(first, second):
    merge(second, first)
    second.refresh_from_db()
    assert (second.state, second.duplicate_of, second.closed_at) == ("duplicate", first, NOW)
    mine, theirs = second.events.latest("id"), first.events.latest("id")
    assert (mine.move, mine.other, mine.public) == ("merge", first, True)
    assert (theirs.kind, theirs.other, theirs.public) == ("joined_by", second, False)


def test_who_joins_a_duplicate_joins_its_principal(first, second, third):
    merge(second, first)
    merge(third, second)
    assert joins(third) == first


def test_what_had_joined_a_request_goes_with_it(first, second, third):
    merge(third, second)
    merge(second, first)
    assert (joins(second), joins(third)) == (first, first)
    moved = third.events.latest("id")
    assert (moved.kind, moved.other) == ("rejoined", first)


def test_a_request_joins_neither_itself_nor_one_that_has_joined_it(first, second):
    with pytest.raises(CannotJoin):
        merge(first, first)
    merge(second, first)
    with pytest.raises(CannotJoin):
        merge(first, second)
    assert joins(first) is None


def test_a_cancelled_request_is_not_joined(first, second):
    act(first, "cancel")
    with pytest.raises(CannotJoin):
        merge(second, first)
    assert joins(second) is None


def test_a_request_others_have_joined_is_not_cancelled(first, second):
    merge(second, first)
    with pytest.raises(MoveRefused, match=second.reference):
        act(first, "cancel")
    act(second, "reopen")
    act(first, "cancel")


def test_reopened_a_duplicate_leaves(first, second):
    merge(second, first)
    act(second, "reopen")
    second.refresh_from_db()
    assert (second.state, second.duplicate_of, second.closed_at) == ("to_evaluate", None, None)
    assert second.events.latest("id").other == first
    left = first.events.latest("id")
    assert (left.kind, left.other) == ("left_by", second)


def test_the_principal_has_changed_when_one_joins(first, second):
    later = NOW.replace(hour=15)
    merge(second, first, now=later)
    first.refresh_from_db()
    assert first.updated_at == later


def test_the_database_refuses_a_chain_a_circle_and_a_lone_link(first, second, third):
    merge(second, first)
    rows = ServiceRequest.objects
    for wrong in (
        lambda: rows.filter(pk=third.pk).update(state="duplicate", duplicate_of=second),  # a chain, from below
        lambda: rows.filter(pk=first.pk).update(state="duplicate", duplicate_of=third),  # a chain, from above
        lambda: rows.filter(pk=third.pk).update(state="duplicate", duplicate_of=third),  # itself
        lambda: rows.filter(pk=third.pk).update(duplicate_of=first),  # not a duplicate
        lambda: rows.filter(pk=third.pk).update(state="duplicate", duplicate_of=10**9),  # nobody
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_callers_are_counted(first, second, third):
    merge(second, first)
    merge(third, first)
    counted = {each.pk: each.callers for each in ServiceRequest.objects.with_callers()}
    assert counted == {first.pk: 3, second.pk: 1, third.pk: 1}


# --- By whom --------------------------------------------------------------------------------------------------------


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
    from tests.machine import sent

    logged = machine("regulator").post(sent(FOUNTAIN, duplicate_of=first.reference)).json()["properties"]
    assert (logged["state"], logged["duplicate_of"]) == ("duplicate", first.reference)
    refused = machine("agent").post(sent(FOUNTAIN, duplicate_of="2026-999999-9"))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["duplicate_of"])


# --- At the same time -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_that_join_each_other_at_once_make_no_circle():
    town = model_town.build()
    for _round in range(5):
        one, other = town.request(), town.request()
        ready = threading.Barrier(2)

        def crossing(request, joins, ready=ready):
            try:
                ready.wait()
                merge(request, joins)
            except CannotJoin:
                return "refused"
            else:
                return "joined"
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as hands:
            came = [hands.submit(crossing, one, other), hands.submit(crossing, other, one)]
            assert sorted(each.result(timeout=20) for each in came) == ["joined", "refused"]
        assert sorted(map(bool, (joins(one), joins(other)))) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_a_line_of_joins_at_once_ends_at_one_principal():
    town = model_town.build()
    for _round in range(4):
        row = [town.request() for _ in range(6)]
        ready = threading.Barrier(5)

        def join(request, to, ready=ready):
            try:
                ready.wait()
                merge(request, to)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(5) as hands:
            came = [hands.submit(join, row[n], row[n + 1]) for n in range(5)]
            for each in came:
                each.result(timeout=20)
        assert [joins(each) for each in row] == [row[5]] * 5 + [None]


# --- What requesters are told -----------------------------------------------------------------------------------------


@pytest.fixture
def posted(transactional_db, letterbox):
    """A town whose mails arrive: `posted()` runs the worker and gives what came since, by address."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")

    def since_last():
        work()
        letters, letterbox.letters[:] = list(letterbox.letters), []
        return sorted((each["X-Envelope-To"], each["Subject"], said(each)) for each in letters)

    since_last.town = model_town.build()
    since_last.town.rule("cleaning")
    return since_last


def said(letter):
    return " ".join(letter.get_body(("plain",)).get_content().replace("\u00a0", " ").split())


@pytest.mark.django_db(transaction=True)
def test_who_joins_hears_of_the_principal_from_the_first_mail_to_the_last(posted):
    town = posted.town
    first = town.request(contact=ZOE, address="3 rue Écuyère, Caen")
    act(first, "accept", reason="Madame Lefèvre, nous venons.")
    posted()
    second = town.request(contact=ALI, joins=first)
    ((to, subject, text),) = posted()
    assert (to, subject) == ("ali@example.org", f"Demande {second.reference} – enregistrée : Graffitis")
    assert f"Votre demande rejoint une demande déjà signalée (réf. {first.reference})" in text
    assert "Votre demande est acceptée : le service Cleaning s’en charge." in text
    assert "au plus tard le samedi 7 mars" in text

    for name, news in [("plan", "travaux prévus"), ("finish", "travaux terminés"), ("close", "close")]:
        act(first, name, reason="Passage mardi.")
        ali, zoe = posted()
        assert (ali[0], zoe[0]) == ("ali@example.org", "zoe@example.org")
        assert ali[1] == f"Demande {second.reference} – {news} : Graffitis"
        assert zoe[1] == f"Demande {first.reference} – {news} : Graffitis"
        assert f"réf. {first.reference}" in ali[2]
        assert f"/suivi/{second.tracking_token}/" in ali[2]
        assert "Passage mardi." in ali[2]
        for secret in ("Zoé", "Lefèvre", "zoe@", "Écuyère", first.tracking_token):
            assert secret not in ali[2]
        assert second.reference not in zoe[2]
    assert posted() == []


@pytest.mark.django_db(transaction=True)
def test_a_request_joined_afterwards_is_told_and_no_longer_once_it_has_left(posted):
    first, second = posted.town.request(contact=ZOE), posted.town.request(contact=ALI)
    posted()
    merge(second, first, reason="Vu ce matin.")
    ((to, subject, text),) = posted()
    assert (to, subject) == ("ali@example.org", f"Demande {second.reference} – déjà signalée : Graffitis")
    assert f"réf. {first.reference}" in text
    assert "le service Cleaning doit y répondre au plus tard" in text
    assert "Vu ce matin." in text
    act(second, "reopen")
    assert [to for to, *_rest in posted()] == ["ali@example.org"]
    act(first, "accept")
    assert [to for to, *_rest in posted()] == ["zoe@example.org"]


@pytest.mark.django_db(transaction=True)
def test_one_that_left_before_the_mail_went_is_not_told(posted):
    first = posted.town.request(contact=ZOE)
    second = posted.town.request(contact=ALI, joins=first)
    posted()
    act(first, "accept")
    act(second, "reopen")
    told = posted()
    assert sorted(to for to, *_rest in told) == ["ali@example.org", "zoe@example.org"]
    assert "rouverte" in next(subject for to, subject, _text in told if to == "ali@example.org")


@pytest.mark.django_db(transaction=True)
def test_those_that_go_along_hear_of_their_new_principal(posted):
    first = posted.town.request(contact=ZOE)
    second = posted.town.request(contact=ALI)
    third = posted.town.request(contact=EVE, joins=second)
    posted()
    merge(second, first)
    told = posted()
    assert [to for to, *_rest in told] == ["ali@example.org", "eve@example.org"]
    assert all(f"réf. {first.reference}" in text for _to, _subject, text in told)
    assert third.reference in told[1][1]


@pytest.mark.django_db(transaction=True)
def test_each_is_told_once_whatever_is_queued_again(posted):
    from procrastinate.contrib.django import app

    first = posted.town.request(contact=ZOE)
    second = posted.town.request(contact=ALI, joins=first)
    posted()
    event = act(first, "accept")
    app.configure_task("interventions.news").defer(event_id=event.pk)
    app.configure_task("interventions.news").defer(event_id=event.pk, request_id=second.pk)
    assert [to for to, *_rest in posted()] == ["ali@example.org", "zoe@example.org"]
    assert Event.objects.filter(kind="told", request=second).count() == 2


# --- The requester's page --------------------------------------------------------------------------------------------


def page(client, request):
    return client.get(f"/suivi/{request.tracking_token}/").content.decode().replace("\u00a0", " ")


def test_the_page_of_a_duplicate_tells_the_principals_life(client, town, first):
    act(first, "accept", reason="Madame Lefèvre, nous venons.")
    second = town.request(contact=ALI, joins=first)
    text = page(client, second)
    assert second.reference in text
    assert f"Votre demande rejoint une demande déjà signalée (réf. {first.reference})" in text
    assert "Votre demande est acceptée : le service Cleaning s’en charge." in text
    assert "samedi 7 mars" in text
    act(first, "finish", reason="Mur nettoyé.")
    act(first, "close", reason="Bonne journée.")
    text = page(client, second)
    assert "Bonne journée." in text
    assert "Mur nettoyé." in text
    for secret in ("Lefèvre", "Zoé", "zoe@", first.tracking_token):
        assert secret not in text
    act(second, "reopen", reason="Un autre mur.")
    text = page(client, second)
    assert first.reference not in text
    assert "le service Cleaning doit y répondre" in text


def test_it_takes_two_statements_too(client, town, first, django_assert_num_queries):
    second = town.request(contact=ALI, joins=first)
    with django_assert_num_queries(2):
        page(client, second)


def test_the_principals_requester_sees_nothing_of_the_others(client, first, second):
    merge(second, first, reason="Même tag que Madame Lefèvre.")
    text = page(client, first)
    for secret in (second.reference, "Ali", "ali@"):
        assert secret not in text
