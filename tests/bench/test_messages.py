"""2,000 messages while the worker is killed thirty times; and what one message costs beside its bytes alone."""

import random
import smtplib
import time

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from gisplatform.mailing import smtp
from interventions.events.models import Event
from interventions.informing import mail
from interventions.informing.models import Message
from interventions.informing.news import News
from interventions.requests.services import Contact
from tests import town as model_town
from tests.interventions.messages.crew import Crew, PostOffice, check

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
MESSAGES, KILLS, CONCURRENCY = 2_000, 30, 4


@pytest.fixture
def office(mail_settings):
    found = PostOffice()
    server = Controller(found, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    server.start()
    yield found
    server.stop()


@pytest.fixture
def waiting(transactional_db):
    """So many requests, each with its message to send."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    town = model_town.build()
    town.rule("cleaning")
    for number in range(MESSAGES):
        town.request(contact=Contact(email=f"z{number}@example.org"))
    return MESSAGES


@pytest.mark.parametrize("seed", [6])
def test_killed_thirty_times_each_message_arrives_once_or_is_named(office, waiting, mail_settings, tmp_path, seed):
    chance, start = random.Random(seed), time.perf_counter()
    with Crew(tmp_path / "log", mail_port=mail_settings.EMAIL_PORT, concurrency=CONCURRENCY) as crew:
        for moment in sorted(chance.sample(range(1, waiting - 100), KILLS)):
            limit = time.monotonic() + 60
            while sum(office.came.values()) < moment and time.monotonic() < limit:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.03))
            crew.kill()
            crew.replaced()
        crew.finish(at_most_s=120)
    seconds = time.perf_counter() - start
    doubtful, twice = check(crew, office, messages=waiting)
    assert crew.deaths == KILLS
    assert doubtful <= KILLS * CONCURRENCY
    print(f"\n{waiting} messages, {KILLS} kills, {seconds:.0f} s: {doubtful} named, {twice} came twice, 0 lost")  # noqa: T201


def test_what_a_message_costs(ledger, office, waiting, mail_settings, tmp_path):
    limit = bare(mail_settings.EMAIL_PORT)
    office.came.clear()
    with Crew(tmp_path / "log", mail_port=mail_settings.EMAIL_PORT, concurrency=CONCURRENCY):
        while sum(office.came.values()) < 100:
            time.sleep(0.005)
        begun, start = sum(office.came.values()), time.perf_counter()
        while (came := sum(office.came.values())) < waiting - 100:
            time.sleep(0.005)
        cost = (time.perf_counter() - start) / (came - begun)
    ledger.add(
        f"a message from the queue, written, sent and noted ({CONCURRENCY} at a time)", value=cost, bar=40,
        limit_name="its bytes alone over one connection", limit_value=limit,
    )  # fmt: skip


def bare(port: int) -> float:
    """Seconds for one of the same mails, written before, one after the other."""
    letters = [
        smtp.whole(mail.compose(News.of(event, event.request), to="z@example.org", message_id=event.pk))
        for event in Event.objects.filter(public=True).select_related("request", "other")[:300]
    ]
    line = smtplib.SMTP("127.0.0.1", port)
    start = time.perf_counter()
    for letter in letters:
        line.sendmail("a@ville.example", "z@example.org", letter)
    seconds = time.perf_counter() - start
    line.quit()
    assert not Message.objects.exists()
    return seconds / len(letters)
