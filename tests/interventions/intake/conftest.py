import pytest

from basemaps.models import Landmark
from tests.town import line


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def agent(town, client):
    """An agent at the desk, signed in; graffiti in WEST are for the department `west`."""
    town.rule("west", zones=("WEST",))
    person = town.person("agent")
    client.force_login(person)
    return person


@pytest.fixture
def streets(town):
    for name, y in [("Rue Saint-Pierre", 500), ("Rue de la Forge", 300)]:
        Landmark.objects.create(
            kind="street", name=name, city="Modèle", geom=line((100, y), (900, y)), numbers_from=1, numbers_to=81
        )
    Landmark.objects.create(kind="street", name="Rue de la Forge", city="Îlot", geom=line((2100, 300), (2900, 300)))
