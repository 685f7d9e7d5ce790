"""Notifications for programs: one's own, page by page, and marked as read."""

import pytest

from interventions.noticing.models import Notification
from interventions.noticing.services import mark_read, notify
from tests.machine import Machine
from tests.town import NOW


@pytest.fixture
def told(town, people):
    """Three requests told to the member."""
    made = [town.request(author=people["agent"]) for _ in range(3)]
    for each in made:
        notify(event_ids=list(each.events.values_list("pk", flat=True)), now=NOW)
    return made


@pytest.fixture
def member(told, people):
    return Machine(people["member"])


def test_they_are_told_with_what_they_are_about(member, told):
    answer = member.get("notifications").json()
    assert [each["request"] for each in answer["notifications"]] == [each.reference for each in reversed(told)]
    first = answer["notifications"][0]
    assert first["kind"] == "received"
    assert first["sentence"] == "Nouvelle demande pour votre service"
    assert (first["unread"], first["read_at"], first["intervention"]) == (True, None, None)


def test_they_are_filtered_and_paged(member, told, django_assert_num_queries):
    mark_read(Notification.objects.filter(request=told[0]), now=NOW)
    assert len(member.get("notifications", {"unread": "true"}).json()["notifications"]) == 2
    assert member.get("notifications", {"kind": "note"}).json()["notifications"] == []
    with django_assert_num_queries(3):  # the token with its roles, the departments in sight, the page
        page = member.get("notifications", {"limit": 2}).json()
    following = next(each["href"] for each in page["links"] if each["rel"] == "next")
    rest = member.client.get(following).json()
    assert [each["request"] for each in rest["notifications"]] == [told[0].reference]
    assert not any(each["rel"] == "next" for each in rest["links"])


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"kind": "nonsense"}, {"unread": "perhaps"}, {"limit": 0}])
def test_what_cannot_be_read_is_refused(member, query):
    assert member.get("notifications", query).status_code == 400


def test_some_or_all_are_marked_as_read(member, told):
    ids = [each["id"] for each in member.get("notifications").json()["notifications"]]
    assert member.post({"ids": ids[:1]}, to="notifications/read").json() == {"unread": 2}
    assert member.post({"ids": ids[:1]}, to="notifications/read").json() == {"unread": 2}
    assert member.post({"ids": []}, to="notifications/read").json() == {"unread": 2}
    assert member.post({}, to="notifications/read").json() == {"unread": 0}
    assert member.post({"ids": ["x"]}, to="notifications/read").status_code == 400


def test_those_of_others_stay_as_they_are(told, people):
    ids = list(Notification.objects.values_list("pk", flat=True))
    answer = Machine(people["agent"]).post({"ids": ids}, to="notifications/read")
    assert answer.json() == {"unread": 0}
    assert Notification.objects.filter(read_at=None).count() == 3
    assert Machine(people["agent"]).get("notifications").json()["notifications"] == []
