"""A page a browser opens says where its news begin, by one query taken before it reads anything."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gisplatform.live.position import Position

OPENED = {"Sec-Fetch-Dest": "document"}


@pytest.fixture
def cost(town, client, settings):
    """`cost("/demandes/", OPENED)`: the answer, and the statements it took."""
    settings.LIVE = True
    client.force_login(town.person("manager"))

    def asked(address: str, headers: dict[str, str]) -> tuple[str, list[str]]:
        client.get(address, headers=headers)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address, headers=headers)
        return answer.content.decode(), [each["sql"] for each in captured]

    return asked


def test_it_costs_one_query_before_those_of_the_page(cost):
    _page, without = cost("/demandes/", {"Sec-Fetch-Dest": "empty"})
    page, queries = cost("/demandes/", OPENED)
    assert len(queries) == len(without) + 1
    place = next(at for at, each in enumerate(queries) if "pg_current_snapshot" in each)
    assert not any("interventions_" in each for each in queries[:place])
    (written,) = re.findall(r'data-live-after="([^"]*)"', page)
    assert Position.read(written) is not None


def test_a_part_of_a_page_and_a_browser_that_does_not_say_cost_none(cost):
    for headers in ({"Sec-Fetch-Dest": "empty"}, {}):
        page, queries = cost("/demandes/", headers)
        assert not any("pg_current_snapshot" in each for each in queries)
        assert 'data-live-after=""' in page


def test_a_tracking_page_has_its_own(town, client, settings):
    settings.LIVE = True
    page = client.get(f"/suivi/{town.request().tracking_token}/", headers=OPENED).content.decode()
    (written,) = re.findall(r'data-live-after="([^"]*)"', page)
    assert Position.read(written) is not None
