"""What is too old or too much to be told piece by piece is told as one word; who guesses at pages is told to wait."""

import http.client

import psycopg
import pytest

from interventions.informing import guessing
from tests.live.test_stream import WRITE, follow
from tests.live_door import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_comes_back_after_too_long_reads_all_again(lively, served):
    with psycopg.connect(database_url(), autocommit=True) as line:
        now = line.execute("SELECT pg_current_snapshot()::text").fetchone()[0]  # type: ignore[index]
        for _time in range(3):
            lively.request()
    far = f"3:3:~{now}~999999999999999999"
    with follow(served.port, lively.person("manager"), after=far) as page:
        assert page.next().kind in {"reset", "message"}


def test_more_than_can_be_kept_for_a_page_is_told_as_one_word(lively, served):
    request = lively.request()
    with follow(served.port, lively.person("manager")) as page:
        assert page.all() == []
        # Many transactions under way make long positions.
        lines = [psycopg.connect(database_url()) for _number in range(40)]
        for each in lines:
            each.execute("SELECT pg_current_xact_id()")
        with psycopg.connect(database_url()) as line:
            line.execute(
                f"{WRITE} SELECT %s, 'noted', '', now(), '', '', '', false FROM generate_series(1, 900)", [request.pk]
            )
        assert [told.kind for told in page.all(within_s=1)] == ["reset"]
        later = lively.request()
        assert page.next().data["reference"] == later.reference
        for each in lines:
            each.close()


def test_wrong_tokens_count_whether_a_stream_or_a_page_is_asked_for(lively, served):
    def asked(path: str, *, by: str) -> tuple[int, str | None]:
        line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30, source_address=(by, 0))
        line.request("GET", path)
        answer = line.getresponse()
        line.close()
        return answer.status, answer.headers["Retry-After"]

    # Addresses of their own on this machine: what the server remembers of them concerns no other test.
    guesser, neighbour = "127.0.0.21", "127.0.0.22"
    for number in range(guessing.FREE + 1):
        assert asked(f"/suivi/{number:024d}/live/", by=guesser)[0] == 404
    status, wait_s = asked(f"/suivi/{0:024d}/", by=guesser)
    assert (status, 0 < int(wait_s or 0) <= guessing.PERIOD.total_seconds()) == (429, True)
    assert asked(f"/suivi/{0:024d}/", by=neighbour) == (404, None)
    assert asked(f"/suivi/{lively.request().tracking_token}/", by=guesser) == (200, None)
