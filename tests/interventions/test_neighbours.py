"""What stays closed between neighbours: the city, the agglomeration, departments, companies, of the demo territory."""

from django.contrib.auth.models import Group
from django.urls import reverse

from gisplatform.models import Department, User
from interventions.requests.models import ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from interventions.work.models import Intervention
from tests.interventions.conftest import a_photo


def of_the_city_alone() -> ServiceRequest:
    return ServiceRequest.objects.filter(
        department__authority__code="caen", issued_by__authority__code="caen", author__username="agent"
    ).first()


def test_the_agglomeration_does_not_see_what_is_the_citys_alone(client, person):
    client.force_login(person("dechets"))
    alone = of_the_city_alone()
    reference, photo = alone.reference, a_photo(request=alone).pk
    for name in ("request", "received", "api-request", "api-request-events"):
        assert client.get(reverse(name, args=[reference])).status_code == 404, name
    for name in ("request-photo", "api-photo"):
        assert client.get(reverse(name, args=[reference, photo])).status_code == 404, name
    for name in ("request-note", "api-request-notes"):
        json = {"content_type": "application/json"} if name.startswith("api-") else {}
        assert client.post(reverse(name, args=[reference]), {"text": "?"}, **json).status_code == 404, name
    assert client.get(reverse("requests"), {"q": reference}).context["page"].rows == []
    listed = client.get(reverse("api-requests"), {"q": reference}).json()["features"]
    assert listed == []
    exported = client.get(reverse("requests-export"), {"as": "csv", "crs": 4326})
    assert reference not in b"".join(exported.streaming_content).decode()


def test_a_department_does_not_see_its_neighbours_requests(client, person):
    client.force_login(person("voirie"))
    others: ServiceRequestQuerySet = ServiceRequest.objects.filter(department__code="proprete-urbaine")
    reference = others.exclude(issued_by__code="voirie-caen").first().reference
    assert client.get(reverse("request", args=[reference])).status_code == 404
    assert client.post(reverse("request-move", args=[reference]), {"move": "start"}).status_code == 404


def test_a_company_sees_neither_anothers_work_nor_its_own_before_it_is_validated(client, person):
    waiting = Intervention.objects.awaiting_validation().first()
    validated = Intervention.objects.live().still_asked_for().exclude(validated_at=None).first()
    client.force_login(person("prestataire"))
    assert waiting.reference not in client.get(reverse("contractor")).content.decode()
    assert client.post(reverse("contractor-move", args=[waiting.reference]), {"move": "start"}).status_code == 404
    assert validated.reference in client.get(reverse("contractor")).content.decode()

    other = Department.objects.create(
        code="rival", name="Rival", kind="contractor", authority=validated.executed_by.authority
    )
    rival = User.objects.create_user("rival", department=other)
    rival.groups.add(Group.objects.get(name="contractor"))
    client.force_login(rival)
    photo = a_photo(intervention=validated)
    assert validated.reference not in client.get(reverse("contractor")).content.decode()
    assert client.post(reverse("contractor-move", args=[validated.reference]), {"move": "finish"}).status_code == 404
    assert client.get(reverse("contractor-photo", args=[validated.reference, photo.pk])).status_code == 404
    assert client.get(reverse("api-interventions")).json()["features"] == []
    assert client.get(reverse("api-intervention", args=[validated.reference])).status_code == 404
    moves = reverse("api-intervention-moves", args=[validated.reference])
    assert client.post(moves, {"move": "finish"}, content_type="application/json").status_code == 404
    validated.refresh_from_db()
    assert validated.state != "done"


def test_a_photo_cannot_be_reached_through_anothers_request(client, person):
    mine, theirs = of_the_city_alone(), ServiceRequest.objects.exclude(issued_by__authority__code="caen").first()
    photo = a_photo(request=theirs or ServiceRequest.objects.exclude(pk=mine.pk).first())
    client.force_login(person("agent"))
    assert client.get(reverse("request-photo", args=[mine.reference, photo.pk])).status_code == 404
    assert client.get(reverse("api-photo", args=[mine.reference, photo.pk])).status_code == 404


def test_a_technician_reads_no_requesters_name(client, person):
    client.force_login(person("technicien"))
    asked = ServiceRequest.objects.visible_to(person("technicien")).exclude(requester__name="").first()
    assert asked.requester.name not in client.get(reverse("request", args=[asked.reference])).content.decode()
    assert asked.requester.name not in client.get(reverse("api-request", args=[asked.reference])).content.decode()
