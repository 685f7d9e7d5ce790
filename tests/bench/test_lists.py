"""A page of the list, among many requests and among few: it must not matter how many there are."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Max, Min
from django.test import Client

from gisplatform.models import Department, User
from interventions.importing.seeding import seed
from interventions.requests import paging
from interventions.requests.models import ServiceRequest
from tests.bench import town_of_500_zones
from tests.bench.conftest import SIZES, best
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
FEW, MANY = 10_000, max(100_000, *SIZES)
DEEP = 7_500  # rows before the deep page
REPEATS = 40  # between few and many lies a minute, in which a machine may have got busier
TOGETHER = 200  # requests that two frequent words stand in, however many each of them does
WORDS = """
    UPDATE interventions_servicerequest
    SET description = description || CASE
        WHEN id <= %(both_to)s THEN ' broken bench' WHEN id %% 2 = 0 THEN ' bench' ELSE ' broken' END
    WHERE id > %(last)s AND (id %% 10 < 2 OR id <= %(both_to)s)
"""


# More than a list counts, however many more there are.
OPEN_IN_D3 = """
    UPDATE interventions_servicerequest
    SET state = 'to_evaluate', closed_at = NULL,
        department_id = (SELECT id FROM gisplatform_department WHERE code = 'd3')
    WHERE id > %(last)s
"""


def client(role: str) -> Client:
    user = User.objects.create_user(role, department=Department.objects.get(code="d1"))
    user.groups.set([Group.objects.get_or_create(name=role)[0]])
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def seeded(count: int, *, seed_number: int, together: int, open_in_d3: bool) -> None:
    """One in ten speaks of a bench and one in ten of something broken, the first `together` of both."""
    last = ServiceRequest.objects.aggregate(last=Max("pk", default=0))["last"]
    seed(count=count, seed=seed_number, now=NOW)
    first = ServiceRequest.objects.filter(pk__gt=last).aggregate(first=Min("pk"))["first"]
    with connection.cursor() as cursor:
        cursor.execute(WORDS, {"last": last, "both_to": first + together - 1})
        if open_in_d3:
            cursor.execute(OPEN_IN_D3, {"last": last})
        cursor.execute("VACUUM ANALYZE interventions_servicerequest")


def test_a_page_of_the_list(ledger):
    town_of_500_zones.build()
    seeded(FEW, seed_number=1, together=TOGETHER, open_in_d3=True)
    agent, manager = client("agent"), client("manager")
    reference = ServiceRequest.objects.order_by("pk").values_list("reference", flat=True)[0]
    pages = {
        "first page of the list, for an agent": (agent, "", ""),
        "page after 7,500 requests, for a manager": (manager, "deep", ""),
        "what one department has open, for an agent": (agent, "", "state=open&department=d3"),
        # As many are found, however many there are to look among: two hundred, and one.
        "search for two frequent words, for a manager": (manager, "", "q=broken+bench"),
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
    seeded(MANY - FEW, seed_number=2, together=0, open_in_d3=False)
    assert ServiceRequest.objects.count() == MANY
    for name, value in seconds().items():
        # All requests that bear one of the two words are read through, however few bear both.
        bar = 3 if "two frequent words" in name else 1.5
        ledger.add(
            f"{name}: among {MANY:,}", value=value, bar=bar, limit_name=f"the same among {FEW:,}",
            limit_value=few[name],
        )  # fmt: skip
