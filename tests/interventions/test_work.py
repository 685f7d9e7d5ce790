"""From the evaluation to the company's list: who sees what when, and what each step does to the requests."""

import datetime

import pytest

from gisplatform.errors import MoveRefused
from gisplatform.models import Department
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move as move_request
from interventions.work import services
from interventions.work.lifecycle import State
from interventions.work.models import Intervention
from tests.town import BORDER, FOUNTAIN, NOW

LATER = NOW + datetime.timedelta(hours=2)


@pytest.fixture
def company(town) -> Department:
    return Department.objects.create(code="erasers", name="Erasers", kind="contractor", authority=town.authority)


@pytest.fixture
def people(town, company):
    town.rule("cleaning")
    town.departments["erasers"] = company
    return {
        "regulator": town.person("regulator"),
        "manager": town.person("manager"),
        "contractor": town.person("contractor", department="erasers"),
    }


def accepted(town, people, company=None, place=FOUNTAIN) -> Intervention:
    request = town.request(place)
    return services.accept(request_id=request.pk, executed_by=company, actor=people["regulator"], now=NOW)


def seen_by(user) -> list[int]:
    return list(Intervention.objects.visible_to(user).values_list("pk", flat=True))


def moved(intervention, name, actor, **more) -> Intervention:
    return services.move(intervention_id=intervention.pk, name=name, actor=actor, now=LATER, **more)


def test_what_the_department_does_itself_awaits_nobody(town, people):
    made = accepted(town, people)
    assert (made.state, made.executed_by.code, made.department.code) == (State.TO_DO, "cleaning", "cleaning")
    assert made.requests.get().state == "accepted"
    assert made.geom.equals(made.requests.get().geom)
    assert made.due_at == made.requests.get().due_at


def test_a_company_sees_its_work_once_a_manager_validated_it(town, people, company):
    made = accepted(town, people, company)
    assert made.state == State.TO_VALIDATE
    assert seen_by(people["contractor"]) == []
    assert seen_by(people["manager"]) == [made.pk]
    moved(made, "validate", people["manager"])
    assert seen_by(people["contractor"]) == [made.pk]
    assert made.requests.get().state == "planned"


def test_another_company_sees_nothing_of_it(town, people, company):
    town.departments["rivals"] = Department.objects.create(
        code="rivals", name="Rivals", kind="contractor", authority=town.authority
    )
    rival = town.person("contractor", department="rivals", username="rival")
    moved(accepted(town, people, company), "validate", people["manager"])
    assert seen_by(rival) == []


def test_what_the_company_records_is_the_requests_news(town, people, company):
    made = accepted(town, people, company)
    moved(made, "validate", people["manager"])
    moved(made, "start", people["contractor"])
    moved(made, "finish", people["contractor"], text="Mur nettoyé.")
    request = made.requests.get()
    assert request.state == "done"
    told = request.events.filter(public=True, kind="moved").order_by("id").values_list("move", "text")
    assert list(told) == [("accept", ""), ("plan", ""), ("start", ""), ("finish", "Mur nettoyé.")]
    assert Intervention.objects.get().report == "Mur nettoyé."


def test_work_waiting_for_a_manager_cannot_be_begun(town, people, company):
    with pytest.raises(MoveRefused):
        moved(accepted(town, people, company), "start", people["contractor"])


def test_nobody_answering_nothing_is_accepted(town, people):
    request = town.request(category=town.categories["bins"])
    with pytest.raises(MoveRefused, match="transférez"):
        services.accept(request_id=request.pk, executed_by=None, actor=people["regulator"], now=NOW)
    assert ServiceRequest.objects.get(pk=request.pk).state == "to_sort"


def test_a_request_accepted_twice_is_refused_and_orders_once(town, people):
    made = accepted(town, people)
    with pytest.raises(MoveRefused):
        services.accept(request_id=made.requests.get().pk, executed_by=None, actor=people["regulator"], now=LATER)
    assert Intervention.objects.count() == 1


def test_a_redirected_request_takes_its_work_off_the_companys_list(town, people, company):
    made = accepted(town, people, company)
    moved(made, "validate", people["manager"])
    request = made.requests.get()
    move_request(
        request_id=request.pk, name="redirect", actor=people["regulator"], now=LATER, reason="Privé",
        department=town.department("parks"),
    )  # fmt: skip
    assert not Intervention.objects.visible_to(people["contractor"]).live().still_asked_for().exists()
    again = services.accept(request_id=request.pk, executed_by=None, actor=people["regulator"], now=LATER)
    made.refresh_from_db()
    assert (made.state, again.department.code) == (State.CANCELLED, "parks")


def test_one_intervention_serves_several_requests(town, people):
    two = [town.request(FOUNTAIN), town.request(BORDER)]
    for each in two:
        move_request(request_id=each.pk, name="accept", actor=people["regulator"], now=NOW)
    made = services.pour(request_ids=[each.pk for each in two], executed_by=None, actor=people["regulator"], now=NOW)
    moved(made, "finish", people["regulator"])
    assert set(made.requests.values_list("state", flat=True)) == {"done"}
    assert made.geom.num_geom == 2


def test_work_taken_back_needs_its_reason(town, people, company):
    made = accepted(town, people, company)
    with pytest.raises(MoveRefused):
        moved(made, "cancel", people["regulator"])
    moved(made, "cancel", people["regulator"], text="Fait par un autre.")
    assert not Intervention.objects.live().exists()


@pytest.mark.parametrize("count", [2, 12])
def test_the_list_counts_its_queries(town, people, company, client, django_assert_max_num_queries, count):
    for _ in range(count):
        moved(accepted(town, people, company), "validate", people["manager"])
    client.force_login(people["contractor"])
    with django_assert_max_num_queries(12):
        page = client.get("/prestataire/")
    assert page.content.count(b'<article class="card') == count
    assert page.content.count(b'href="geo:49.') == count  # a point of the model town, in degrees with points


def test_a_company_cannot_take_the_staffs_door(town, people, company, client):
    made = accepted(town, people, company)
    moved(made, "validate", people["manager"])
    client.force_login(people["contractor"])
    assert client.get("/interventions/").status_code == 403
    assert client.post(f"/interventions/{made.reference}/moves/", {"move": "finish"}).status_code == 403
    assert client.post(f"/prestataire/{made.reference}/moves/", {"move": "cancel", "text": "x"}).status_code == 403
    assert client.get("/demandes/").status_code == 403


def test_a_refused_photo_keeps_what_was_typed(town, people, company, client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    made = accepted(town, people, company)
    moved(made, "validate", people["manager"])
    client.force_login(people["contractor"])
    page = client.post(
        f"/prestataire/{made.reference}/moves/",
        {
            "move": "finish",
            "text": "Mur nettoyé.",
            "key": "0b0b0b0b-0000-4000-8000-000000000001",
            "photos": SimpleUploadedFile("wall.jpg", b"no photo", "image/jpeg"),
        },
    )
    assert page.status_code == 422
    assert "Mur nettoyé." in page.content.decode()
    assert Intervention.objects.get().state == State.TO_DO


# --- The evaluation queue -----------------------------------------------------------------------------------------


def test_the_queue_shows_the_one_due_first_and_passes_to_the_next(town, people, client):
    town.categories["bins"].delay_days = 1
    town.categories["bins"].save()
    first, urgent = town.request(), town.request(category=town.categories["bins"])
    client.force_login(people["regulator"])
    page = client.get("/regulation/")
    assert page.context["current"] == urgent
    assert page.context["following"] == first


def test_an_accepted_request_leaves_the_queue(town, people, company, client):
    request = town.request()
    client.force_login(people["regulator"])
    answer = client.post(f"/regulation/{request.reference}/", {"move": "accept", "executed_by": "erasers"})
    assert answer["Location"] == "/regulation/"
    assert Intervention.objects.get().executed_by == company
    assert "Tout est évalué" in client.get("/regulation/").content.decode()


def test_a_redirection_without_its_reason_is_refused_in_place(town, people, client):
    town.department("parks")
    request = town.request()
    client.force_login(people["regulator"])
    page = client.post(f"/regulation/{request.reference}/", {"move": "redirect", "department": "parks"})
    assert page.status_code == 409
    assert "motif" in page.content.decode()
    assert ServiceRequest.objects.get().department.code == "cleaning"


def test_a_company_of_another_authority_cannot_be_ordered(town, people, client):
    other = type(town.authority).objects.create(code="county", name="Comté")
    Department.objects.create(code="far", name="Far", kind="contractor", authority=other)
    request = town.request()
    client.force_login(people["regulator"])
    page = client.post(f"/regulation/{request.reference}/", {"move": "accept", "executed_by": "far"})
    assert page.status_code == 409
    assert ServiceRequest.objects.get().state == "to_evaluate"


def test_a_refused_request_says_why(town, people, client):
    request = town.request()
    client.force_login(people["regulator"])
    client.post(f"/regulation/{request.reference}/", {"move": "refuse", "reason": "Fresque autorisée."})
    assert ServiceRequest.objects.get().state == "refused"
    assert request.events.filter(move="refuse", text="Fresque autorisée.", public=True).exists()


@pytest.mark.parametrize("count", [2, 20])
def test_the_queue_counts_its_queries(town, people, client, django_assert_max_num_queries, count):
    for number in range(count):
        town.request((100, 60 * number))
    client.force_login(people["regulator"])
    with django_assert_max_num_queries(20):
        client.get("/regulation/")
