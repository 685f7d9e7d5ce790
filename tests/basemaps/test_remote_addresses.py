"""A service elsewhere is asked when our own tables are not sure, and nobody suffers when it keeps silent."""

import logging
import time

import pytest
from django.core.cache import cache
from django.urls import reverse as url
from rest_framework.test import APIClient

from basemaps.addresses import look_up, reverse, search
from gisplatform.env import BadSetting, web_address
from tests.basemaps.address_service import feature, served
from tests.town import FAR_AWAY, degrees, point

UNKNOWN = "12 rue du Lavoir"


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def service(settings):
    with served() as service:
        settings.ADDRESS_URL, settings.ADDRESS_TIMEOUT_MS = service.url, 400
        service.features = [feature(UNKNOWN)]
        yield service


@pytest.fixture
def agent(town):
    client = APIClient()
    client.force_authenticate(town.person("agent"))
    return client


def test_without_the_setting_nobody_is_asked(background, settings, service):
    settings.ADDRESS_URL = ""
    assert search(text=UNKNOWN) == []
    assert service.asked == []


def test_what_our_own_tables_do_not_know_is_asked_elsewhere(background, service):
    [found] = search(text=UNKNOWN)
    assert (found.label, found.street, found.number, found.city, found.citycode, found.postcode, found.score) == (
        "12 rue du Lavoir, Ailleurs", "rue du Lavoir", "12", "Ailleurs", "14998", "14998", 0.94,
    )  # fmt: skip
    assert not found.approximate
    assert found.geom.distance(point((4000, 500))) < 0.1
    [(path, asked)] = service.asked
    assert (path, asked["q"], asked["limit"], asked["autocomplete"]) == ("/search/", UNKNOWN, "5", "1")
    assert float(asked["lon"]) == pytest.approx(degrees((400, 1000))[0], abs=0.02)  # the middle of the background


def test_what_they_are_sure_of_is_not(background, service):
    assert search(text="51 rue saint-pierre")[0].label == "51 Rue Saint-Pierre, Modèle"
    assert service.asked == []


def test_both_answer_best_first_and_none_twice(background, service):
    service.features = [feature("Rue Saint-Pierre", city="Modèle", housenumber=None, street=None, type="street",
                                score=0.97), feature("9 Rue Saint-Pierre", score=0.5)]  # fmt: skip
    assert [each.label for each in search(text="rue sant piere")] == [
        "Rue Saint-Pierre, Modèle", "9 Rue Saint-Pierre, Ailleurs"
    ]  # fmt: skip


def test_a_town_or_a_locality_is_a_place(background, service):
    service.features = [
        feature("Ailleurs", type="municipality", city="Ailleurs", housenumber=None, street=None),
        feature("Le Clos", type="locality", housenumber=None, street=None),
    ]
    assert [(each.label, each.kind, each.approximate) for each in search(text="ailleurs le clos")] == [
        ("Ailleurs", "place", True), ("Le Clos, Ailleurs", "place", True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "failure",
    [
        {"waits_s": 1.0},
        {"drips": True},
        {"status": 500},
        {"status": 404},
        {"status": 429},
        {"body": b"<html>maintenance</html>"},
        {"body": b'{"features": 12}'},
        {"body": b"[]"},
        {"body": b"\xff\xfe"},
        {"body": b"[" * 100_000},
        {"body": b""},
    ],
    ids=str,
)
def test_no_answer_is_a_value_and_our_own_still_come(background, service, failure):
    for name, value in failure.items():
        setattr(service, name, value)
    begun = time.monotonic()
    found = look_up(text="14 rue sant piere")
    assert time.monotonic() - begun < 0.9
    assert found.unanswered
    assert found.addresses[0].label == "14 Rue Saint-Pierre, Modèle"
    assert reverse(geom=point(FAR_AWAY)) is None


def test_a_server_that_is_not_there_is_no_answer(background, settings):
    with served() as gone:
        settings.ADDRESS_URL = gone.url
    assert look_up(text=UNKNOWN).unanswered


def test_what_is_no_address_in_an_answer_is_passed_over(background, service):
    nowhere = {"geometry": {"coordinates": [999, 0]}, "properties": {"name": "x"}}
    odd: list[object] = [None, {}, {"geometry": None, "properties": {}}, feature("1 x", score="high"), nowhere]
    service.features = [*odd, feature("3 rue Bonne")]
    assert [each.label for each in search(text=UNKNOWN)] == ["3 rue Bonne, Ailleurs"]


def test_a_question_it_does_not_understand_is_an_answer(background, service):
    service.status, service.body = 400, b'{"title": "Missing q"}'
    assert look_up(text=UNKNOWN).unanswered is False


def test_nothing_found_is_an_answer(background, service):
    service.features = []
    assert (look_up(text=UNKNOWN).addresses, look_up(text=UNKNOWN).unanswered) == ([], False)


def test_one_question_is_asked_once(background, service):
    assert search(text=UNKNOWN) == search(text=UNKNOWN)
    assert len(service.asked) == 1
    search(text="13 rue du lavoir")
    assert len(service.asked) == 2


def test_a_server_that_failed_is_left_in_peace_for_a_while(background, service):
    service.status = 500
    look_up(text=UNKNOWN)
    service.status = 200
    assert look_up(text="13 rue du lavoir").unanswered
    assert len(service.asked) == 1
    cache.clear()  # the while is over
    assert look_up(text=UNKNOWN).addresses


def test_fewer_than_three_letters_are_not_sent(background, service):
    assert look_up(text="xy").unanswered is False
    assert service.asked == []


def test_a_place_far_from_our_streets_is_asked_elsewhere(background, service):
    service.features = [feature("8 rue Lointaine", FAR_AWAY)]
    found = reverse(geom=point((FAR_AWAY[0] + 30, FAR_AWAY[1])))
    assert (found.label, found.number) == ("8 rue Lointaine, Ailleurs", "8")
    assert found.away_m == pytest.approx(30, abs=0.2)
    assert service.asked[0][0] == "/reverse/"
    assert reverse(geom=point((FAR_AWAY[0] + 90, FAR_AWAY[1]))) is None


def test_nothing_that_was_typed_is_logged(background, service, caplog):
    service.status = 500
    with caplog.at_level(logging.DEBUG):
        look_up(text="7 allée des Secrets")
    said = " ".join(str(vars(record)) for record in caplog.records)
    assert "no answer" in said
    assert "Secrets" not in said


def test_the_interface_says_in_words_that_nobody_answered(agent, background, service):
    service.status = 500
    silent = agent.get(url("address-search"), {"q": UNKNOWN}).json()
    assert silent["features"] == []
    assert "le service d’adresses ne répond pas" in silent["notice"]
    assert "notice" not in agent.get(url("address-search"), {"q": "rue sant piere"}).json()


def test_an_answer_from_elsewhere_has_the_shape_of_our_own(agent, background, service):
    [found] = agent.get(url("address-search"), {"q": UNKNOWN}).json()["features"]
    assert found["properties"] == {
        "label": "12 rue du Lavoir, Ailleurs", "score": 0.94, "housenumber": "12", "street": "rue du Lavoir",
        "name": "12 rue du Lavoir", "postcode": "14998", "city": "Ailleurs", "citycode": "14998", "type": "housenumber",
        "kind": "street", "approximate": False,
    }  # fmt: skip


@pytest.mark.parametrize("value", ["ftp://x.example", "data.example", "https://", "file:///etc"])
def test_an_address_that_is_none_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("GISPLATFORM_ADDRESS_URL", value)
    with pytest.raises(BadSetting):
        web_address("GISPLATFORM_ADDRESS_URL")
