"""The tracking page as somebody meets it who should not: guessed at, indexed, read in a log."""

import datetime
import io
import logging
import re

import pytest
from django.core.cache import cache

from gisplatform import clients
from gisplatform.logs import LineFormatter
from interventions.informing import guessing, views
from interventions.informing.models import WrongTokens
from interventions.informing.tasks import forget_wrong_tokens
from tests.town import FOUNTAIN, NOW

OTHER = "203.0.113.7"


@pytest.fixture
def request_here(town, still_clock):
    town.rule("cleaning")
    return town.request(FOUNTAIN)


def wrong(client, number: int, **facts):
    return client.get(f"/suivi/{number:024d}/", **facts)


# Guessed


def test_a_token_has_144_random_bits_and_no_two_are_alike(request_here, town):
    tokens = {request_here.tracking_token, *(town.request().tracking_token for _more in range(20))}
    assert len(tokens) == 21
    assert {len(token) for token in tokens} == {24}


def test_ten_thousand_wrong_tokens_cost_little_and_are_told_to_wait(
    client, rf, request_here, django_assert_num_queries, caplog
):
    caplog.set_level(logging.CRITICAL, logger="django.request")
    statuses = [wrong(client, number).status_code for number in range(guessing.FREE)]
    assert set(statuses) == {404}
    first = wrong(client, guessing.FREE)
    assert (first.status_code, first.headers["Retry-After"]) == (429, "600")
    assert "Attendez dix minutes" in first.content.decode()
    # What is left of the cost: one look at an index, nothing for what cannot be a token; never a write.
    with django_assert_num_queries(1) as asked:
        assert wrong(client, 1).status_code == 429
    assert asked[0]["sql"].startswith("SELECT")
    with django_assert_num_queries(0):
        assert client.get(f"/suivi/{'a' * 41}/").status_code == 429
    statuses = [views.track(rf.get("/"), token=f"{number:024d}").status_code for number in range(10_000)]
    assert set(statuses) == {429}
    assert WrongTokens.objects.get().count == guessing.FREE + 1
    # A neighbour behind the same address is let in.
    assert client.get(f"/suivi/{request_here.tracking_token}/").status_code == 200
    told = [record for record in caplog.records if record.name == guessing.__name__]
    assert len(told) <= 1


def test_all_processes_add_to_one_count(client, request_here):
    for number in range(guessing.FREE + 1):
        wrong(client, number)
    cache.clear()  # what another process keeps to itself
    assert wrong(client, 99).status_code == 429


def test_after_the_period_one_begins_anew(client, request_here, monkeypatch):
    for number in range(guessing.FREE + 1):
        wrong(client, number)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + guessing.PERIOD + datetime.timedelta(seconds=1))
    assert wrong(client, 1).status_code == 404


def test_others_are_not_held_back(client, request_here):
    for number in range(guessing.FREE + 1):
        wrong(client, number)
    assert wrong(client, 1, REMOTE_ADDR=OTHER).status_code == 404


def test_wrong_addresses_of_photos_count_too(client, request_here):
    for number in range(guessing.FREE + 1):
        status = client.get(f"/suivi/{number:024d}/photos/1/").status_code
    assert status == 429


@pytest.mark.parametrize(
    ("behind", "remote", "forwarded", "known"),
    [
        (False, "198.51.100.1", "203.0.113.9", "198.51.100.1"),
        (True, "172.18.0.2", "198.51.100.66, 203.0.113.9", "203.0.113.9"),
        (True, "172.18.0.2", "", "172.18.0.2"),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (False, "::ffff:203.0.113.9", "", "203.0.113.9"),
        (True, "172.18.0.2", "nobody", ""),
        (False, "", "", ""),
    ],
)
def test_who_calls_is_known_by_what_our_own_proxy_says(rf, settings, behind, remote, forwarded, known):
    settings.BEHIND_PROXY = behind
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert clients.address(request) == known


def test_what_is_kept_of_a_client_does_not_give_their_address_back(client, request_here):
    wrong(client, 1, REMOTE_ADDR=OTHER)
    kept = WrongTokens.objects.get().client
    assert re.fullmatch(r"[0-9a-f]{64}", kept)


def test_counts_are_forgotten_after_a_day(db, still_clock):
    WrongTokens.objects.create(client="a", begun_at=NOW - datetime.timedelta(hours=25))
    WrongTokens.objects.create(client="b", begun_at=NOW - datetime.timedelta(hours=23))
    forget_wrong_tokens(timestamp=0)
    assert list(WrongTokens.objects.values_list("client", flat=True)) == ["b"]


# Indexed, logged


def test_no_search_engine_is_let_in(client):
    robots = client.get("/robots.txt")
    assert robots.headers["Content-Type"].startswith("text/plain")
    assert robots.content.decode() == "User-agent: *\nDisallow: /\n"


def test_every_answer_under_a_token_keeps_it_to_itself(client, request_here):
    address = f"/suivi/{request_here.tracking_token}/"
    for answer in (
        client.get(address),
        client.post(address, {"say": "precision", "key": "?", "text": ""}),
        client.post(address, {"say": "?"}),
        wrong(client, 1),
        client.get("/suivi/inconnu/photos/1/"),
    ):
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]
        assert not answer.cookies


def test_no_token_reaches_the_log(client, request_here):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter())
    logging.getLogger().addHandler(handler)
    try:
        client.post(f"/suivi/{request_here.tracking_token}/", {"say": "?"})
        client.get(f"/suivi/{request_here.tracking_token}/photos/99/")
        client.get(f"/suivi/{request_here.tracking_token}x/")
    finally:
        logging.getLogger().removeHandler(handler)
    assert written.getvalue().count("/suivi/…/") == 3
    assert request_here.tracking_token not in written.getvalue()
