import pytest

from tests import town_background


@pytest.fixture
def background(db):
    return town_background.build()
