"""Photos of a request: to those who may see it, and as photos only."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from interventions.requests import photos
from interventions.requests.thumbnails import LONGEST_SIDE_PX
from tests.interventions.conftest import url
from tests.town import FOUNTAIN


@pytest.fixture
def photographed(town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    town.rule("cleaning")
    agent, key = town.person("agent", username="photographer"), uuid4()
    picture = io.BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(picture, "JPEG")
    photo = photos.receive(upload=SimpleUploadedFile("a.jpg", picture.getvalue()), key=key, uploaded_by=agent)
    request = town.request(FOUNTAIN, author=agent, key=key)
    photo.refresh_from_db()
    assert photo.request == request
    return photo


def photo_url(photo) -> str:
    return url(photo.request, "photos", str(photo.pk))


def test_a_photo_goes_to_who_may_see_its_request(signed_in, photographed):
    response = signed_in().get(photo_url(photographed))
    content = b"".join(response.streaming_content)
    assert Image.open(io.BytesIO(content)).size == (1600, 900)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("private")
    assert signed_in("member", department="elsewhere").get(photo_url(photographed)).status_code == 404


def test_its_small_picture_is_small(signed_in, photographed):
    response = signed_in().get(photo_url(photographed) + "?size=small")
    assert max(Image.open(io.BytesIO(response.content)).size) == LONGEST_SIDE_PX
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_photo_of_another_request_is_not_found_under_this_one(signed_in, photographed, town):
    other = town.request(FOUNTAIN)
    assert signed_in().get(url(other, "photos", str(photographed.pk))).status_code == 404


@pytest.mark.parametrize("size", ["", "?size=small"])
def test_a_photo_whose_file_is_gone_is_a_404(signed_in, photographed, size):
    photographed.file.storage.delete(photographed.file.name)
    assert signed_in().get(photo_url(photographed) + size).status_code == 404


def test_strangers_sign_in_before_they_see_a_photo(client, photographed):
    assert client.get(photo_url(photographed)).status_code == 302


def test_the_page_shows_its_photos_small(signed_in, photographed):
    assert (photographed.width, photographed.height) == (1600, 900)
    page = signed_in().get(url(photographed.request)).content.decode()
    assert f'src="{photo_url(photographed)}?size=small"' in page
    assert "Photo 1 du lieu" in page


def test_a_photo_whose_file_is_gone_is_not_found(signed_in, photographed):
    client = signed_in()
    photographed.file.delete(save=False)
    assert client.get(photo_url(photographed)).status_code == 404
    api = f"/api/v1/requests/{photographed.request.reference}/photos/{photographed.pk}"
    assert client.get(api).status_code == 404
