"""What is open to everybody, walked for the names and words of everybody who has written on a request."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from gisplatform.models import Department, User
from interventions.informing import choices, saying
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact, move, note
from interventions.work.models import Intervention
from interventions.work.services import accept
from interventions.work.services import move as move_work
from tests.house.test_access import EVERY, declared
from tests.interventions.conftest import a_photo
from tests.live.listening import Listener
from tests.live_door import Door
from tests.town import FOUNTAIN, NOW

MARKS = {
    "requester": ("Zoé-Demandeuse", "zoe-mail@example.org", "0602030405"),
    "neighbour": ("Ali-Voisin", "ali-mail@example.org", "0611121314"),
    "author": ("Nadège-Agent", "Lecourtois-Agent", "agent-mail@example.org"),
    "technician": ("Rémi-Technicien", "Dupont-Technicien", "technicien-mail@example.org"),
    "contractor": ("Karim-Entreprise", "Leroy-Entreprise", "entreprise-mail@example.org"),
    "texts": ("DescriptionIntime", "NoteInterne", "ConsigneInterne", "PrécisionIntime", "AvisIntime", "RaisonIntime"),
}


# What GET meets at each public address, by name: the status, and the page or the type of what is no page.
MET = {
    "tracking": (200, "tracking/page.html"),
    "notify-choice": (200, "informing/choice.html"),
    "tracking-photo": (200, "image/jpeg"),
    "tracking-live": (501, "text/plain"),  # its news are read over the server, below
    "login": (200, "registration/login.html"),
    "logout": (405, "text/html"),
    "health": (200, "application/json"),
    "robots": (200, "text/plain"),
    "map-style": (200, "application/json"),
    "tilejson-background": (200, "application/json"),
    "tiles-background": (200, "application/vnd.mapbox-vector-tile"),
}


@pytest.fixture
def full_of_names(town, still_clock, person_named, settings, tmp_path) -> ServiceRequest:
    """A request everybody has written something on, joined by another; its work was done, and is to do again."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (4, 3)).save(tmp_path / "photos/some.jpg")
    town.rule("cleaning")
    agent = person_named("agent", MARKS["author"])
    regulator = person_named("regulator", MARKS["technician"])
    worker = person_named("contractor", MARKS["contractor"])
    Department.objects.create(code="co", name="Effaçage", kind="contractor", authority=town.authority)
    request = town.request(
        FOUNTAIN, author=agent, contact=Contact(*MARKS["requester"]), description="DescriptionIntime"
    )
    joined = town.request(FOUNTAIN, author=agent, contact=Contact(*MARKS["neighbour"]), joins=request)
    note(request_id=request.pk, actor=agent, text="NoteInterne", now=NOW)
    work = repaired(request, regulator=regulator, worker=worker)
    a_photo(intervention=work, uploaded_by=worker, shown_at=NOW, shown_by=regulator)
    move(request_id=request.pk, name="close", actor=regulator, now=NOW)
    says(request, "reopen", "RaisonIntime")
    says(joined, "precision", "PrécisionIntime")
    saying.rate(request_id=request.pk, mark="poor", comment="AvisIntime", now=NOW)
    request.others = [joined]
    return request


def repaired(request: ServiceRequest, *, regulator: User, worker: User) -> Intervention:
    company = Department.objects.get(code="co")
    work = accept(request_id=request.pk, executed_by=company, actor=regulator, now=NOW, instructions="ConsigneInterne")
    move_work(intervention_id=work.pk, name="validate", actor=regulator, now=NOW)
    move_work(intervention_id=work.pk, name="finish", actor=worker, now=NOW)
    return work


def says(request: ServiceRequest, what: str, text: str) -> None:
    """On the page, as a requester."""
    sent = {"say": what, "key": str(uuid.uuid4()), "text": text}
    assert Client().post(f"/suivi/{request.tracking_token}/", sent).status_code == 302


@pytest.fixture
def person_named(town):
    def made(role: str, names: tuple[str, ...]):
        user = town.person(role, username=names[0].lower())
        user.first_name, user.last_name, user.email = names
        user.save()
        return user

    return made


def test_nothing_personal_is_on_any_public_page(full_of_names):
    public = {str(pattern.name): pattern for _where, pattern in EVERY if declared(pattern.callback) == ["public"]}
    assert set(public) == set(MET)
    photo = full_of_names.interventions.get().photos.get()
    for name, pattern in public.items():
        walked = set()
        for each in (full_of_names, *full_of_names.others):
            key = choices.address(each.requester_id).rstrip("/").rpartition("/")[2]
            held = {"token": each.tracking_token, "key": key, "photo_id": photo.pk, "z": 12, "x": 2043, "y": 1404}
            address = reverse(name, kwargs={part: held[part] for part in pattern.pattern.converters})
            if address in walked:
                continue
            walked.add(address)
            answer = Client().get(address)
            kinds = {used.name for used in answer.templates} | {answer.headers["Content-Type"].partition(";")[0]}
            assert (answer.status_code, MET[name][1] in kinds) == (MET[name][0], True), (address, kinds)
            if name in ("tracking", "notify-choice"):
                assert each.reference in answer.content.decode()
            tells_of_nobody(answer, address)
            for method in ("post", "head", "options"):
                tells_of_nobody(getattr(Client(), method)(address), f"{address} by {method}")
        assert len(walked) == (2 if {"token", "key"} & set(pattern.pattern.converters) else 1), name


def tells_of_nobody(answer, where: str) -> None:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    names_nobody(content.decode("utf-8", "replace") + str(answer.headers), where)


def names_nobody(told: str, where: str) -> None:
    for whose, marks in MARKS.items():
        for mark in marks:
            assert mark not in told, f"{where} tells of {whose}: {mark}"


@pytest.mark.django_db(transaction=True)
def test_nothing_personal_is_in_the_news_of_a_tracking_page(full_of_names, live_server_with_news: Door):
    """Everybody goes on writing while the pages of both requesters follow."""
    agent, regulator, worker = (
        User.objects.get(last_name=MARKS[whose][1]) for whose in ("author", "technician", "contractor")
    )
    for each in (full_of_names, *full_of_names.others):
        with Listener(live_server_with_news.port, f"/suivi/{each.tracking_token}/live/") as page:
            note(request_id=full_of_names.pk, actor=agent, text="NoteInterne", now=NOW)
            says(each, "precision", "PrécisionIntime")
            repaired(full_of_names, regulator=regulator, worker=worker)
            says(full_of_names, "reopen", "RaisonIntime")
            told = page.all()
        assert {"accepted", "done", "to_evaluate"} <= {news.data["state"] for news in told}
        assert {news.data["reference"] for news in told} == {each.reference}
        names_nobody(f"{page.headers} {told}", "the stream")


def test_nothing_else_is_open_to_who_has_no_account(full_of_names):
    """The reference is no secret: it opens nothing."""
    reference = full_of_names.reference
    for address in (
        f"/demandes/{reference}/",
        f"/api/v1/requests/{reference}",
        f"/api/v1/requests/{reference}/events",
        "/api/v1/requests",
        "/tiles/requests.json",
        f"/suivi/{reference}/",
    ):
        assert Client().get(address).status_code in {302, 401, 404}, address
