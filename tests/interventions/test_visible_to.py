"""Which requests each role sees: what belongs to others stays with them."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from gisplatform.models import Authority, User
from gisplatform.roles import ROLES
from interventions.requests.models import ServiceRequest
from tests.town import FAR_AWAY, Town


@pytest.fixture
def cases(town) -> dict[str, ServiceRequest]:
    """A request of each kind of belonging, logged by nobody in particular unless its name says so."""
    county = Authority.objects.create(code="county", name="Département modèle")
    cleaning = town.department("cleaning")
    west = town.department("cleaning-west")
    west.parent = cleaning
    west.save()
    roads = town.department("roads", authority=county)
    for square, department in {"WEST": "cleaning-west", "NORTH": "parks", "SOUTH": "roads"}.items():
        town.rule(department, zones=(square,))
    return {
        "cleaning-west": town.request((500, 500)),
        "parks": town.request((1500, 1500)),
        "roads": town.request((1500, 500)),
        "roads, issued by parks": town.request((1500, 500), issued_by=town.department("parks")),
        "parks, issued by roads": town.request((1500, 1500), issued_by=roads),
        "to sort": town.request(FAR_AWAY),
        "to sort, issued by roads": town.request(FAR_AWAY, issued_by=roads),
        "to sort, issued by parks": town.request(FAR_AWAY, issued_by=town.department("parks")),
    }


def seen_by(user: User | AnonymousUser, cases: dict[str, ServiceRequest]) -> set[str]:
    visible = set(ServiceRequest.objects.visible_to(user).values_list("pk", flat=True))
    return {name for name, request in cases.items() if request.pk in visible}


OF_THE_TOWN = {"cleaning-west", "parks", "roads, issued by parks", "parks, issued by roads", "to sort, issued by parks"}
TO_SORT = {"to sort", "to sort, issued by roads", "to sort, issued by parks"}
EVERYTHING = OF_THE_TOWN | TO_SORT | {"roads"}


@pytest.mark.parametrize(
    ("role", "department", "expected"),
    [
        ("agent", "desk", OF_THE_TOWN),
        ("technician", "desk", OF_THE_TOWN),
        ("analyst", "desk", EVERYTHING),
        ("regulator", "desk", OF_THE_TOWN | TO_SORT),
        ("manager", "desk", OF_THE_TOWN | TO_SORT),
        ("member", "cleaning-west", {"cleaning-west"}),
        ("member", "cleaning", {"cleaning-west"}),
        (
            "member", "parks",
            {"parks", "roads, issued by parks", "parks, issued by roads", "to sort, issued by parks"},
        ),
        ("member", "desk", set()),
        ("contractor", "parks", set()),
    ],
)  # fmt: skip
def test_each_role_sees_its_own_share(town: Town, cases, role, department, expected):
    assert seen_by(town.person(role, department=department), cases) == expected


def test_every_role_is_in_the_table_above():
    assert set(ROLES) == {"agent", "technician", "analyst", "regulator", "manager", "member", "contractor"}


@pytest.mark.parametrize("role", ["agent", "technician", "member"])
def test_another_authority_sees_what_it_answers_or_issued_and_nothing_else(town, cases, role):
    assert seen_by(town.person(role, department="roads"), cases) == {
        "roads",
        "roads, issued by parks",
        "parks, issued by roads",
        "to sort, issued by roads",
    }


def test_the_regulator_of_another_authority_sees_what_nobody_answers_but_not_the_towns_own(town, cases):
    seen = seen_by(town.person("regulator", department="roads"), cases)
    assert seen >= TO_SORT
    assert not seen & {"cleaning-west", "parks"}


def test_who_logged_a_request_sees_it_wherever_it_went(town, cases):
    member = town.person("member", department="cleaning")
    elsewhere = town.request((1500, 500), author=member, issued_by=town.department("parks"))
    assert elsewhere in ServiceRequest.objects.visible_to(member)


def test_a_person_without_department_sees_only_what_they_logged(town, cases):
    agent = town.person("agent", department=None)
    own = town.request(FAR_AWAY, author=agent)
    assert list(ServiceRequest.objects.visible_to(agent)) == [own]


def test_the_widest_role_counts(town, cases):
    both = town.person("member", department="cleaning")
    both.groups.add(Group.objects.get(name="agent"))
    assert seen_by(User.objects.get(pk=both.pk), cases) == OF_THE_TOWN


def test_a_role_without_the_permission_sees_nothing_even_of_what_it_logged(town, cases):
    contractor = town.person("contractor", department="parks")
    town.request(author=contractor)
    assert not ServiceRequest.objects.visible_to(contractor).exists()


def test_a_superuser_sees_everything(town, cases):
    assert seen_by(User.objects.create_superuser("root"), cases) == set(cases)


def test_a_person_who_left_and_a_stranger_see_nothing(town, cases):
    left = town.person("manager")
    left.is_active = False
    assert seen_by(left, cases) == set()
    assert seen_by(AnonymousUser(), cases) == set()
