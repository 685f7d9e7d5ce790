"""What each requester is told, by mail and on their page, and what stays among staff."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from interventions.events.models import Event
from tests import town as model_town
from tests.interventions.duplicates.callers import ALI, EVE, ZOE, act, merge
from tests.letterbox import work


@pytest.fixture
def posted(transactional_db, letterbox):
    """A town whose mails arrive: `posted()` runs the worker and gives what came since, by address."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")

    def since_last():
        work()
        letters, letterbox.letters[:] = list(letterbox.letters), []
        return sorted((each["X-Envelope-To"], each["Subject"], said(each)) for each in letters)

    since_last.town = model_town.build()
    since_last.town.rule("cleaning")
    return since_last


def said(letter):
    return " ".join(letter.get_body(("plain",)).get_content().replace("\u00a0", " ").split())


@pytest.mark.django_db(transaction=True)
def test_who_joins_hears_of_the_principal_from_the_first_mail_to_the_last(posted):
    town = posted.town
    first = town.request(contact=ZOE, address="3 rue Écuyère, Caen")
    act(first, "accept", reason="Madame Lefèvre, nous venons.")
    posted()
    second = town.request(contact=ALI, joins=first)
    ((to, subject, text),) = posted()
    assert (to, subject) == ("ali@example.org", f"Demande {second.reference} – enregistrée : Graffitis")
    assert f"Votre demande rejoint une demande déjà signalée (réf. {first.reference})" in text
    assert "Votre demande est acceptée : le service Cleaning s’en charge." in text
    assert "au plus tard le samedi 7 mars" in text

    for name, news in [("plan", "travaux prévus"), ("finish", "travaux terminés"), ("close", "close")]:
        act(first, name, reason="Passage mardi.")
        ali, zoe = posted()
        assert (ali[0], zoe[0]) == ("ali@example.org", "zoe@example.org")
        assert ali[1] == f"Demande {second.reference} – {news} : Graffitis"
        assert zoe[1] == f"Demande {first.reference} – {news} : Graffitis"
        assert f"réf. {first.reference}" in ali[2]
        assert f"/suivi/{second.tracking_token}/" in ali[2]
        assert "Passage mardi." in ali[2]
        for secret in ("Zoé", "Lefèvre", "zoe@", "Écuyère", first.tracking_token):
            assert secret not in ali[2]
        assert second.reference not in zoe[2]
    assert posted() == []


@pytest.mark.django_db(transaction=True)
def test_a_request_joined_afterwards_is_told_and_no_longer_once_it_has_left(posted):
    first, second = posted.town.request(contact=ZOE), posted.town.request(contact=ALI)
    posted()
    merge(second, first, reason="Vu ce matin.")
    ((to, subject, text),) = posted()
    assert (to, subject) == ("ali@example.org", f"Demande {second.reference} – déjà signalée : Graffitis")
    assert f"réf. {first.reference}" in text
    assert "le service Cleaning doit y répondre au plus tard" in text
    assert "Vu ce matin." in text
    act(second, "reopen")
    assert [to for to, *_rest in posted()] == ["ali@example.org"]
    act(first, "accept")
    assert [to for to, *_rest in posted()] == ["zoe@example.org"]


@pytest.mark.django_db(transaction=True)
def test_one_that_left_before_the_mail_went_is_not_told(posted):
    first = posted.town.request(contact=ZOE)
    second = posted.town.request(contact=ALI, joins=first)
    posted()
    act(first, "accept")
    act(second, "reopen")
    told = posted()
    assert sorted(to for to, *_rest in told) == ["ali@example.org", "zoe@example.org"]
    assert "rouverte" in next(subject for to, subject, _text in told if to == "ali@example.org")


@pytest.mark.django_db(transaction=True)
def test_those_that_go_along_hear_of_their_new_principal(posted):
    first = posted.town.request(contact=ZOE)
    second = posted.town.request(contact=ALI)
    third = posted.town.request(contact=EVE, joins=second)
    posted()
    merge(second, first)
    told = posted()
    assert [to for to, *_rest in told] == ["ali@example.org", "eve@example.org"]
    assert all(f"réf. {first.reference}" in text for _to, _subject, text in told)
    assert third.reference in told[1][1]


@pytest.mark.django_db(transaction=True)
def test_each_is_told_once_whatever_is_queued_again(posted):
    first = posted.town.request(contact=ZOE)
    second = posted.town.request(contact=ALI, joins=first)
    posted()
    event = act(first, "accept")
    app.configure_task("interventions.news").defer(event_id=event.pk)
    app.configure_task("interventions.news").defer(event_id=event.pk, request_id=second.pk)
    assert [to for to, *_rest in posted()] == ["ali@example.org", "zoe@example.org"]
    assert Event.objects.filter(kind="told", request=second).count() == 2


def page(client, request):
    return client.get(f"/suivi/{request.tracking_token}/").content.decode().replace("\u00a0", " ")


def test_the_page_of_a_duplicate_tells_the_principals_life(client, town, first):
    act(first, "accept", reason="Madame Lefèvre, nous venons.")
    second = town.request(contact=ALI, joins=first)
    text = page(client, second)
    assert second.reference in text
    assert f"Votre demande rejoint une demande déjà signalée (réf. {first.reference})" in text
    assert "Votre demande est acceptée : le service Cleaning s’en charge." in text
    assert "samedi 7 mars" in text
    act(first, "finish", reason="Mur nettoyé.")
    act(first, "close", reason="Bonne journée.")
    text = page(client, second)
    assert "Bonne journée." in text
    assert "Mur nettoyé." in text
    for secret in ("Lefèvre", "Zoé", "zoe@", first.tracking_token):
        assert secret not in text
    act(second, "reopen", reason="Un autre mur.")
    text = page(client, second)
    assert first.reference not in text
    assert "le service Cleaning doit y répondre" in text


def test_it_takes_two_statements_too(client, town, first, django_assert_num_queries):
    second = town.request(contact=ALI, joins=first)
    with django_assert_num_queries(3):
        page(client, second)


def test_the_principals_requester_sees_nothing_of_the_others(client, first, second):
    merge(second, first, reason="Même tag que Madame Lefèvre.")
    text = page(client, first)
    for secret in (second.reference, "Ali", "ali@"):
        assert secret not in text
