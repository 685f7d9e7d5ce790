"""Nobody is told of what they may not see: the statement's rule is that of `visible_to`, over roles and departments."""

import json

import pytest

from gisplatform import sql
from gisplatform.models import Authority, User
from gisplatform.roles import ROLES
from interventions.noticing.kinds import roles_as_rows
from interventions.noticing.models import Notification
from interventions.noticing.services import notify
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from interventions.work import services as work
from interventions.work.models import Intervention
from tests.town import FAR_AWAY, NOW

SIGHT = """
WITH RECURSIVE
{people},
{seen} AS (
    {rows}
)
SELECT person.id AS person, {seen}.id AS row FROM person CROSS JOIN {seen} WHERE {rule}
"""
REQUESTS = """
    SELECT request.*, answering.authority_id AS answers, issuing.authority_id AS issues
    FROM interventions_servicerequest AS request
    LEFT JOIN gisplatform_department AS answering ON answering.id = request.department_id
    LEFT JOIN gisplatform_department AS issuing ON issuing.id = request.issued_by_id
"""
WORK = """
    SELECT work.*, ordering.authority_id AS orders, executing.authority_id AS executes
    FROM interventions_intervention AS work
    JOIN gisplatform_department AS executing ON executing.id = work.executed_by_id
    JOIN gisplatform_department AS ordering ON ordering.id = work.department_id
"""


@pytest.fixture
def everybody(town):
    """Each role in each department, and in none; departments of two authorities, one under another; closed accounts."""
    county = Authority.objects.create(code="county", name="Département")
    town.department("roads", authority=county)
    below = town.department("below")
    below.parent = town.department("cleaning")
    below.save()
    for role in ROLES:
        for code in ("desk", "cleaning", "below", "roads", None):
            town.person(role, username=f"{role}-{code}", department=code)
    both = town.person("agent", username="both", department="cleaning")
    both.groups.add(*town.person("contractor", username="other", department="roads").groups.all())
    User.objects.create_user("nobody", department=below)
    User.objects.create_superuser("root")
    return town


def requests_of(town):
    town.rule("cleaning", zones=("WEST",))
    town.rule("below", zones=("SOUTH",))
    authors = [None, *User.objects.filter(username__in=["agent-desk", "agent-None", "member-roads", "contractor-desk"])]
    made = [town.request(place, author=each) for each in authors for place in ((500, 500), (1500, 500), FAR_AWAY)]
    made.append(town.request(issued_by=town.department("roads")))
    move(
        request_id=made[0].pk, name="redirect", actor=None, now=NOW, reason="Essai", department=town.department("roads")
    )
    return made


def seen(name: str, rows: str) -> set[tuple[int, int]]:
    package = "interventions.noticing"
    statement = SIGHT.format(
        people=sql.load(package, "people.part"), rule=sql.load(package, f"sight_of_{name}.part"), rows=rows, seen=name
    )
    found = sql.rows(statement, {"roles": json.dumps(roles_as_rows())})
    return {(row["person"], row["row"]) for row in found}


def visible(model) -> set[tuple[int, int]]:
    people = User.objects.filter(is_active=True)
    return {(each.pk, pk) for each in people for pk in model.objects.visible_to(each).values_list("pk", flat=True)}


def test_of_requests_it_is_the_same(everybody):
    requests_of(everybody)
    found = seen("request", REQUESTS)
    assert found == visible(ServiceRequest)
    assert 50 < len(found) < User.objects.count() * ServiceRequest.objects.count()


def test_of_interventions_it_is_the_same(everybody):
    requests = requests_of(everybody)
    for number, each in enumerate(requests):
        each.refresh_from_db()
        if each.department is None:
            continue
        move(request_id=each.pk, name="accept", actor=None, now=NOW)
        by = everybody.department(("cleaning", "below", "roads")[number % 3])
        made = work.pour(request_ids=[each.pk], executed_by=by, actor=None, now=NOW)
        Intervention.objects.filter(pk=made.pk).update(validated_at=NOW if number % 2 else None)
    found = seen("work", WORK)
    assert found == visible(Intervention)
    assert len(found) > 20


def test_nobody_is_told_of_what_they_may_not_see(everybody):
    for each in requests_of(everybody):
        notify(event_ids=list(each.events.values_list("pk", flat=True)), now=NOW)
    rows = Notification.objects.select_related("person")
    assert rows
    for row in rows:
        assert row in Notification.objects.visible_to(User.objects.get(pk=row.person_id))


def test_what_has_left_somebody_s_sight_leaves_their_list(everybody):
    everybody.rule("cleaning", zones=("WEST",))
    request = everybody.request()
    notify(event_ids=list(request.events.values_list("pk", flat=True)), now=NOW)
    member = User.objects.get(username="member-cleaning")
    assert Notification.objects.visible_to(member).count() == 1
    to = everybody.department("roads")
    move(request_id=request.pk, name="redirect", actor=None, now=NOW, reason="Essai", department=to)
    assert Notification.objects.visible_to(User.objects.get(pk=member.pk)).count() == 0
