import datetime
import json
from pathlib import Path

import pytest

from gisplatform import moments
from gisplatform.templatetags.platform import ago, day

# The same examples as tests/js/time.test.js: the server and the browser speak alike.
EXAMPLES = json.loads((Path(__file__).parents[1] / "pages/moments.json").read_text(encoding="utf-8"))
NOW = datetime.datetime.fromisoformat(EXAMPLES["now"])


def read(text: str) -> datetime.datetime | datetime.date:
    return datetime.date.fromisoformat(text) if len(text) == 10 else datetime.datetime.fromisoformat(text)


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("moment", "words"), EXAMPLES["moments"])
def test_a_moment_is_said_as_people_say_it(moment, words):
    assert plain(moments.in_words(read(moment), now=NOW)) == words


def test_the_full_date_has_the_year_and_the_time():
    assert plain(moments.in_full(read("2026-03-01T10:00:00+01:00"))) == "dimanche 1er mars 2026 à 10 h"
    assert plain(moments.in_full(read("2026-11-26"))) == "jeudi 26 novembre 2026"


@pytest.mark.parametrize(
    ("moment", "shape", "words"),
    [
        ("2026-03-01T10:00:00+01:00", "l j F", "dimanche 1er mars"),
        ("2026-03-31T23:30:00+00:00", "l j F", "mercredi 1er avril"),  # the day it is in Caen
        ("2026-11-01", "j N Y", "1er nov. 2026"),
        ("2026-11-21", "j N", "21 nov."),
    ],
)
def test_the_first_of_a_month_is_said_as_people_say_it(moment, shape, words):
    assert plain(day(read(moment), shape)) == words


def test_ago_keeps_the_instant_for_machines_and_the_full_date_for_hovering():
    instant = datetime.datetime(2020, 7, 14, 12, 5, tzinfo=datetime.UTC)
    assert plain(ago(instant)) == (
        '<time datetime="2020-07-14T12:05:00+00:00" title="mardi 14 juillet 2020 à 14 h 05">14 juillet 2020</time>'
    )


def test_ago_of_nothing_is_nothing():
    assert ago(None) == ""
