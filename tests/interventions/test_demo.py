"""The demo territory says of itself what it is."""

import json

import pytest
from django.conf import settings
from django.contrib.gis.db.models import Union
from django.db.models import Count, OuterRef, Subquery
from procrastinate.contrib.django.models import ProcrastinateJob

from basemaps.models import HouseNumber, Landmark, Street
from gisplatform.models import Department, User
from interventions.events.models import Event
from interventions.glossary.models import Category, Family
from interventions.informing.models import Message
from interventions.requests.lifecycle import State
from interventions.requests.models import Attachment, ServiceRequest
from interventions.routing.decide import decide
from interventions.routing.models import RoutingRule
from layers.models import LayerVersion, Zone
from layers.quality import check_and_note

FIXTURES = settings.BASE_DIR / "fixtures"
REQUESTS = json.loads((FIXTURES / "requests.json").read_text(encoding="utf-8"))
UNANSWERED_OUTSIDE_CAEN = {"occupation-genante", "affichage-sauvage"}


@pytest.fixture
def demo(db, demo_rows):
    demo_rows.put_back()


def test_it_has_the_territory_it_claims(demo):
    zones = dict(Zone.objects.values_list("version__layer__code").annotate(Count("id")))
    assert zones == {"communes": 48, "poles": 4, "quartiers": 24, "proprete": 9, "collecte": 10, "voirie": 16}
    assert Landmark.objects.filter(kind="stop").count() == 60
    assert (Family.objects.count(), Category.objects.count()) == (10, 90)
    assert (Department.objects.count(), Department.objects.filter(kind="pole").count()) == (35, 4)
    assert RoutingRule.objects.count() == 80
    assert User.objects.count() == 9
    assert HouseNumber.objects.count() == 2200
    assert set(Street.objects.values_list("source", "city")) == {("schematic", "Caen")}


def test_every_request_has_reached_the_state_it_was_written_for(demo):
    wanted = {each["description"]: each["wanted_state"] for each in REQUESTS}
    reached = dict(ServiceRequest.objects.values_list("description", "state"))
    assert len(reached) == len(REQUESTS) == 600
    assert reached == wanted
    assert set(reached.values()) == set(State.values)


def test_every_request_lies_in_the_commune_its_address_names(demo):
    communes = Zone.objects.filter(version__layer__code="communes", geom__covers=OuterRef("geom"))
    told = ServiceRequest.objects.annotate(commune=Subquery(communes.values("name")[:1]))
    assert [each.address for each in told if each.address.rsplit(", ", 1)[1] != each.commune] == []


def test_a_duplicate_lies_beside_the_request_it_joins(demo):
    numbers = [number for number, each in enumerate(REQUESTS) if each["wanted_state"] == "duplicate"]
    made = {each.description: each for each in ServiceRequest.objects.all()}
    for number in numbers:
        principal = REQUESTS[number].get("joins", number - 1)
        first, again = (made[REQUESTS[each]["description"]] for each in (principal, number))
        assert again.category_id == first.category_id, again.description
        assert again.geom.distance(first.geom) < 30, again.description
        assert again.duplicate_of_id == first.pk, again.description
    assert max(each.callers for each in ServiceRequest.objects.with_callers()) == 3


def test_its_history_goes_back_eighteen_months_and_is_numbered_as_it_happened(demo, demo_rows):
    received = list(ServiceRequest.objects.order_by("id").values_list("submitted_at", flat=True))
    assert (demo_rows.now - received[0]).days >= 530
    assert received == sorted(received)
    happened = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert happened == sorted(happened)


def test_its_photos_are_drawings_of_ours_kept_as_any_other(demo, demo_rows):
    drawings = {each.name: each for each in (FIXTURES / "photos").iterdir()}
    named = {name for each in REQUESTS for name in each.get("photos", [])}
    named |= {each["result_photo"] for each in REQUESTS if "result_photo" in each}
    assert named == set(drawings)
    assert [name for name, file in drawings.items() if file.stat().st_size > 25_000] == []
    of_requests = Attachment.objects.filter(request__isnull=False)
    assert of_requests.count() == sum(len(each.get("photos", [])) for each in REQUESTS) >= 200
    results = Attachment.objects.filter(intervention__isnull=False)
    assert results.count() == sum("result_photo" in each for each in REQUESTS) >= 20
    assert {(each.width, each.height) for each in Attachment.objects.all()} == {(640, 480)}
    assert all((demo_rows.media / each.file.name).is_file() for each in Attachment.objects.all())


def test_every_category_is_answered_in_every_commune(demo, demo_rows):
    now = demo_rows.now
    places = [
        (category, commune)
        for category in Category.objects.all()
        for commune in Zone.objects.filter(version__layer__code="communes")
    ]
    asked = ServiceRequest.objects.bulk_create(
        ServiceRequest(
            reference=f"place {number}", tracking_token=f"place {number}", category=category, channel="phone",
            geom=commune.geom.point_on_surface, submitted_at=now, updated_at=now,
        )
        for number, (category, commune) in enumerate(places)
    )  # fmt: skip
    answered = {each.request_id: each.department_id for each in decide([each.pk for each in asked], now=now)}
    silent = {
        (category.code, commune.code)
        for request, (category, commune) in zip(asked, places, strict=True)
        if answered[request.pk] is None
    }
    outside = set(Zone.objects.filter(version__layer__code="communes").values_list("code", flat=True)) - {"14118"}
    assert silent == {(category, commune) for category in UNANSWERED_OUTSIDE_CAEN for commune in outside}


@pytest.mark.parametrize("layer", ["communes", "poles", "quartiers", "proprete", "collecte"])
def test_its_coverages_have_no_gap_and_no_overlap(demo, demo_rows, layer):
    version = LayerVersion.objects.get(layer__code=layer)
    assert check_and_note(version, on=demo_rows.now.date(), tolerance_m2=0) == []


def test_quartiers_and_cleaning_sectors_fill_caen(demo):
    caen = Zone.objects.get(version__layer__code="communes", code="14118")
    for layer in ("poles", "quartiers", "proprete"):
        filled = Zone.objects.filter(version__layer__code=layer).aggregate(whole=Union("geom"))["whole"]
        assert filled.sym_difference(caen.geom).area < 1e-3  # m²: what is lost in the sum, not a gap


def test_its_rules_are_of_zones_there_are(demo):
    for rule in RoutingRule.objects.select_related("layer"):
        codes = Zone.objects.filter(version__layer=rule.layer).values_list("code", flat=True)
        assert set(rule.zone_codes) <= set(codes), rule.code


def test_its_past_mails_do_not_go_again(demo):
    reached = ServiceRequest.objects.exclude(requester=None).exclude(requester__email="")
    own = set(Event.objects.filter(public=True, request__in=reached).values_list("id", "request_id"))
    followed = {
        (event.pk, duplicate.pk)
        for duplicate in reached.filter(duplicate_of__isnull=False)
        for event in Event.objects.filter(
            public=True, request=duplicate.duplicate_of_id, id__gt=duplicate.events.get(other__isnull=False).pk
        )
    }
    assert len(followed) > 10
    assert set(Message.objects.filter(sent_at__isnull=False).values_list("event_id", "request_id")) == own | followed
    assert ProcrastinateJob.objects.filter(task_name="interventions.news").count() >= len(own | followed)


def test_nothing_of_it_lies_in_the_future(demo, demo_rows):
    assert not Event.objects.filter(at__gt=demo_rows.now).exists()
