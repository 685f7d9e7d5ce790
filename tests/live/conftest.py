from collections.abc import Iterator

import pytest

from tests.letterbox import a_free_port
from tests.live_door import Door, door
from tests.town import Town


@pytest.fixture(scope="session")
def server(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Door]:
    """One for all tests of these files: pages come and go, it stays."""
    with django_db_blocker.unblock(), door(a_free_port(), tmp_path_factory.mktemp("live") / "server.log") as opened:
        yield opened


@pytest.fixture
def served(server, transactional_db) -> Door:
    return server


@pytest.fixture
def lively(town: Town) -> Town:
    town.rule("cleaning")
    return town
