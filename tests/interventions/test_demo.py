"""The demo territory says of itself what it is."""

import json

import pytest
from django.conf import settings
from django.db.models import Count
from procrastinate.contrib.django.models import ProcrastinateJob

from basemaps.models import Landmark
from gisplatform.models import Department, User
from interventions.demo import Demo
from interventions.events.models import Event
from interventions.glossary.models import Category
from interventions.informing.models import Message
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest
from interventions.routing.decide import preview
from layers.models import Zone
from tests.town import NOW

FIXTURES = settings.BASE_DIR / "fixtures"
UNANSWERED_OUTSIDE_CAEN = {"occupation-genante", "affichage-sauvage"}


@pytest.fixture
def demo(db):
    Demo(FIXTURES, now=NOW, say=lambda _line: None).load()


def test_it_has_the_territory_it_claims(demo):
    zones = dict(Zone.objects.values_list("version__layer__code").annotate(Count("id")))
    assert (zones["communes"], zones["poles"]) == (48, 4)
    assert Landmark.objects.filter(kind="stop").count() == 60
    assert Category.objects.count() == 30
    assert Department.objects.filter(kind="pole").count() == 4
    assert User.objects.count() == 9


def test_every_request_has_reached_the_state_it_was_written_for(demo):
    wanted = {
        each["description"]: each["wanted_state"] for each in json.loads((FIXTURES / "requests.json").read_text())
    }
    reached = dict(ServiceRequest.objects.values_list("description", "state"))
    assert len(reached) == 60
    assert reached == wanted
    assert set(reached.values()) == set(State.values)


def test_every_category_is_answered_in_every_commune(demo):
    silent = {
        category.code
        for category in Category.objects.all()
        for zone in Zone.objects.filter(version__layer__code="communes").exclude(code="14118")
        if preview(category=category, geom=zone.geom.point_on_surface, now=NOW).department_id is None
    }
    assert silent == UNANSWERED_OUTSIDE_CAEN
    caen = Zone.objects.get(version__layer__code="communes", code="14118").geom.point_on_surface
    assert all(preview(category=each, geom=caen, now=NOW).department_id for each in Category.objects.all())


def test_its_past_mails_do_not_go_again(demo):
    public = Event.objects.filter(public=True).exclude(request__requester=None).exclude(request__requester__email="")
    assert public.count() > 0
    assert Message.objects.filter(sent_at__isnull=False).count() == public.count()
    assert ProcrastinateJob.objects.filter(task_name="interventions.news").count() >= public.count()


def test_nothing_of_it_lies_in_the_future(demo):
    assert not Event.objects.filter(at__gt=NOW).exists()
