"""A page of the list, among many requests and among few: it must not matter how many there are."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from gisplatform.models import Department, User
from interventions.importing.seeding import seed
from interventions.requests import paging
from interventions.requests.models import ServiceRequest
from tests.bench import town_of_500_zones
from tests.bench.conftest import SIZES, best
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
FEW, MANY = 10_000, max(SIZES)
DEEP = 7_500  # rows before the deep page
REPEATS = 15


def client(role: str) -> Client:
    user = User.objects.create_user(role, department=Department.objects.get(code="d1"))
    user.groups.set([Group.objects.get_or_create(name=role)[0]])
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def seeded(count: int, *, seed_number: int) -> None:
    seed(count=count, seed=seed_number, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE interventions_servicerequest")


def test_a_page_of_the_list(ledger):
    town_of_500_zones.build()
    seeded(FEW, seed_number=1)
    agent, manager = client("agent"), client("manager")
    reference = ServiceRequest.objects.order_by("pk").values_list("reference", flat=True)[0]
    pages = {
        "first page of the list, for an agent": (agent, "", ""),
        "page after 7,500 requests, for a manager": (manager, "deep", ""),
        "what one department has open, for an agent": (agent, "", "state=open&department=d3"),
        # As many rows come, however many there are to look among: fifty, and one.
        "search for two frequent words, for a manager": (manager, "", "q=category+7"),
        "search for a reference, for a manager": (manager, "", f"q={reference}"),
    }

    def seconds() -> dict[str, float]:
        deep = paging.page(ServiceRequest.objects.all(), size=DEEP).after
        found = {}
        for name, (asking, where, query) in pages.items():
            address = f"/demandes/?{query}" + (f"&cursor={deep}" if where else "")
            assert asking.get(address).context["page"].rows
            found[name] = best(lambda asking=asking, address=address: asking.get(address), repeats=REPEATS)
        return found

    few = seconds()
    seeded(MANY - FEW, seed_number=2)
    assert ServiceRequest.objects.count() == MANY
    for name, value in seconds().items():
        ledger.add(
            f"{name}: among {MANY:,}", value=value, bar=1.5, limit_name=f"the same among {FEW:,}",
            limit_value=few[name],
        )  # fmt: skip
