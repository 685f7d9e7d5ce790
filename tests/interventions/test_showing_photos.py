"""Photos that requesters see: those that somebody has looked at and released, and no others."""

import pytest
from PIL import Image

from interventions.events.models import Event
from interventions.requests.models import Attachment
from interventions.work.services import accept
from interventions.work.services import move as move_work
from tests.interventions.conftest import a_photo
from tests.town import NOW


@pytest.fixture
def photo(request_here, settings, tmp_path) -> Attachment:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "photos/some.jpg")
    return a_photo(request=request_here)


def show(client, photo: Attachment, request, *, shown: bool = True):
    return client.post(f"/demandes/{request.reference}/photos/{photo.pk}/montrer/", {"shown": "1" if shown else "0"})


def seen(client, photo: Attachment, request) -> bool:
    """On the page and under its address, or neither."""
    address = f"/suivi/{request.tracking_token}/photos/{photo.pk}/"
    named = address in client.get(f"/suivi/{request.tracking_token}/").content.decode()
    status = client.get(address, {"size": "small"}).status_code
    assert (named, status) in {(True, 200), (False, 404)}
    return named


def test_a_photo_is_seen_once_it_is_released_and_until_that_is_taken_back(signed_in, photo, request_here):
    client = signed_in("regulator")
    assert not seen(client, photo, request_here)
    assert show(client, photo, request_here).status_code == 302
    assert seen(client, photo, request_here)
    show(client, photo, request_here, shown=False)
    assert not seen(client, photo, request_here)
    kinds = request_here.events.order_by("id").values_list("kind", "actor", "public")
    assert list(kinds)[1:] == [(Event.Kind.SHOWN, client.user.pk, False), (Event.Kind.HIDDEN, client.user.pk, False)]


def test_released_twice_it_is_told_once(signed_in, photo, request_here):
    client = signed_in("regulator")
    for _press in range(2):
        show(client, photo, request_here)
    assert request_here.events.filter(kind=Event.Kind.SHOWN).count() == 1


def test_a_photo_of_the_work_is_shown_to_all_whose_request_it_served(signed_in, town, photo, request_here):
    client = signed_in("manager")
    work = accept(request_id=request_here.pk, executed_by=None, actor=client.user, now=NOW)
    move_work(intervention_id=work.pk, name="start", actor=client.user, now=NOW)
    done = a_photo(intervention=work, uploaded_by=client.user)
    assert not seen(client, done, request_here)
    show(client, done, request_here)
    assert seen(client, done, request_here)
    assert "Après les travaux" in client.get(f"/suivi/{request_here.tracking_token}/").content.decode()


def test_who_joined_sees_what_was_released_of_the_other_and_not_what_its_requester_sent(
    signed_in, town, photo, request_here
):
    client = signed_in("regulator")
    joined = town.request(joins=request_here)
    sent = a_photo(request=request_here, from_requester=True)
    show(client, photo, request_here)
    assert seen(client, sent, request_here)
    assert seen(client, photo, joined)
    assert not seen(client, sent, joined)


def test_a_photo_of_another_request_is_not_opened_by_this_token(signed_in, town, photo, request_here):
    client = signed_in("regulator")
    show(client, photo, request_here)
    other = town.request()
    assert client.get(f"/suivi/{other.tracking_token}/photos/{photo.pk}/").status_code == 404
    assert client.post(f"/demandes/{other.reference}/photos/{photo.pk}/montrer/", {"shown": "0"}).status_code == 404


@pytest.mark.parametrize("role", ["agent", "technician", "member", "analyst"])
def test_only_who_closes_requests_releases_photos(signed_in, photo, request_here, role):
    client = signed_in(role)
    assert show(client, photo, request_here).status_code == 403
    assert "/montrer/" not in client.get(f"/demandes/{request_here.reference}/").content.decode()
    photo.refresh_from_db()
    assert photo.shown_at is None


def test_the_button_stands_beside_each_photo_and_changes_its_words(signed_in, photo, request_here):
    client = signed_in("regulator")
    address = f"/demandes/{request_here.reference}/"
    assert "La montrer au demandeur" in client.get(address).content.decode()
    show(client, photo, request_here)
    page = client.get(address).content.decode()
    assert "Ne plus la montrer" in page
    assert "Montrée au demandeur" in page
