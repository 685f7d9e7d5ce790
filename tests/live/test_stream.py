"""Pages that follow, over the server a city runs: nothing missed, nothing repeated, nothing for others."""

import datetime
import http.client
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client

from gisplatform import tokens
from interventions.requests import services
from interventions.requests.models import ServiceRequest
from interventions.work import services as work
from tests.live.listening import Listener
from tests.live_door import database_url, door
from tests.town import NOW

WRITE = "INSERT INTO interventions_event (request_id, kind, move, at, from_state, to_state, text, public)"

pytestmark = pytest.mark.django_db(transaction=True)


def follow(port: int, user, **more: str) -> Listener:
    client = Client()
    client.force_login(user)
    return Listener(port, Cookie=f"sessionid={client.cookies['sessionid'].value}", **more)


def test_all_that_happens_is_told_at_once(lively, served):
    with follow(served.port, lively.person("manager")) as page:
        request = lively.request()
        told = page.next()
    assert told.data["reference"] == request.reference
    assert (told.data["kind"], told.data["state"], told.data["gone"]) == ("submitted", "to_evaluate", False)
    assert told.id


def test_a_token_follows_too(lively, served):
    token = tokens.issue(user=lively.person("manager"))
    with Listener(served.port, Authorization=f"Bearer {token}") as page:
        request = lively.request()
        assert page.next().data["reference"] == request.reference


@pytest.mark.parametrize("headers", [{}, {"Cookie": "sessionid=unknown"}, {"Authorization": "Bearer no"}])
def test_who_is_not_known_hears_nothing(served, headers):
    assert Listener(served.port, **headers).status == 401


def test_over_fifty_breaks_nothing_is_missed_and_nothing_told_twice(lively, served):
    port, user = served.port, lively.person("manager")
    dice = random.Random(6)
    logged: list[str] = []
    written = threading.Event()

    def write() -> None:
        try:
            with psycopg.connect(database_url()) as slow, psycopg.connect(database_url()) as quick:
                request = ServiceRequest.objects.get()
                for number in range(240):
                    # Every third is committed after the one that follows it.
                    line = slow if number % 3 == 0 else quick
                    line.execute(
                        f"{WRITE} VALUES (%s, 'noted', %s, now(), '', '', '', false)", [request.pk, f"m{number}"]
                    )
                    if number % 3:
                        quick.commit()
                    if number % 3 == 1:
                        slow.commit()
                    logged.append(f"m{number}")
                    time.sleep(0.01)
                slow.commit()
        finally:
            written.set()

    lively.request()
    heard: list[str] = []
    page = follow(port, user)
    writer = threading.Thread(target=write)
    writer.start()
    for _break in range(50):
        heard += [page.next().data["move"] for _time in range(dice.randint(0, 4))]
        last = page.last_id
        page.close()
        page = follow(port, user, after=last)
    assert written.wait(30)
    writer.join()
    heard += [told.data["move"] for told in page.all()]
    page.close()

    assert sorted(heard) == sorted(logged)


def test_a_page_without_position_hears_from_now_on(lively, served):
    lively.request()
    with follow(served.port, lively.person("manager")) as page:
        later = lively.request()
        assert [told.data["reference"] for told in page.all()] == [later.reference]


@pytest.mark.parametrize("after", ["12", "1:99999999999:", "x" * 5000])
def test_who_names_no_place_in_this_stream_reads_all_again(lively, served, after):
    with follow(served.port, lively.person("manager"), after=after) as page:
        assert page.next().kind == "reset"


def test_what_comes_by_the_thousand_is_told_as_one_word(lively, served):
    request = lively.request()
    with follow(served.port, lively.person("manager")) as page:
        assert page.all() == []
        began = page.last_id
        with psycopg.connect(database_url()) as line:
            line.execute(
                f"{WRITE} SELECT %s, 'noted', '', now(), '', '', '', false FROM generate_series(1, 1500)",
                [request.pk],
            )
        assert [told.kind for told in page.all(within_s=1)] == ["reset"]
    with follow(served.port, lively.person("manager", username="other"), after=began) as page:
        assert page.next().kind == "reset"


def test_a_page_that_does_not_read_is_sent_away_and_holds_up_nobody(lively, served):
    user, request = lively.person("manager"), lively.request()
    with (
        follow(served.port, user) as slow,
        follow(served.port, user) as quick,
        psycopg.connect(database_url(), autocommit=True) as line,
    ):
        # More than the machine keeps for a connection; each time fewer than are told as one word.
        for begun in range(0, 45_000, 900):
            line.execute(
                f"{WRITE} SELECT %s, 'noted', number, now(), '', '', '', false"
                " FROM generate_series(%s::int, %s::int) AS number",
                [request.pk, begun, begun + 899],
            )
            for number in range(begun, begun + 900):
                assert quick.next().data["move"] == str(number)
        heard: list[str] = []
        with suppress(ConnectionError):
            while True:
                heard.append(slow.next().data["move"])
        assert 0 < len(heard) < 45_000
        assert heard == [str(number) for number in range(len(heard))]
    with follow(served.port, user, after=slow.last_id) as page:
        assert page.next().kind == "reset"


def test_each_hears_of_what_they_may_see(lively, served):
    port = served.port
    lively.department("elsewhere")
    outside = lively.person("member", department="elsewhere", username="outside")
    inside = lively.person("member", department="cleaning", username="inside")
    company = lively.person("contractor", department="elsewhere", username="company")
    with follow(port, outside) as theirs, follow(port, inside) as ours, follow(port, company) as firm:
        lively.request()
        assert len(ours.all()) == 1
        assert theirs.all() == []
        assert firm.all() == []


def test_who_loses_a_request_hears_that_it_has_gone_and_nothing_else(lively, served):
    port, parks = served.port, lively.department("parks")
    request = lively.request()
    before = lively.person("member", department="cleaning", username="before")
    after = lively.person("member", department="parks", username="after")
    with follow(port, before) as losing, follow(port, after) as gaining:
        services.move(
            request_id=request.pk, name="redirect", actor=lively.person("manager"), now=NOW, reason="À eux.",
            department=parks,
        )  # fmt: skip
        lost, gained = losing.next().data, gaining.next().data
        services.note(request_id=request.pk, actor=after, text="Vu.", now=NOW)
        assert losing.all() == []
    assert (lost["reference"], lost["gone"], lost["state"], lost["move"]) == (request.reference, True, "", "")
    assert (gained["gone"], gained["move"]) == (False, "redirect")


def test_who_was_away_while_a_request_went_on_twice_hears_that_it_has_gone(lively, served):
    parks, roads = lively.department("parks"), lively.department("roads")
    request, manager = lively.request(), lively.person("manager")
    before = lively.person("member", department="cleaning", username="before")
    with follow(served.port, before) as page:
        assert page.all() == []
        last = page.last_id
    for minutes, department in ((10, parks), (20, roads)):
        services.move(
            request_id=request.pk, name="redirect", actor=manager, now=NOW + datetime.timedelta(minutes=minutes),
            reason="À eux.", department=department,
        )  # fmt: skip
    with follow(served.port, before, after=last) as page:
        assert [(told.data["reference"], told.data["gone"]) for told in page.all()] == [(request.reference, True)]


def test_a_company_hears_of_its_work_once_it_is_validated_and_of_no_request(lively, served):
    port = served.port
    company = lively.department("tagoff")
    company.kind = "contractor"
    company.save()
    manager = lively.person("manager")
    request = lively.request()
    with follow(port, lively.person("contractor", department="tagoff")) as page:
        order = work.accept(request_id=request.pk, executed_by=company, actor=manager, now=NOW)
        assert page.all() == []
        work.move(intervention_id=order.pk, name="validate", actor=manager, now=NOW)
        told = page.next().data
        services.note(request_id=request.pk, actor=manager, text="Entre nous.", now=NOW)
        assert page.all() == []
        work.move(intervention_id=order.pk, name="cancel", actor=manager, now=NOW, text="Plus tard.")
        taken_back = page.next().data
    assert told == {**told, "reference": order.reference, "work": order.reference, "kind": "worked", "move": ""}
    assert request.reference not in str(told)
    assert taken_back["state"] == "cancelled"


def test_a_notice_reaches_the_person_it_is_for(lively, served):
    port = served.port
    one, other = lively.person("manager", username="one"), lively.person("manager", username="other")
    with follow(port, one) as mine, follow(port, other) as theirs:
        with psycopg.connect(database_url(), autocommit=True) as line:
            line.execute("SELECT pg_notify('gisplatform_people', %s)", [f"{one.pk},999999"])
        assert mine.next().kind == "notice"
        assert theirs.all() == []


def test_the_page_of_a_requester_follows_their_request_alone(lively, served):
    port = served.port
    mine, other = lively.request(), lively.request()
    manager = lively.person("manager")
    with Listener(port, f"/suivi/{mine.tracking_token}/live/") as page:
        services.note(request_id=mine.pk, actor=manager, text="Entre nous.", now=NOW)
        services.move(request_id=other.pk, name="accept", actor=manager, now=NOW)
        services.move(request_id=mine.pk, name="accept", actor=manager, now=NOW)
        told = page.all()
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
        assert page.headers["cache-control"] == "no-store, private"
    assert [each.data for each in told] == [{**told[0].data, "reference": mine.reference, "state": "accepted"}]
    assert set(told[0].data) == {"reference", "state", "at"}


def test_who_joined_another_request_follows_that_one(lively, served):
    first, second = lively.request(), lively.request()
    manager = lively.person("manager")
    with Listener(served.port, f"/suivi/{second.tracking_token}/live/") as page:
        services.move(request_id=second.pk, name="merge", actor=manager, now=NOW, joins=first)
        services.move(request_id=first.pk, name="accept", actor=manager, now=NOW)
        assert [told.data["state"] for told in page.all()] == ["duplicate", "accepted"]


def test_an_unknown_tracking_page_has_no_stream(served):
    answer = Listener(served.port, "/suivi/nothing-here/live/")
    assert answer.status == 404


def test_pages_and_files_pass_by_the_same_door(lively, served):
    client = Client()
    client.force_login(lively.person("manager"))
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)

    def got(path: str) -> tuple[int, str, bytes]:
        line.request("GET", path, headers={"Cookie": f"sessionid={client.cookies['sessionid'].value}"})
        answer = line.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read()

    lively.request()
    status, kind, page = got("/demandes/")
    assert (status, kind, page.rstrip()[-7:]) == (200, "text/html; charset=utf-8", b"</html>")
    status, kind, sheet = got("/demandes/?format=csv")
    assert (status, kind[:8], sheet.count(b"\n")) == (200, "text/csv", 2)
    assert got("/static/gisplatform/css/tokens.css")[0] == 200
    assert got("/demandes/?q=%E9%FF")[0] == 200


def test_when_the_database_hangs_up_the_stream_goes_on_where_it_was(lively, served):
    with follow(served.port, lively.person("manager")) as page:
        lively.request()
        page.next()
        with psycopg.connect(database_url(), autocommit=True) as line:
            line.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gisplatform live'"
            )
        between = lively.request()
        assert page.next().data["reference"] == between.reference


def test_after_the_server_was_started_anew_a_page_goes_on_where_it_was(lively, free_port, tmp_path):
    user = lively.person("manager")
    with door(free_port, tmp_path / "first.log"), follow(free_port, user) as page:
        lively.request()
        page.next()
        last = page.last_id
    between = lively.request()
    with door(free_port, tmp_path / "second.log"), follow(free_port, user, after=last) as page:
        assert [told.data["reference"] for told in page.all()] == [between.reference]


@pytest.fixture
def watchful(free_port, tmp_path, monkeypatch) -> Callable[[], object]:
    """A server that looks at its followers twice a second."""
    monkeypatch.setenv("GISPLATFORM_LIVE_LOOK_S", "1")
    return lambda: door(free_port, tmp_path / "server.log")


def test_a_closed_session_ends_the_stream(lively, watchful):
    with watchful() as opened, follow(opened.port, lively.person("manager")) as page:
        Session.objects.all().delete()
        with pytest.raises(ConnectionError):
            page.next()


def test_another_role_changes_what_is_told(lively, watchful):
    user = lively.person("manager")
    with watchful() as opened, follow(opened.port, user) as page:
        lively.request()
        page.next()
        user.groups.set([Group.objects.get(name="contractor")])
        time.sleep(2.5)
        lively.request()
        assert page.all() == []
