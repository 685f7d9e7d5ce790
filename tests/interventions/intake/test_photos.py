"""Photos of a request still being typed: received one by one, shown again, taken back."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from interventions.requests.models import Attachment
from tests.interventions.intake.typed import PAGE, PHOTOS, logged, photo, typed


def test_photos_are_received_shown_and_taken_back(agent, client):
    key = str(uuid4())
    sent = client.post(PHOTOS, {"key": key, "photo": photo()})
    assert sent.status_code == 201
    assert client.get(sent.json()["url"]).headers["Content-Type"] == "image/jpeg"
    assert client.get(PHOTOS, {"key": key}).json()["photos"] == [sent.json()]
    file = Attachment.objects.get().file
    assert Path(file.path).exists()
    assert client.post(sent.json()["removal_url"]).status_code == 204
    assert client.get(PHOTOS, {"key": key}).json()["photos"] == []
    assert not Path(file.path).exists()


def test_a_photo_is_its_senders_alone_until_the_request_exists(agent, client, town):
    key = str(uuid4())
    sent = client.post(PHOTOS, {"key": key, "photo": photo()}).json()
    client.force_login(town.person("agent", username="other"))
    assert client.get(sent["url"]).status_code == 404
    assert client.get(PHOTOS, {"key": key}).json()["photos"] == []
    client.post(sent["removal_url"])
    assert Attachment.objects.count() == 1


def test_a_photo_of_a_logged_request_is_no_longer_taken_back(agent, client):
    sent = typed()
    received = client.post(PHOTOS, {"key": sent["key"], "photo": photo()}).json()
    client.post(PAGE, sent)
    client.post(received["removal_url"])
    assert logged().attachments.count() == 1
    assert client.get(received["url"]).status_code == 404


@pytest.mark.parametrize(("body", "status"), [({}, 400), ({"key": "x"}, 400), ({"key": str(uuid4())}, 400)])
def test_half_a_photo_is_refused_with_a_sentence(agent, client, body, status):
    response = client.post(PHOTOS, body)
    assert response.status_code == status
    assert response.json()["title"]


def test_a_file_that_is_no_photo_is_refused_with_a_sentence(agent, client):
    fake = SimpleUploadedFile("a.jpg", b"no photo", content_type="image/jpeg")
    response = client.post(PHOTOS, {"key": str(uuid4()), "photo": fake})
    assert response.status_code == 422
    assert "JPEG" in response.json()["title"]


def test_without_javascript_a_photo_is_taken_back_with_the_form(agent, client):
    sent = typed(email="wrong")
    client.post(PAGE, {**sent, "photos": [photo(), photo("b.jpg", "blue")]})
    first = Attachment.objects.earliest("id")
    client.post(PAGE, {**sent, "email": "", "removed": [first.pk]})
    assert logged().attachments.count() == 1


def test_a_photo_whose_file_is_gone_is_not_found(agent, client):
    received = client.post(PHOTOS, {"key": str(uuid4()), "photo": photo()}).json()
    Attachment.objects.get(pk=received["id"]).file.delete(save=False)
    assert client.get(received["url"]).status_code == 404
