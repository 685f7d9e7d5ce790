import pytest

from tests.interventions.duplicates.callers import ALI, EVE, ZOE


@pytest.fixture
def first(town):
    town.rule("cleaning")
    return town.request(contact=ZOE)


@pytest.fixture
def second(town, first):
    return town.request(contact=ALI)


@pytest.fixture
def third(town, second):
    return town.request(contact=EVE)
