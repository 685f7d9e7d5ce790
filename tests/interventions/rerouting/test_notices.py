"""Who is told what a pass has moved: one mail each, with counts; requesters hear nothing."""

import re

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from gisplatform.models import Authority
from interventions.noticing.kinds import How, Kind
from interventions.noticing.models import Notification
from interventions.noticing.services import choose
from interventions.noticing.words import lines
from interventions.requests.services import Contact
from interventions.rerouting import notices
from interventions.rerouting.models import Notice, Rerouting
from interventions.work.services import accept
from layers.publishing import publish
from tests import town as model_town
from tests.interventions.rerouting.conftest import CHANGES_HANDS, MOVED, STAYS_WEST, draft, put
from tests.letterbox import work
from tests.town import NOW, SQUARES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ruled(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")  # not emptied after a test
    town = model_town.build()
    for code in SQUARES:
        town.rule(code.lower(), zones=(code,))
    people = {
        "ouest": ("member", "west"), "sud": ("member", "south"), "nord": ("member", "north"),
        "regulation": ("regulator", "desk"), "accueil": ("agent", "desk"), "societe": ("contractor", "west"),
    }  # fmt: skip
    for name, (role, department) in people.items():
        with_address(town.person(role, username=name, department=department))
    return town


def with_address(person):
    person.email = f"{person.username}@ville.example"
    person.save()
    return person


def moved(ruled, count: int = 2, **facts) -> Rerouting:
    for _ in range(count):
        ruled.request(CHANGES_HANDS, contact=Contact(email="zoe@example.org"))
    ruled.request(STAYS_WEST)
    connection.cursor().execute("TRUNCATE procrastinate_jobs CASCADE")  # the news of their logging
    return put(draft(ruled), **facts)


def page_of(client) -> str:
    return client.get("/notifications/").content.decode()


def said(letter) -> str:
    return letter.get_body(("plain",)).get_content().replace("\u00a0", " ").replace("\r\n", "\n")


def test_those_who_lost_or_received_requests_and_who_evaluates_are_told_once(ruled, letterbox):
    moved(ruled)
    work()
    assert sorted(letter["X-Envelope-To"] for letter in letterbox.letters) == [
        "ouest@ville.example", "regulation@ville.example", "sud@ville.example",
    ]  # fmt: skip
    for notice in Notice.objects.all():
        assert notices.tell(notice_id=notice.pk, now=NOW) is False
        app.configure_task(notices.TELL).defer(notice_id=notice.pk)
    work()
    assert len(letterbox.letters) == 3


def test_the_mail_counts_them_by_department_and_leads_to_them(ruled, letterbox, client):
    rerouting = moved(ruled)
    work()
    letters = {letter["X-Envelope-To"]: letter for letter in letterbox.letters}
    letter = letters["ouest@ville.example"]
    assert letter["Subject"] == "Couche « quartiers », version 2 : 2 demandes changent de service"
    assert "2 : South → West" in said(letter)
    assert "Les demandeurs ne reçoivent pas de message." in said(letter)
    html = letter.get_body(("html",)).get_content()
    for body in (said(letter), html):
        (link,) = set(re.findall(r"https://[^\s\"<]*", body))
        assert link == f"https://demandes.ville.example/demandes/?rerouted={rerouting.pk}"
    client.force_login(ruled.departments["west"].members.get(username="ouest"))
    rows = client.get(link.removeprefix("https://demandes.ville.example")).context["page"].rows
    assert len(rows) == 2
    assert "https://" not in said(letters["sud@ville.example"])  # who lost them sees them no more


def test_what_is_kept_for_work_is_counted_apart(ruled, letterbox):
    at_work = ruled.request(CHANGES_HANDS)
    accept(request_id=at_work.pk, executed_by=None, actor=ruled.departments["desk"].members.get(username="regulation"),
           now=NOW)  # fmt: skip
    moved(ruled)
    work()
    assert "1 autre garde son service : le travail y est engagé." in said(letterbox.letters[0])


def test_who_evaluates_is_led_to_those_that_nobody_answers_any_more(ruled, letterbox):
    ruled.request(STAYS_WEST)
    connection.cursor().execute("TRUNCATE procrastinate_jobs CASCADE")
    put(draft(ruled, {**SQUARES, "WEST": (8000, 8000, 10_000, 10_000)}), reason="essai")
    work()
    told = {letter["X-Envelope-To"]: said(letter) for letter in letterbox.letters}
    assert "1 : West → personne" in told["regulation@ville.example"]
    assert {address: "https://" in text for address, text in told.items()} == {
        "ouest@ville.example": False, "regulation@ville.example": True,
    }  # fmt: skip


def test_who_moves_nothing_tells_nobody(ruled, letterbox):
    ruled.request(STAYS_WEST)
    connection.cursor().execute("TRUNCATE procrastinate_jobs CASCADE")
    put(draft(ruled))
    work()
    assert letterbox.letters == []


def test_who_ordered_it_finds_among_their_notifications_that_it_has_ended(ruled, letterbox, client):
    analyst = with_address(ruled.person("analyst", username="geomatique", department="maps"))
    ruled.request(STAYS_WEST)
    connection.cursor().execute("TRUNCATE procrastinate_jobs CASCADE")
    rerouting = put(draft(ruled), by=analyst)
    work()
    client.force_login(analyst)
    assert "version 2\u00a0: demandes réexaminées, aucune ne change de service" in page_of(client)
    row = Notification.objects.get(person=analyst)
    followed = client.get(f"/notifications/{row.pk}/", follow=True)
    assert (followed.status_code, followed.context["each"].rerouting) == (200, rerouting)
    assert Notification.objects.unread().count() == 0
    assert letterbox.letters == []


def test_it_says_how_many_it_moved_elsewhere(ruled, client):
    analyst = ruled.person("analyst", username="geomatique", department="maps")
    moved(ruled, by=analyst)
    client.force_login(analyst)
    assert "demandes réexaminées, 2 changent de service" in page_of(client)


def test_who_ordered_it_and_is_concerned_is_told_once(ruled, letterbox):
    regulator = ruled.departments["desk"].members.get(username="regulation")
    moved(ruled, by=regulator)
    work()
    assert Notification.objects.filter(person=regulator).count() == 1
    assert len(letterbox.letters) == 3


def test_who_ordered_it_and_wants_to_hear_nothing_does_not(ruled):
    analyst = ruled.person("analyst", username="geomatique", department="maps")
    choose(person=analyst, chosen={Kind.REROUTED: How.NOTHING})
    moved(ruled, by=analyst)
    assert not Notification.objects.filter(person=analyst).exists()


def test_many_of_them_are_read_with_as_many_queries_as_one(ruled, django_assert_num_queries):
    analyst = ruled.person("analyst", username="geomatique", department="maps")
    moved(ruled, by=analyst)
    rows = Notification.objects.filter(person=analyst).with_names()
    with django_assert_num_queries(2):  # the notifications, the moves of their passes
        lines(rows)
    for squares in (SQUARES, MOVED):
        put(draft(ruled, squares), by=analyst)
    with django_assert_num_queries(2):
        assert len(lines(rows.all())) == 3


def test_people_of_another_authority_hear_only_of_their_own(ruled, letterbox):
    other = Authority.objects.create(code="county", name="Département")
    ruled.department("roads", authority=other)
    with_address(ruled.person("regulator", username="routes", department="roads"))
    moved(ruled)
    assert not Notice.objects.filter(person__username="routes").exists()


def test_a_mail_whose_worker_died_is_sent_all_the_same(ruled, letterbox):
    moved(ruled)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", cursor.fetchone())
    work()
    assert letterbox.letters == []
    app.configure_task("gisplatform.take_up").defer(timestamp=0)
    work()
    assert len(letterbox.letters) == 3
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}


def test_the_pass_and_its_mails_are_made_by_the_worker(ruled, letterbox):
    request = ruled.request(CHANGES_HANDS)
    connection.cursor().execute("TRUNCATE procrastinate_jobs CASCADE")
    publish(draft(ruled, MOVED), valid_from=NOW.date(), by=None, now=NOW)
    work()
    request.refresh_from_db()
    assert request.department.code == "west"
    assert Rerouting.objects.get().ended_at is not None
    assert len(letterbox.letters) == 3
