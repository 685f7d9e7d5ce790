"""From whom a mail comes, and who reads an answer to it."""

import pytest

from interventions.events.models import Event
from interventions.informing.services import tell
from interventions.requests.services import Contact
from tests.town import NOW

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org")

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(town, letterbox):
    """The acknowledgement, once the department that answers is as told."""

    def send(*, answered: bool = True, **facts):
        department = town.department("cleaning")
        for name, value in facts.items():
            setattr(department.authority if name.startswith("authority_") else department,
                    name.removeprefix("authority_"), value)  # fmt: skip
        department.authority.save()
        department.save()
        if answered:
            town.rule("cleaning")
        town.request(contact=ZOE)
        tell(event_id=Event.objects.filter(public=True).latest("id").pk, now=NOW)
        return letterbox.letters[-1]

    return send


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"name": "Propreté urbaine"}, "Propreté urbaine, Ville modèle"),
        ({"name": "Propreté urbaine", "authority_short_name": "Caen"}, "Propreté urbaine, Caen"),
        ({"name": "Graffiti net", "kind": "contractor"}, "Ville modèle"),
        ({"name": "Propreté\r\nBcc: all@example.org"}, "Propreté Bcc: all@example.org, Ville modèle"),
    ],
)
def test_who_answers_is_who_writes(letter, facts, name):
    (sender,) = letter(**facts)["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "ne-pas-repondre@ville.example")


def test_while_nobody_answers_the_platform_writes(letter):
    sent = letter(answered=False)
    assert sent["From"].addresses[0].display_name == "Vos demandes"
    assert sent["Reply-To"] is None


@pytest.mark.parametrize(
    ("facts", "address", "said"),
    [
        ({"name": "Propreté", "email": "proprete@ville.example"}, "proprete@ville.example", "Propreté le lira"),
        ({"authority_email": "mairie@ville.example"}, "mairie@ville.example", "Ville modèle le lira"),
        ({}, None, "une réponse ne serait pas lue"),
    ],
)
def test_an_answer_goes_to_who_reads_it_and_the_mail_says_so(letter, facts, address, said):
    sent = letter(**facts)
    found = sent["Reply-To"].addresses[0].addr_spec if sent["Reply-To"] else None
    assert found == address
    for body in ("plain", "html"):
        assert said in sent.get_body((body,)).get_content().replace("\u00a0", " ")
