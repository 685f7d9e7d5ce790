import pytest
from django.db import connection

from gisplatform.models import Department, User
from interventions.events.models import Event
from interventions.noticing.models import Notification
from interventions.noticing.services import notify
from tests import town as model_town
from tests.town import NOW, Town


@pytest.fixture
def told():
    """`told()`: who is told of the events since it was last called, as {username: kind}."""
    seen = [0]

    def tell() -> dict[str, str]:
        ids = list(Event.objects.filter(pk__gt=seen[0]).order_by("pk").values_list("pk", flat=True))
        before = list(Notification.objects.values_list("pk", flat=True))
        notify(event_ids=ids, now=NOW)
        seen[0] = max(ids, default=seen[0])
        new = Notification.objects.exclude(pk__in=before).order_by("pk")
        return dict(new.values_list("person__username", "kind"))

    return tell


def people_of(town: Town) -> dict[str, User]:
    """One person of each role, with addresses; `member` is of the department that answers, `cleaning`."""
    company = town.department("company")
    company.kind, company.parent = Department.Kind.CONTRACTOR, town.department("cleaning")
    company.save()
    of = {"member": "cleaning", "contractor": "company", "analyst": "maps", "manager": "direction"}
    people = {}
    for role in ("agent", "technician", "regulator", "manager", "member", "contractor", "analyst"):
        people[role] = town.person(role, department=of.get(role, "desk"))
    people["elsewhere"] = town.person("member", username="elsewhere", department="parks")
    for person in people.values():
        person.email = f"{person.username}@ville.example"
        person.save()
    return people


@pytest.fixture
def people(town):
    town.rule("cleaning", zones=("WEST", "SOUTH"))
    return people_of(town)


@pytest.fixture
def committed(transactional_db):
    """The town in committed rows, its people, and an empty queue; returns both."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")  # not emptied after a test
    town = model_town.build()
    town.rule("cleaning", zones=("WEST", "SOUTH"))
    return town, people_of(town)
