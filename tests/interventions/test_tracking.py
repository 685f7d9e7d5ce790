"""What a requester sees of their request, and what stays among staff."""

import datetime

import pytest

from gisplatform.models import Department
from interventions.events.models import Event
from interventions.informing import tracking, words
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact, move, note
from tests.town import FAR_AWAY, FOUNTAIN, NOW, line

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org", phone="02 31 00 00 01")
DUE = datetime.datetime(2026, 11, 26, 17, 0, tzinfo=datetime.UTC)


@pytest.fixture
def request_here(town):
    town.rule("cleaning")
    return town.request(FOUNTAIN, contact=ZOE, description="Un tag injurieux.", address="3 rue Écuyère, Caen")


def page(client, request: ServiceRequest) -> str:
    return client.get(f"/suivi/{request.tracking_token}/").content.decode().replace("\u00a0", " ")


def walk(request: ServiceRequest, *names: str, **facts) -> None:
    for hour, name in enumerate(names, start=1):
        reason = facts.get("reason", "Un mot.")
        at = NOW + datetime.timedelta(hours=hour)
        move(request_id=request.pk, name=name, actor=None, now=at, reason=reason, department=facts.get("department"))


def told(request: ServiceRequest) -> list[str]:
    """The steps: *current*, reached with its day, (to come)."""
    steps = tracking.find(request.tracking_token, now=NOW).steps
    return [
        f"*{step.label}*"
        if step.current
        else f"{step.label}{'' if step.at else '?'}"
        if step.reached
        else f"({step.label})"
        for step in steps
    ]


def test_the_page_says_where_the_request_stands(client, request_here):
    text = page(client, request_here)
    assert "Votre demande est enregistrée ; le service Cleaning doit y répondre au plus tard le samedi 7 mars." in text
    assert request_here.reference in text
    assert "Graffitis" in text
    assert "3 rue Écuyère, Caen" in text


@pytest.mark.parametrize(
    ("moves", "steps"),
    [
        ([], ["*Reçue*", "(Examinée)", "(Travaux prévus)", "(Travaux terminés)", "(Close)"]),
        (["accept"], ["Reçue", "*Examinée*", "(Travaux prévus)", "(Travaux terminés)", "(Close)"]),
        (["accept", "watch"], ["Reçue", "*Examinée*", "(Travaux prévus)", "(Travaux terminés)", "(Close)"]),
        (["accept", "plan"], ["Reçue", "Examinée", "*Travaux prévus*", "(Travaux terminés)", "(Close)"]),
        (["accept", "start"], ["Reçue", "Examinée", "*Travaux en cours*", "(Travaux terminés)", "(Close)"]),
        (["accept", "finish"], ["Reçue", "Examinée", "Travaux prévus?", "*Travaux terminés*", "(Close)"]),
        (["accept", "plan", "start", "finish", "verify", "close"],
         ["Reçue", "Examinée", "Travaux en cours", "Travaux terminés", "*Close*"]),
        (["accept", "watch", "close"], ["Reçue", "Examinée", "*Close*"]),
        (["refuse"], ["Reçue", "*Non retenue*"]),
        (["answer"], ["Reçue", "*Répondue*"]),
        (["accept", "plan", "cancel"], ["Reçue", "Examinée", "Travaux prévus", "*Annulée*"]),
        (["refuse", "reopen"], ["*Reçue*", "(Examinée)", "(Travaux prévus)", "(Travaux terminés)", "(Close)"]),
        (["refuse", "reopen", "accept"], ["Reçue", "*Examinée*", "(Travaux prévus)", "(Travaux terminés)", "(Close)"]),
        (["accept", "finish", "close", "reopen", "refuse"], ["Reçue", "*Non retenue*"]),
    ],
    ids=lambda value: "-".join(value) if value and value[0] in {"accept", "refuse", "answer"} else "",
)  # fmt: skip
def test_the_steps_follow_the_life_of_the_request(request_here, moves, steps):
    walk(request_here, *moves)
    assert told(request_here) == steps


def test_a_redirection_begins_again_with_the_new_department(client, request_here, town):
    walk(request_here, "accept")
    walk(request_here, "redirect", reason="Le mur est au parc.", department=town.department("parks"))
    assert told(request_here)[0] == "*Reçue*"
    text = page(client, request_here)
    assert "le service Parks doit y répondre" in text
    assert "Le mur est au parc." in text


def test_only_what_is_public_is_told(client, request_here, town):
    agent = town.person("agent")
    agent.first_name, agent.last_name = "Nadège", "Lecourtois"
    agent.save()
    note(request_id=request_here.pk, actor=agent, text="Appelant agressif.", now=NOW)
    move(request_id=request_here.pk, name="cancel", actor=agent, now=NOW, reason="À la demande de l'appelant.")
    text = page(client, request_here)
    assert "À la demande de l&#x27;appelant." in text
    for secret in ("agressif", "Nadège", "Lecourtois", "Zoé", "Lefèvre", "zoe@", "02 31 00 00 01", "injurieux"):
        assert secret not in text


def test_whom_to_call_is_the_department_or_its_authority(client, request_here):
    Department.objects.filter(code="cleaning").update(phone="02 31 11 11 11", email="proprete@ville.example")
    text = page(client, request_here)
    assert 'href="tel:0231111111"' in text
    assert 'href="mailto:proprete@ville.example?subject=' in text
    Department.objects.filter(code="cleaning").update(phone="", email="")
    request_here.department.authority.phone = "02 31 22 22 22"
    request_here.department.authority.save()
    text = page(client, request_here)
    assert "Ville modèle" in text
    assert 'href="tel:0231222222"' in text


def test_nobody_to_call_says_nothing(client, town):
    assert "Une question, quelque chose à ajouter" not in page(client, town.request(FAR_AWAY))


def test_a_request_nobody_answers_yet_says_so(client, town):
    text = page(client, town.request(FAR_AWAY))
    assert "nous cherchons le service qui doit y répondre" in text


def test_the_pin_lies_on_the_place_itself(town):
    bent = town.request(line((0, 0), (1000, 0), (1000, 1000)))
    placed = tracking.find(bent.tracking_token, now=NOW).request
    assert placed.position.transform(2154, clone=True).distance(bent.geom) < 0.01


def test_the_page_is_kept_by_nobody_and_gives_no_address_away(client, request_here):
    for response in (client.get(f"/suivi/{request_here.tracking_token}/"), client.get("/suivi/inconnu/")):
        assert "no-store" in response.headers["Cache-Control"]
        assert "private" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert 'name="robots" content="noindex' in response.content.decode()
        assert not response.cookies


@pytest.mark.parametrize("token", ["inconnu", "a" * 300, "%00", "é", "2026-000001-1"])
def test_an_unknown_token_is_a_404_in_plain_words(client, db, token):
    response = client.get(f"/suivi/{token}/")
    assert response.status_code == 404
    assert "Nous ne trouvons aucune demande à cette adresse" in response.content.decode()


def test_the_reference_opens_nothing(client, request_here):
    assert client.get(f"/suivi/{request_here.reference}/").status_code == 404


def test_what_people_wrote_is_escaped(client, request_here):
    ServiceRequest.objects.filter(pk=request_here.pk).update(address="<script>alert(1)</script>")
    walk(request_here, "refuse", reason="<img src=x onerror=alert(1)>")
    text = page(client, request_here)
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text


def test_the_page_takes_three_statements(client, request_here, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(f"/suivi/{request_here.tracking_token}/")


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("named", [True, False])
def test_every_state_has_its_sentence(state, named):
    department = Department(name="Propreté urbaine") if named else None
    said = words.sentence(state=state, department=department, due_at=DUE)
    assert said.endswith(".")
    assert "%(" not in said
    assert "None" not in said


@pytest.mark.parametrize(
    ("state", "day", "said"),
    [
        ("to_evaluate", 20, ""),
        ("accepted", 20, "Ce devrait être réglé au plus tard le jeudi 26 novembre."),
        ("in_progress", 27, "La date annoncée, jeudi 26 novembre, est passée"),
        ("to_sort", 27, "La date annoncée, jeudi 26 novembre, est passée"),
        ("done", 27, ""),
        ("closed", 27, ""),
    ],
)
def test_the_announced_date_is_promised_while_it_can_be_kept(state, day, said):
    promised = words.promise(state=state, due_at=DUE, now=DUE.replace(day=day)).replace("\u00a0", " ")
    assert promised.startswith(said)
    assert bool(promised) is bool(said)


@pytest.mark.parametrize(
    ("kind", "name", "called"),
    [
        ("department", "Propreté urbaine", "le service Propreté urbaine"),
        ("pole", "Pôle de vie Rive droite", "le Pôle de vie Rive droite"),
        ("contractor", "Effaçage normand", "l’entreprise Effaçage normand"),
        ("utility", "Abris normands", "l’entreprise Abris normands"),
    ],
)
def test_a_department_is_called_by_what_it_is(kind, name, called):
    assert words.called(Department(kind=kind, name=name)) == called


def test_the_first_of_a_month_is_called_first():
    assert words.day(datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)) == "mardi 1er décembre"


def test_being_told_is_not_a_step(request_here):
    Event.objects.create(request=request_here, kind=Event.Kind.TOLD, at=NOW)
    assert told(request_here)[0] == "*Reçue*"
