"""What a requester says on their page: a precision, that it is not repaired, how content they are."""

import datetime
import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gisplatform.errors import KeyReused
from interventions.events.models import Event
from interventions.informing import forms, saying, tracking
from interventions.requests.models import Attachment, Satisfaction, ServiceRequest
from interventions.requests.services import Contact, move
from tests.town import FOUNTAIN, NOW

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org", phone="02 31 00 00 01")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def request_here(town, still_clock, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    town.rule("cleaning")
    return town.request(FOUNTAIN, contact=ZOE, now=NOW - 3 * DAY)


def walk(request: ServiceRequest, *names: str, now: datetime.datetime = NOW) -> None:
    for name in names:
        move(request_id=request.pk, name=name, actor=None, now=now, reason="Un motif.")


def say(client, request: ServiceRequest, what: str, text: str = "", **more):
    facts = {"say": what, "key": str(uuid.uuid4()), "text": text, **more}
    return client.post(f"/suivi/{request.tracking_token}/", facts)


def a_picture(colour: str = "red", size: tuple[int, int] = (60, 40), name: str = "mur.jpg") -> SimpleUploadedFile:
    image, exif = Image.new("RGB", size, colour), Image.Exif()
    exif[0x010F] = "MarqueDuTelephone"
    exif[0x8825] = {1: "N", 2: (49.0, 11.0, 0.0)}
    content = io.BytesIO()
    image.save(content, "JPEG", exif=exif)
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def added(request: ServiceRequest) -> list[Event]:
    return list(request.events.filter(kind=Event.Kind.ADDED).order_by("id"))


def text_of(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def test_a_precision_is_read_by_staff_and_not_by_who_follows_the_link(client, request_here):
    response = say(client, request_here, "precision", "C’est derrière le portail, au 06 11 22 33 44.")
    assert (response.status_code, response.url) == (302, f"/suivi/{request_here.tracking_token}/?dit=precision")
    (event,) = added(request_here)
    assert (event.text, event.public, event.actor) == ("C’est derrière le portail, au 06 11 22 33 44.", False, None)
    page = text_of(client.get(response.url))
    assert "Merci : le service a reçu ce que vous avez ajouté." in page
    assert "Vous avez ajouté une précision" in page
    assert "portail" not in page


def test_staff_see_it_in_the_history_with_its_photo(client, request_here, town):
    say(client, request_here, "precision", "Derrière le portail.", photos=[a_picture()])
    client.force_login(town.person("regulator"))
    page = text_of(client.get(f"/demandes/{request_here.reference}/"))
    assert "Précision du demandeur" in page
    assert "Derrière le portail. (1 photo)" in page
    assert "Envoyée par le demandeur" in page


def test_pressed_twice_it_is_added_once(client, request_here):
    key = str(uuid.uuid4())
    for _press in range(2):
        assert say(client, request_here, "precision", "Rouge.", key=key, photos=[a_picture()]).status_code == 302
    assert len(added(request_here)) == 1
    assert request_here.attachments.count() == 1


def test_gone_back_to_and_changed_it_is_another_precision(client, request_here):
    key = str(uuid.uuid4())
    say(client, request_here, "precision", "Rouge.", key=key)
    say(client, request_here, "precision", "Rouge, et bleu.", key=key)
    assert [event.text for event in added(request_here)] == ["Rouge.", "Rouge, et bleu."]


def test_a_key_of_somebody_else_is_refused(request_here, town):
    key, other = uuid.uuid4(), town.request(FOUNTAIN)
    facts = {"text": "Un mot.", "pictures": [], "key": key, "now": NOW}
    saying.add(tracked=tracking.find(other.tracking_token, now=NOW), **facts)
    with pytest.raises(KeyReused):
        saying.add(tracked=tracking.find(request_here.tracking_token, now=NOW), **facts)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"text": " "}, "Écrivez quelque chose, ou choisissez une photo."),
        ({"text": "a" * 2001}, "C’est trop long : au plus 2000 caractères."),
        ({"photos": [SimpleUploadedFile("notes.txt", b"du texte")]}, "notes.txt : Ce fichier n’est pas une photo"),
        ({"photos": [a_picture(name=f"{n}.jpg") for n in range(4)]}, "Au plus 3 photos à la fois"),
        ({"key": "?"}, "La page n’était pas complète : envoyez de nouveau."),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_typed_is_lost(client, request_here, facts, sentence):
    response = say(client, request_here, "precision", **{"text": "Derrière le portail.", **facts})
    assert response.status_code == 422
    page = text_of(response)
    assert sentence in page
    assert facts.get("text", "Derrière le portail.").strip() in page
    assert page.index('id="precision"') < page.index("open>", page.index('id="precision"'))
    assert added(request_here) == []
    assert not Attachment.objects.exists()


def test_photos_that_cannot_be_kept_are_not_even_read(client, request_here, monkeypatch):
    def read(_upload):
        raise AssertionError("read")

    walk(request_here, "refuse")
    monkeypatch.setattr(forms, "reencode", read)
    for what in ("precision", "reopen"):
        response = say(client, request_here, what, "Encore.", photos=[a_picture()])
        assert response.status_code == 422
        assert "Votre message n’est pas parti" in text_of(response)
        assert "Encore.</textarea>" in text_of(response)


def test_reopened_while_they_typed_their_words_become_a_precision(client, request_here):
    walk(request_here, "accept", "finish", "reopen")
    response = say(client, request_here, "reopen", "Le tag est revenu.", photos=[a_picture()])
    assert response.status_code == 422
    page = text_of(response)
    assert "Votre demande est déjà rouverte : envoyez plutôt ceci comme une précision." in page
    form = page[page.index('id="precision"') :]
    assert "open>" in form[:100]
    assert "Le tag est revenu.</textarea>" in form
    (key,) = re.findall(r'name="key" value="([^"]+)"', form)
    assert say(client, request_here, "precision", "Le tag est revenu.", key=key).status_code == 302
    assert len(added(request_here)) == 1


def test_photos_and_precisions_of_one_request_have_an_end(client, request_here):
    colours = ["red", "green", "blue", "black", "white", "yellow", "orange"]
    for colour in colours[:6]:
        say(client, request_here, "precision", photos=[a_picture(colour)])
    response = say(client, request_here, "precision", "Encore.", photos=[a_picture(colours[6])])
    assert response.status_code == 422
    assert "Vous pouvez envoyer 6 photos pour une demande" in text_of(response)
    for number in range(14):
        assert say(client, request_here, "precision", f"Mot {number}.").status_code == 302
    assert "Vous avez déjà beaucoup ajouté" in text_of(say(client, request_here, "precision", "Encore."))
    assert len(added(request_here)) == 20


def test_what_was_sent_holds_no_trace_of_the_telephone(client, request_here):
    say(client, request_here, "precision", photos=[a_picture()])
    photo = request_here.attachments.get()
    address = f"/suivi/{request_here.tracking_token}/photos/{photo.pk}/"
    response = client.get(address)
    content = response.getvalue()
    assert response.headers["Content-Type"] == "image/jpeg"
    assert not Image.open(io.BytesIO(content)).getexif()
    assert b"MarqueDuTelephone" not in content
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_was_done_may_be_said_not_to_be_repaired(client, request_here):
    walk(request_here, "accept", "finish", "close", now=NOW - DAY)
    response = say(client, request_here, "reopen", "Le tag est revenu.", photos=[a_picture()])
    assert response.status_code == 302
    request_here.refresh_from_db()
    assert (request_here.state, request_here.closed_at) == ("to_evaluate", None)
    assert request_here.due_at == NOW + 5 * DAY
    reopened = request_here.events.get(move="reopen")
    assert (reopened.actor, reopened.public, reopened.due_to) == (None, True, request_here.due_at)
    # The reason is for staff: whoever joined the request is told that it is open again, in our words.
    assert reopened.text == "On nous a dit que ce n’est pas réparé."
    assert [event.text for event in added(request_here)] == ["Le tag est revenu. (1 photo)"]
    page = text_of(client.get(response.url))
    assert "votre demande est rouverte" in page
    assert "Le tag est revenu" not in page


def test_pressed_twice_it_is_reopened_once(client, request_here):
    walk(request_here, "accept", "finish")
    key = str(uuid.uuid4())
    for _press in range(2):
        assert say(client, request_here, "reopen", "Toujours là.", key=key).status_code == 302
    assert request_here.events.filter(move="reopen").count() == 1
    assert len(added(request_here)) == 1


def test_it_needs_a_reason(client, request_here):
    walk(request_here, "accept", "finish")
    response = say(client, request_here, "reopen", "  ")
    assert response.status_code == 422
    assert "Dites ce qui ne va toujours pas" in text_of(response)
    request_here.refresh_from_db()
    assert request_here.state == "done"


@pytest.mark.parametrize(("days", "status"), [(30, 302), (31, 422)])
def test_after_a_month_it_says_whom_to_call_instead(client, request_here, days, status):
    walk(request_here, "accept", "finish", "close", now=NOW - days * DAY)
    request_here.department.phone = "02 31 11 11 11"
    request_here.department.save()
    page = text_of(client.get(f"/suivi/{request_here.tracking_token}/"))
    assert ("Ce n’est pas réparé" in page) is (status == 302)
    assert ("Elle est close depuis plus de 30 jours" in page) is (status == 422)
    if status == 422:
        assert 'appelez Cleaning au <a href="tel:0231111111">' in page
    assert say(client, request_here, "reopen", "Toujours là.").status_code == status


def test_who_joined_another_leaves_it_and_is_looked_at_again(client, request_here, town):
    joined = town.request(FOUNTAIN, contact=Contact(name="Yann", email="yann@example.org"), joins=request_here)
    walk(request_here, "accept", "finish", "close")
    assert say(client, joined, "reopen", "Devant chez moi, si.").status_code == 302
    joined.refresh_from_db()
    request_here.refresh_from_db()
    assert (joined.state, joined.duplicate_of, request_here.state) == ("to_evaluate", None, "closed")
    assert request_here.events.filter(kind=Event.Kind.LEFT_BY, other=joined).exists()
    assert "Votre demande est enregistrée ; le service Cleaning doit y répondre" in text_of(
        client.get(f"/suivi/{joined.tracking_token}/")
    )


def test_a_precision_of_who_joined_is_told_where_the_work_is_done(client, request_here, town):
    joined = town.request(FOUNTAIN, joins=request_here)
    say(client, joined, "precision", "Aussi sur la porte.")
    (told,) = added(request_here)
    assert (told.text, told.other) == ("Aussi sur la porte.", joined)
    assert "Vous avez ajouté" in text_of(client.get(f"/suivi/{joined.tracking_token}/"))
    assert "Vous avez ajouté" not in text_of(client.get(f"/suivi/{request_here.tracking_token}/"))


@pytest.mark.parametrize(
    ("move_made", "sentence"),
    [("refuse", "Si vous n’êtes pas d’accord"), ("cancel", "Si le problème est toujours là")],
)
def test_what_was_refused_or_cancelled_is_not_reopened_but_says_what_to_do(client, request_here, move_made, sentence):
    walk(request_here, move_made)
    page = text_of(client.get(f"/suivi/{request_here.tracking_token}/"))
    assert sentence in page
    assert "appelez la mairie et donnez la référence" in page
    assert "Ce n’est pas réparé" not in page
    for what in ("reopen", "precision"):
        assert say(client, request_here, what, "Un mot.").status_code == 422
    assert added(request_here) == []


def test_one_click_says_how_content_one_is_and_may_be_changed(client, request_here):
    walk(request_here, "accept", "finish")
    address = f"/suivi/{request_here.tracking_token}/"
    for mark in ("poor", "good"):
        response = client.post(address, {"say": "satisfaction", "mark": mark})
        assert response.url == f"{address}?dit=satisfaction"
    client.post(address, {"say": "satisfaction", "mark": "good", "comment": "Vite fait, bien fait."})
    client.post(address, {"say": "satisfaction", "mark": "fair"})
    kept = Satisfaction.objects.get()
    assert (kept.mark, kept.comment, kept.at) == ("fair", "Vite fait, bien fait.", NOW)
    assert 'data-mark="fair" aria-pressed="true"' in " ".join(text_of(client.get(address)).split())


@pytest.mark.parametrize("mark", ["", "best"])
def test_no_other_answer_is_kept(client, request_here, mark):
    walk(request_here, "accept", "finish")
    sent = client.post(f"/suivi/{request_here.tracking_token}/", {"say": "satisfaction", "mark": mark})
    assert sent.status_code == 422
    assert not Satisfaction.objects.exists()


def test_nobody_is_asked_how_content_they_are_before_anything_is_done(client, request_here):
    address = f"/suivi/{request_here.tracking_token}/"
    assert "Êtes-vous satisfait" not in text_of(client.get(address))
    assert client.post(address, {"say": "satisfaction", "mark": "good"}).status_code == 422
    assert not Satisfaction.objects.exists()


def test_staff_read_how_content_they_were(client, request_here, town):
    walk(request_here, "accept", "finish")
    saying.rate(request_id=request_here.pk, mark="good", comment="Merci beaucoup.", now=NOW)
    client.force_login(town.person("manager"))
    page = text_of(client.get(f"/demandes/{request_here.reference}/"))
    assert "Satisfait –" in page
    assert "Merci beaucoup." in page


def test_what_is_not_known_is_refused(client, request_here):
    assert say(client, request_here, "erase").status_code == 400
    assert client.delete(f"/suivi/{request_here.tracking_token}/").status_code == 405


def test_no_cookie_is_needed_nor_given(request_here):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert not strict.get(f"/suivi/{request_here.tracking_token}/").cookies
    sent = say(strict, request_here, "precision", "Un mot.")
    assert (sent.status_code, len(sent.cookies)) == (302, 0)
