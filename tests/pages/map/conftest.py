"""One page with one map, on the model town."""

import pytest

from tests import town_background
from tests.pages.map.on_map import OPEN, settled
from tests.town import STALL, degrees


@pytest.fixture
def background(live_server):
    return town_background.build()


@pytest.fixture
def open_map(settings, town, page, live_server, client):
    """`open_map("squares")`: the page of one map, signed in, opened and drawn."""
    settings.ROOT_URLCONF = "tests.pages.map.page"
    client.force_login(town.person("agent"))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([session])

    def ready(layers="squares", *, at=STALL, zoom=16, **query):
        page.goto("/carte-seule/?" + "&".join([f"layers={layers}", *query]))
        page.evaluate(OPEN)
        page.evaluate("([center, zoom]) => probe.map.jumpTo({ center, zoom })", [degrees(at), zoom])
        settled(page)
        return page

    return ready
