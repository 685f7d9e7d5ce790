"""Messages of the platform: to whom, from when until when, and how soon."""

import datetime
import itertools

import pytest
from django.test import Client
from django.utils import timezone

from gisplatform import memo
from gisplatform.announcements import unended
from gisplatform.memo import Memo
from gisplatform.models import SiteMessage, User

HOUR = datetime.timedelta(hours=1)
LIST = "/admin/gisplatform/sitemessage/"


@pytest.fixture
def boss(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin", password="demo"))
    return client


@pytest.fixture
def agent(town) -> Client:
    client = Client()
    client.force_login(town.person("agent"))
    return client


def typed(**changed) -> dict[str, str]:
    now = timezone.localtime()
    fields = {
        "text": "Coupure ce soir à 20 h.", "kind": "warning",
        "shown_from": (now - HOUR).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    return {**fields, **changed}


def said(client: Client, address: str = "/demandes/") -> bool:
    return "Coupure ce soir" in client.get(address).content.decode()


def test_a_message_is_shown_as_soon_as_it_is_saved(boss, agent):
    assert boss.post(f"{LIST}add/", typed()).status_code == 302
    assert said(agent)
    assert not said(Client(), "/connexion/")


def test_for_residents_too_it_stands_on_their_pages(boss, agent):
    boss.post(f"{LIST}add/", typed(everyone="on"))
    assert said(Client(), "/connexion/")


@pytest.mark.parametrize(
    ("begins", "ends", "shown"), [(-2, None, True), (-2, 1, True), (-2, -1, False), (1, None, False), (1, 2, False)]
)
def test_it_is_shown_from_then_until_then(agent, begins, ends, shown):
    now = timezone.now()
    SiteMessage.objects.create(
        text="Coupure ce soir", shown_from=now + begins * HOUR, shown_until=None if ends is None else now + ends * HOUR
    )
    unended.forget()
    assert said(agent) is shown


def test_taken_away_it_is_gone(boss, agent):
    boss.post(f"{LIST}add/", typed())
    only = SiteMessage.objects.get()
    boss.post(f"{LIST}{only.pk}/delete/", {"post": "yes"})
    assert not said(agent)


def test_several_taken_away_are_gone(boss, agent):
    boss.post(f"{LIST}add/", typed())
    chosen = [SiteMessage.objects.get().pk]
    boss.post(LIST, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert not said(agent)


def test_it_cannot_end_before_it_begins(boss):
    page = boss.post(f"{LIST}add/", typed(shown_until="2020-01-01T10:00"))
    assert page.status_code == 200
    assert "shown_until" in page.context["adminform"].form.errors
    assert SiteMessage.objects.count() == 0


def test_what_is_written_is_no_markup(boss, agent):
    boss.post(f"{LIST}add/", typed(text="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in agent.get("/demandes/").content.decode()


# --- What is kept for some seconds ----------------------------------------------------------------------------------


def test_a_memo_reads_once_in_ten_seconds(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(memo.time, "monotonic", lambda: clock[0])
    numbers = itertools.count(1)
    kept = Memo(lambda: next(numbers))
    assert (kept(), kept()) == (1, 1)
    clock[0] = 9.9
    assert kept() == 1
    clock[0] = 10.0
    assert kept() == 2
    kept.forget()
    assert kept() == 3


def test_nothing_is_kept_as_nothing():
    answers = iter([[], ["another"]])
    kept: Memo[list[str]] = Memo(lambda: next(answers))
    assert (kept(), kept()) == ([], [])
