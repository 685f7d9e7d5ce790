"""A file sent twice, left and come back to: it is one version, and nothing that was typed is lost."""

import datetime
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from layers import uploads
from layers.holding import held, remove_old
from layers.models import LayerVersion
from tests.layers.browsing import IMPORT, bring, plain, take

pytestmark = pytest.mark.usefixtures("still_clock")


def versions_of(code):
    return list(LayerVersion.objects.filter(layer__code=code).order_by("number").values_list("number", flat=True))


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_is_one_version(analyst, client, sectors):
    url = bring(analyst, sectors, code="secteurs").url
    form = {**{name: value for name, value in analyst.get(url).context["form"].initial.items() if value}, "import": "1"}
    session, together = client.cookies["sessionid"].value, threading.Barrier(2)

    def press(_which):
        browser = Client()
        browser.cookies["sessionid"] = session
        together.wait(10)
        try:
            return browser.post(url, form).headers.get("Location")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(press, range(2)))
    assert answers == ["/couches/secteurs/versions/1/"] * 2
    assert versions_of("secteurs") == [1]


def test_back_after_the_import_leads_to_its_version(analyst, sectors):
    url = bring(analyst, sectors, code="secteurs").url
    form = analyst.get(url).context["form"].initial
    take(analyst, url)
    for answer in (analyst.get(url, follow=True), analyst.post(url, {**form, "import": "1"}, follow=True)):
        assert answer.redirect_chain == [("/couches/secteurs/versions/1/", 302)]
        assert "est déjà la version 1 de « Secteurs de collecte »" in plain(answer)
    assert versions_of("secteurs") == [1]


def test_what_another_made_of_a_file_is_not_told(analyst, client, town, sectors):
    url = bring(analyst, sectors).url
    take(analyst, url)
    client.force_login(town.person("analyst", username="other"))
    assert client.get(url).url == IMPORT


def test_back_after_a_refused_import_finds_what_was_typed(analyst, sectors):
    url = bring(analyst, sectors).url
    assert take(analyst, url, code="requests", source="Service déchets").status_code == 422
    page = plain(analyst.get(url))
    assert 'value="requests"' in page
    assert 'value="Service déchets"' in page


def test_what_somebody_is_taking_is_not_forgotten(analyst, sectors, tmp_path):
    bring(analyst, sectors)
    (folder,) = (tmp_path / "media/imports").iterdir()
    later = timezone.now() + datetime.timedelta(days=400)
    os.utime(folder, (0, 0))
    with held(folder) as ours:
        assert ours
        uploads.keep([SimpleUploadedFile("a.geojson", b"{}")], by=analyst.user, now=later)
        assert folder.exists()
    os.utime(folder, (0, 0))
    uploads.keep([SimpleUploadedFile("a.geojson", b"{}")], by=analyst.user, now=later)
    assert not folder.exists()


def test_a_folder_that_another_removes_at_this_moment_is_no_fault(tmp_path):
    gone = tmp_path / "gone"
    remove_old([gone], before=timezone.now())
    with held(gone) as ours:
        assert not ours


def test_who_waited_for_a_folder_learns_that_it_is_gone(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    with ThreadPoolExecutor(1) as other, held(folder) as ours:
        assert ours

        def wait():
            with held(folder) as theirs:
                return theirs

        waiting = other.submit(wait)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.1)
        folder.rmdir()
    assert waiting.result(timeout=10) is False
