import uuid
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from gisplatform.models import User
from interventions.requests.models import Attachment, ServiceRequest
from interventions.requests.services import Contact
from tests.machine import Machine
from tests.town import STALL, Town
from tests.town_at_work import copies

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org", phone="02 31 00 00 01")


@pytest.fixture
def machine(town: Town) -> Callable[[str], Machine]:
    """`machine("agent")`: a program that acts as a person of this role, of the department `desk`."""

    def made(role: str, **facts: Any) -> Machine:
        return Machine(town.person(role, **facts))

    return made


@pytest.fixture
def agent(machine: Callable[[str], Machine]) -> Machine:
    return machine("agent")


@pytest.fixture
def signed_in(client, town):
    """`signed_in(role)`: a client of that person, who is its `user`."""

    def sign_in(role: str = "regulator", **facts):
        client.user = town.person(role, **facts)
        client.force_login(client.user)
        return client

    return sign_in


@pytest.fixture
def many(town):
    """`many(n)`: requests of one department, a minute apart, the last one the latest: one logged, the others copied."""
    town.rule("cleaning")

    def make(count: int) -> list[ServiceRequest]:
        first = town.request(contact=ZOE)
        return [first, *copies(first, count - 1)]

    return make


@pytest.fixture
def request_here(town):
    town.rule("cleaning", layer="market", priority=50)
    town.rule("parks", zones=("SOUTH",))
    return town.request(STALL, contact=ZOE, description="Un tag.\nRouge.", address="3 rue Écuyère, Caen")


def url(request: ServiceRequest, *more: str) -> str:
    """The address of a request's page, or of something under it."""
    return "/".join(["/demandes", request.reference, *more]) + "/"


@pytest.fixture
def person(demo, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (4, 3)).save(tmp_path / "photos/some.jpg")
    return lambda name: User.objects.get(username=name)


def a_photo(**of) -> Attachment:
    return Attachment.objects.create(key=uuid.uuid4(), digest="0" * 64, file="photos/some.jpg", width=4, height=3, **of)
