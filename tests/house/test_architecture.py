"""The page that shows newcomers the way of a request names real files, each once."""

import re

from tests.house.sources import ROOT

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
FILES = re.compile(r"`((?:gisplatform|basemaps|layers|interventions|tests)/[\w./-]+)`")


def test_every_file_it_names_exists():
    assert [name for name in FILES.findall(PAGE) if not (ROOT / name).exists()] == []


def test_the_way_of_a_request_names_each_file_once():
    way = PAGE.partition("## The way of one request")[2].partition("\n## ")[0]
    named = FILES.findall(way)
    assert len(named) > 20
    assert sorted(named) == sorted(set(named))
