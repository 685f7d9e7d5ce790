from collections.abc import Callable

import pytest

from tests.layers.commands import Told, run


@pytest.fixture
def command(db) -> Callable[..., Told]:
    return run
