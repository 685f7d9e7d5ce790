"""What the page of a version tells of the requests it moves, before it is published and afterwards."""

import datetime

import pytest

from interventions.rerouting import services
from interventions.rerouting.models import Rerouting
from interventions.work.services import accept
from layers.publishing import publish
from tests.interventions.rerouting.conftest import CHANGES_HANDS, STAYS_WEST, draft, finish
from tests.town import NOW

pytestmark = pytest.mark.usefixtures("still_clock")
ADDRESS = "/couches/squares/versions/2/"


@pytest.fixture
def analyst(client, ruled):
    client.user = ruled.person("analyst")
    client.force_login(client.user)
    return client


@pytest.fixture
def requests(ruled):
    made = [ruled.request(place) for place in (CHANGES_HANDS, CHANGES_HANDS, STAYS_WEST)]
    accept(request_id=made[1].pk, executed_by=None, actor=ruled.person("regulator"), now=NOW)
    return made


def words(answer) -> str:
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_the_form_says_what_publishing_will_look_at_again(analyst, ruled, requests):
    draft(ruled)
    assert "les demandes ouvertes (3) sont réexaminées en arrière-plan" in words(analyst.get(ADDRESS))


def test_the_page_follows_the_pass_and_tells_its_result(analyst, ruled, requests):
    draft(ruled)
    analyst.post(f"{ADDRESS}publier/", {"valid_from": "2026-03-02", "reason": ""})
    rerouting = Rerouting.objects.get()
    assert rerouting.ordered_by == analyst.user
    assert "Les demandes ouvertes vont être réexaminées…" in words(analyst.get(ADDRESS))
    progress = f"/couches/reexamens/{rerouting.pk}/?format=json"
    assert analyst.get(progress).json() == {"state": "waiting", "done": 0, "total": 0}
    services.step(rerouting_id=rerouting.pk, now=NOW)
    assert analyst.get(progress).json() == {"state": "working", "done": 0, "total": 3}
    assert "en cours de réexamen…" in words(analyst.get(ADDRESS))
    finish(rerouting)
    assert analyst.get(progress).json()["state"] == "ended"
    page = analyst.get(ADDRESS)
    said = words(page)
    assert "<strong>1</strong> demande a changé de service" in said
    assert "sur 3 examinées" in said
    assert "1 garde son service bien que les zones en désignent un autre" in said
    address = f"/demandes/?rerouted={rerouting.pk}&amp;department=west"
    assert address in page.content.decode()
    listed = analyst.get(address.replace("&amp;", "&")).context["page"].rows
    assert [each.reference for each in listed] == [requests[0].reference]


def test_a_version_of_the_future_says_when(analyst, ruled, requests):
    publish(draft(ruled), valid_from=NOW.date() + datetime.timedelta(days=3), by=None, now=NOW)
    assert "Les demandes ouvertes seront réexaminées le 5 mars 2026." in words(analyst.get(ADDRESS))


def test_all_passes_are_listed_each_with_a_page(analyst, ruled, requests, django_assert_num_queries):
    assert "Aucune demande n’a encore été réexaminée" in words(analyst.get("/couches/reexamens/"))
    publish(draft(ruled), valid_from=NOW.date(), by=analyst.user, now=NOW)
    finish(Rerouting.objects.get())
    finish(services.order(version=None, by=None, now=NOW, day=NOW.date(), queued=False))
    with django_assert_num_queries(6):
        said = words(analyst.get("/couches/reexamens/"))
    assert "Quartiers, v2" in said
    assert "À la demande" in said
    one = words(analyst.get(f"/couches/reexamens/{Rerouting.objects.earliest('pk').pk}/"))
    assert "South" in one
    assert "<strong>1</strong> demande a changé de service" in one


def test_who_sees_no_layers_sees_no_passes(client, ruled):
    client.force_login(ruled.person("contractor"))
    assert client.get("/couches/reexamens/").status_code == 403
