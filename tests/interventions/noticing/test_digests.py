"""The mail of the day: one to each person for whom something waits, at the hour, however many workers ask."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from interventions.noticing import digests, outbox
from interventions.noticing.kinds import How, Kind
from interventions.noticing.mails import NAMED
from interventions.noticing.models import NoticeMail, Notification
from interventions.noticing.services import choose, forget, mark_read
from interventions.work.services import accept
from tests.letterbox import work
from tests.town import FAR_AWAY, NOW

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime.timedelta(days=1)
HERE = datetime.timezone(datetime.timedelta(hours=1))
MORNING = datetime.datetime(2026, 3, 3, 7, 30, tzinfo=HERE)  # the day after the town's NOW


@pytest.fixture
def town(committed):
    town, people = committed
    choose(person=people["member"], chosen={Kind.RECEIVED: How.DIGEST})
    choose(person=people["regulator"], chosen={Kind.WAITING: How.NOTHING})
    return town


@pytest.fixture
def people(committed):
    return committed[1]


def said(letter, kind="plain") -> str:
    return letter.get_body((kind,)).get_content().replace("\u00a0", " ").replace("\r\n", "\n")


def test_it_comes_at_the_hour_and_once_a_day(town, people, letterbox):
    town.request(author=people["agent"])
    work()
    assert digests.write(now=MORNING - datetime.timedelta(minutes=1)) == 0
    assert digests.write(now=MORNING) == 1
    assert digests.write(now=MORNING + datetime.timedelta(hours=5)) == 0
    work()
    (letter,) = letterbox.letters
    assert letter["X-Envelope-To"] == "member@ville.example"
    assert digests.write(now=MORNING + DAY) == 0  # nothing is new


def test_it_groups_by_kind_counts_and_names_the_first(town, people, letterbox):
    made = [town.request(author=people["agent"], address=f"{number} rue Basse") for number in range(NAMED + 2)]
    work()
    digests.write(now=MORNING)
    work()
    (letter,) = letterbox.letters
    assert letter["Subject"].startswith("Résumé du ")
    assert letter["Subject"].endswith(f" : {NAMED + 2} notifications")
    assert f"Demande pour mon service ({NAMED + 2})" in said(letter)
    assert "et 2 autres" in said(letter)
    assert sum(each.reference in said(letter) for each in made) == NAMED
    for body in (said(letter), said(letter, "html")):
        assert "https://demandes.ville.example/notifications/?kind=received" in body
        assert "https://demandes.ville.example/notifications/reglages/" in body


def test_of_one_request_it_tells_the_last_news_only(town, people, letterbox):
    request = town.request(author=people["agent"])
    choose(person=people["member"], chosen={Kind.ENTRUSTED: How.DIGEST})
    accept(request_id=request.pk, executed_by=None, actor=people["regulator"], now=NOW)
    work()
    digests.write(now=MORNING)
    work()
    assert letterbox.letters[0]["Subject"].endswith(" : 1 notification")
    assert "Travail à faire (1)" in said(letterbox.letters[0])


def test_what_was_read_is_not_in_it_and_alone_makes_none(town, people, letterbox):
    town.request(author=people["agent"])
    work()
    mark_read(Notification.objects.all(), now=NOW)
    assert digests.write(now=MORNING) == 0
    work()
    assert letterbox.letters == []


def test_two_workers_at_once_make_one(town, people, letterbox):
    town.request(author=people["agent"])
    work()
    together = Barrier(4)

    def write(_number: int) -> int:
        together.wait(timeout=20)
        try:
            return digests.write(now=MORNING)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(write, range(4))) == 1
    mail = NoticeMail.objects.get()
    with ThreadPoolExecutor(1) as apart:
        apart.submit(work).result()
    assert outbox.send(mail_id=mail.pk, now=MORNING) is False
    assert len(letterbox.letters) == 1


def test_who_evaluates_is_told_how_many_wait(town, people, letterbox):
    choose(person=people["regulator"], chosen={Kind.WAITING: How.DIGEST, Kind.TO_SORT: How.NOTHING})
    town.request(author=people["agent"])
    town.request(FAR_AWAY, author=people["agent"])
    work()
    digests.write(now=MORNING)
    work()
    letters = {letter["X-Envelope-To"]: letter for letter in letterbox.letters}
    letter = letters["regulator@ville.example"]
    assert letter["Subject"].endswith(" : 2 demandes attendent")
    assert "2 demandes attendent d’être évaluées ou triées" in said(letter)
    assert "https://demandes.ville.example/regulation/" in said(letter)
    assert digests.write(now=MORNING + datetime.timedelta(minutes=5)) == 0


def test_where_nothing_waits_nobody_is_written_to(town, people, letterbox):
    choose(person=people["regulator"], chosen={Kind.WAITING: How.DIGEST})
    assert digests.write(now=MORNING) == 0


def test_what_comes_after_the_hour_waits_for_the_next_day(town, people, letterbox):
    choose(person=people["regulator"], chosen={Kind.WAITING: How.DIGEST})
    town.request(author=people["agent"], now=MORNING + datetime.timedelta(minutes=1))
    work()
    assert digests.write(now=MORNING + datetime.timedelta(hours=12)) == 0
    assert digests.write(now=MORNING + DAY) == 2  # the service's, and the one of who evaluates


def test_a_worker_that_was_down_at_the_hour_makes_up_for_it(town, people, letterbox):
    town.request(author=people["agent"])
    work()
    assert digests.write(now=MORNING + datetime.timedelta(hours=9)) == 1


def test_the_hour_is_a_setting_and_a_local_one(settings):
    settings.DIGEST_AT = datetime.time(18, 0)
    summer, winter = datetime.date(2026, 7, 1), datetime.date(2026, 1, 1)
    assert digests.hour_of(summer) == datetime.datetime(2026, 7, 1, 16, 0, tzinfo=datetime.UTC)
    assert digests.hour_of(winter) == datetime.datetime(2026, 1, 1, 17, 0, tzinfo=datetime.UTC)


def test_what_was_read_long_ago_is_removed_with_its_mail(town, people, letterbox, settings):
    settings.NOTICE_DAYS = 90
    for _number in range(2):
        town.request(author=people["agent"])
    work()
    digests.write(now=MORNING)
    work()
    first, second = Notification.objects.order_by("pk")
    NoticeMail.objects.update(ended_at=MORNING)
    mark_read(Notification.objects.filter(pk=first.pk), now=NOW)
    assert forget(now=NOW + 89 * DAY) == 0
    assert forget(now=NOW + 91 * DAY) == 1
    assert list(Notification.objects.all()) == [second]
    assert NoticeMail.objects.exists()
    mark_read(Notification.objects.all(), now=NOW)
    forget(now=NOW + 92 * DAY)
    assert not NoticeMail.objects.exists()
