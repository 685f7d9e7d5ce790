"""Tokens: made by a command, read from a header, refused when they should be."""

import base64
import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from gisplatform import tokens
from gisplatform.models import Token
from tests.machine import plain


def made(*arguments: str, capsys) -> str:
    call_command("token", *arguments)
    return capsys.readouterr().out


@pytest.fixture
def agent(town):
    return town.person("agent")


def signed(client, header: str) -> int:
    return client.get("/api/v1/categories", headers={"authorization": header}).status_code


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_the_command_prints_a_token_as_its_last_word(agent, client, capsys):
    said = made("agent", "--name", "QGIS", capsys=capsys)
    assert said.startswith("Jeton de agent")
    assert signed(client, f"Bearer {said.split()[-1]}") == 200


def test_only_a_digest_is_kept(agent, capsys):
    secret = made("agent", capsys=capsys).split()[-1]
    token = Token.objects.get()
    assert token.digest == tokens.digest(secret) != secret
    assert len(secret) >= 43
    assert token.expires_at is None


def test_a_token_may_end(agent, capsys):
    made("agent", "--days", "30", capsys=capsys)
    ends_at = Token.objects.get().expires_at
    assert ends_at is not None
    left = ends_at - timezone.now()
    assert datetime.timedelta(days=29) < left <= datetime.timedelta(days=30)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "Aucun compte ne s’appelle « nobody »."),
        (["agent", "--days", "0"], "Donnez un nombre de jours entre 1 et 36500."),
        (["agent", "--days", "99999999"], "Donnez un nombre de jours entre 1 et 36500."),
        (["agent", "--name", "a" * 121], "Le nom est trop long : 120 caractères au plus."),
    ],
)
def test_the_command_says_what_is_wrong(agent, arguments, said):
    with pytest.raises(CommandError) as refusal:
        call_command("token", *arguments)
    assert plain(str(refusal.value)) == said
    assert not Token.objects.exists()


def test_no_token_is_made_for_a_closed_account(agent):
    agent.is_active = False
    agent.save()
    with pytest.raises(CommandError, match="est fermé"):
        call_command("token", "agent")


def test_both_schemes_are_understood_in_any_case(agent, client):
    secret = tokens.issue(user=agent)
    headers = (f"Bearer {secret}", f"bearer  {secret}", basic("qgis", secret), basic("", secret))
    assert [signed(client, header) for header in headers] == [200] * 4


def test_what_is_no_token_is_refused(agent, client):
    for header in ("Bearer", "Bearer nothing", "Basic ???", "Basic 4oKs", basic("agent", "demo"), "Bearer é"):
        answer = client.get("/api/v1/categories", headers={"authorization": header})
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json"), header
        assert answer["WWW-Authenticate"] == 'Bearer realm="gisplatform"'
        assert answer.json()["title"] == "Ce jeton est inconnu ou n’est plus valable."


def test_a_token_ends_at_its_hour(agent, client):
    past = tokens.issue(user=agent, expires_at=timezone.now() - datetime.timedelta(seconds=1))
    future = tokens.issue(user=agent, expires_at=timezone.now() + datetime.timedelta(hours=1))
    assert (signed(client, f"Bearer {past}"), signed(client, f"Bearer {future}")) == (401, 200)


def test_a_token_dies_with_its_account(agent, client):
    secret = tokens.issue(user=agent)
    agent.is_active = False
    agent.save()
    assert signed(client, f"Bearer {secret}") == 401


def test_the_person_comes_with_their_roles_in_one_query(agent, django_assert_num_queries):
    secret = tokens.issue(user=agent)
    with django_assert_num_queries(1):
        token = tokens.bearer(secret, now=timezone.now())
        assert token is not None
        assert token.user.may("log_request")
        assert not token.user.may("manage_layers")
        assert token.user.department is not None
        assert token.user.sight == [token.user.department_id]
        assert token.user.department.authority.code == "town"


def test_another_scheme_is_left_to_the_session(agent, client):
    client.force_login(agent)
    assert signed(client, "Digest username=agent") == 200
