from collections.abc import Callable
from typing import Any

import pytest

from tests.machine import Machine
from tests.town import Town


@pytest.fixture
def machine(town: Town) -> Callable[[str], Machine]:
    """`machine("agent")`: a program that acts as a person of this role, of the department `desk`."""

    def made(role: str, **facts: Any) -> Machine:
        return Machine(town.person(role, **facts))

    return made


@pytest.fixture
def agent(machine: Callable[[str], Machine]) -> Machine:
    return machine("agent")
