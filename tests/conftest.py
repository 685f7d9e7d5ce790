import pytest

from tests import town as model_town


@pytest.fixture
def town(db) -> model_town.Town:
    return model_town.build()
