"""What is told goes by the rule of the lists: what the database finds visible, and only that."""

import itertools

import pytest

from gisplatform.roles import ROLES
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest
from interventions.requests.sight import Sight
from interventions.work import services as work
from interventions.work.models import Intervention
from interventions.work.sight import WorkSight
from tests.town import NOW, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def peopled(town: Town) -> Town:
    """Three departments, one under another, of two authorities; somebody of each role in each, and in none."""
    neighbour = type(town.authority).objects.create(code="neighbour", name="Neighbour")
    town.department("cleaning").parent = town.department("desk")
    town.departments["cleaning"].save()
    town.department("elsewhere", authority=neighbour)
    for role, where in itertools.product(ROLES, ("desk", "cleaning", "elsewhere", None)):
        town.person(role, department=where, username=f"{role}-{where}")
    return town


def people(town: Town):
    user = type(town.person("agent", username="one-more"))
    return list(user.objects.all())


def test_every_person_is_told_of_the_same_rows_as_they_are_shown(peopled):
    users = people(peopled)
    departments = [None, *peopled.departments.values()]
    states = itertools.cycle((State.TO_SORT, State.TO_EVALUATE, State.CLOSED, State.TO_SORT))
    for (answers, issues), state in zip(itertools.product(departments, repeat=2), states, strict=False):
        made = peopled.request()
        author = users[made.pk % len(users)]
        facts = {"department": answers, "issued_by": issues, "author": author, "state": state}
        ServiceRequest.objects.filter(pk=made.pk).update(**facts)
    rows = list(ServiceRequest.objects.all())
    for user in users:
        shown = set(ServiceRequest.objects.visible_to(user).values_list("pk", flat=True))
        assert {row.pk for row in rows if Sight.of(user).holds(row)} == shown, user.username


def test_an_intervention_is_told_to_those_who_see_it(peopled):
    peopled.rule("cleaning")
    boss = peopled.person("manager", username="boss")
    for ordered, executed in itertools.product(peopled.departments.values(), repeat=2):
        order = work.accept(request_id=peopled.request().pk, executed_by=executed, actor=boss, now=NOW)
        Intervention.objects.filter(pk=order.pk).update(
            department=ordered, validated_at=NOW if ordered.pk % 2 else None
        )
    rows = list(Intervention.objects.all())
    for user in people(peopled):
        shown = set(Intervention.objects.visible_to(user).values_list("pk", flat=True))
        told = {
            row.pk
            for row in rows
            if WorkSight.of(user).holds(
                department_id=row.department_id,
                executed_by_id=row.executed_by_id,
                validated=row.validated_at is not None,
            )
        }
        assert told == shown, user.username
