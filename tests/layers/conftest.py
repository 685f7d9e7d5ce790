from collections.abc import Callable

import pytest

from tests.layers.commands import Told, run
from tests.layers.files import box, feature, geojson


@pytest.fixture
def command(db) -> Callable[..., Told]:
    return run


@pytest.fixture
def analyst(client, town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    client.user = town.person("analyst")
    client.force_login(client.user)
    return client


@pytest.fixture
def sectors(tmp_path):
    return geojson(
        tmp_path / "secteurs.geojson",
        feature(box(8000, 8000, 9500, 9500), code="a", nom="Alpha"),
        feature(box(9500, 8000, 11_000, 9500), code="b", nom="Bêta"),
    )
