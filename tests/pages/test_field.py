"""The technician's telephone, with a position and a camera of our own: what is stored is what was captured."""

import io
import json
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from interventions.requests.models import Attachment, ServiceRequest
from tests.heic import SMALL
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
HERE = {"longitude": -0.3597, "latitude": 49.1795, "accuracy": 8}


@pytest.fixture
def viewport():
    return PHONE


@pytest.fixture
def phone(page, demo_db, sign_in, settings, tmp_path):
    """The application of `technicien`, standing in the street with a position good to 8 m."""
    settings.MEDIA_ROOT = tmp_path
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    sign_in(page, "technicien")
    expect(page).to_have_url("/terrain/")
    expect(page.get_by_text("Position à 8 m près")).to_be_visible()
    return page


def capture(page, category: str = "graffiti", *, save: bool = True) -> None:
    page.get_by_role("button", name="Signaler ici").click()
    page.locator(f"[data-category={category}]").first.click()
    if save:
        page.get_by_role("button", name="Enregistrer").click()


def photograph(page, content: bytes, name: str = "mur.jpg", kind: str = "image/jpeg") -> None:
    page.locator("[data-photo-input]").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def cut_the_network(page) -> None:
    page.troubles.expect("ERR_INTERNET_DISCONNECTED")
    page.wait_for_selector("[data-map-ready]")
    page.troubles.expect("console: Pn")  # MapLibre, of a tile it could not get
    page.context.set_offline(True)


def sent(page) -> ServiceRequest:
    expect(page.locator(".toast").last).to_contain_text("Envoyée")
    reference = re.search(r"\d{4}-\d{6}-\d", page.locator(".toast").last.inner_text()).group()
    return ServiceRequest.objects.get(reference=reference)


def lonlat(request: ServiceRequest) -> tuple[float, float]:
    return request.geom.transform(4326, clone=True).coords


def picture() -> bytes:
    """A photo held sideways: red at the left as stored, at the top once upright; it says where it was taken."""
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (0, 0, 100, 200))
    told = Image.Exif()
    told[0x0112] = 6  # turned a quarter to the right when shown
    told.get_ifd(0x8825)[1] = "N"
    output = io.BytesIO()
    image.save(output, "JPEG", exif=told)
    return output.getvalue()


# --- Where --------------------------------------------------------------------------------------------------------


def test_the_stored_place_is_the_fix(phone):
    capture(phone)
    request = sent(phone)
    assert lonlat(request) == pytest.approx((HERE["longitude"], HERE["latitude"]), abs=1e-6)
    assert (request.place_source, request.accuracy_m, request.channel) == ("fix", 8, "technician")
    assert request.author.username == "technicien"
    assert request.captured_at is not None
    assert request.decision is not None


def test_a_corrected_pin_is_stored_as_corrected(phone):
    phone.wait_for_selector("[data-map-ready=true]")
    box = phone.locator(".maplibregl-canvas").bounding_box()
    phone.mouse.click(box["x"] + box["width"] / 2 + 80, box["y"] + box["height"] / 2 - 60)
    expect(phone.get_by_text("Lieu placé à la main")).to_be_visible()
    capture(phone)
    request = sent(phone)
    lon, lat = lonlat(request)
    assert (request.place_source, request.accuracy_m) == ("corrected", None)
    assert lon > HERE["longitude"] + 1e-5
    assert lat > HERE["latitude"] + 1e-5


def test_without_a_position_an_address_will_do(page, demo_db, sign_in):
    page.context.grant_permissions([])
    sign_in(page, "technicien")
    page.locator("summary", has_text="Ailleurs").click()
    page.get_by_label("Adresse, ou latitude et longitude").fill("49.1810, -0.3650")
    page.get_by_role("button", name="Trouver").click()
    capture(page)
    request = sent(page)
    assert lonlat(request) == pytest.approx((-0.3650, 49.1810), abs=1e-6)
    assert (request.place_source, request.accuracy_m) == ("", None)


# --- Photos -------------------------------------------------------------------------------------------------------


def photo_of(request: ServiceRequest) -> Image.Image:
    (attachment,) = Attachment.objects.filter(request=request)
    return Image.open(attachment.file.open())


def test_the_stored_photo_is_upright_and_says_nothing_more(phone):
    capture(phone, save=False)
    photograph(phone, picture(), "mur.jpg")
    expect(phone.locator(".field-photo")).to_have_count(1)
    phone.get_by_role("button", name="Enregistrer").click()
    stored = photo_of(sent(phone))
    assert stored.size == (200, 400)
    green = stored.getchannel("G")
    assert green.getpixel((100, 40)) < 90  # red is at the top
    assert green.getpixel((100, 300)) > 200
    assert len(stored.getexif()) == 0


def test_a_heic_photo_works(phone):
    capture(phone, save=False)
    photograph(phone, SMALL, "IMG_1.HEIC", "image/heic")
    expect(phone.locator(".field-photo")).to_have_count(1)
    phone.get_by_role("button", name="Enregistrer").click()
    stored = photo_of(sent(phone))
    assert (stored.format, stored.size) == ("JPEG", (64, 48))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("huge.png", "huge", "trop de pixels"),
        ("torn.jpg", "torn", "pas une photo"),
        ("disguised.jpg", b"%PDF-1.7 not a photo", "pas une photo"),
    ],
)
def test_what_is_no_photo_is_refused_in_place_with_a_sentence(phone, name, content, sentence):
    if content == "huge":
        output = io.BytesIO()
        Image.new("1", (8000, 5000)).save(output, "PNG")
        content = output.getvalue()
    elif content == "torn":
        content = picture()[:200]
    capture(phone, save=False)
    photograph(phone, content, name)
    expect(phone.locator("[data-photo-error]")).to_contain_text(sentence)
    expect(phone.locator(".field-photo")).to_have_count(0)
    phone.get_by_role("button", name="Enregistrer").click()
    assert sent(phone).attachments.count() == 0


# --- The outbox ---------------------------------------------------------------------------------------------------


def test_without_network_a_capture_waits_and_leaves_once(phone):
    before = ServiceRequest.objects.count()
    cut_the_network(phone)
    capture(phone)
    expect(phone.locator("[data-waiting-count]")).to_have_text("1")
    phone.get_by_role("link", name="Captures").click()
    expect(phone.get_by_text("En attente du réseau")).to_be_visible()
    assert ServiceRequest.objects.count() == before
    phone.context.set_offline(False)
    sent(phone)
    expect(phone.locator("[data-waiting-count]")).to_be_hidden()
    assert ServiceRequest.objects.count() == before + 1


def test_a_server_that_fails_is_asked_again_with_the_same_key(phone):
    phone.troubles.expect("503")
    keys = []

    def fail_once(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            # The request is made, its answer is lost.
            route.fetch()
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    phone.route("**/api/v1/requests", fail_once)
    before = ServiceRequest.objects.count()
    capture(phone)
    phone.get_by_role("link", name="Captures").click()
    phone.get_by_role("button", name="Réessayer").click()
    sent(phone)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert ServiceRequest.objects.count() == before + 1


def test_what_failed_is_sent_again_by_itself(phone):
    phone.troubles.expect("503")
    phone.route("**/api/v1/requests", lambda route: route.fulfill(status=503, body=""), times=1)
    capture(phone)
    expect(phone.locator("[data-waiting-count]")).to_have_text("1")
    expect(phone.locator(".toast").last).to_contain_text("Envoyée", timeout=20_000)
    expect(phone.locator("[data-waiting-count]")).to_be_hidden()


def test_a_refused_capture_is_corrected_and_leaves_under_a_new_key(phone):
    phone.troubles.expect("400")
    problem = {"title": "Vérifiez.", "errors": {"photos": ["mur.jpg : ce fichier n’est pas une photo."]}}
    phone.route(
        "**/api/v1/requests",
        lambda route: route.fulfill(status=400, content_type="application/problem+json", body=json.dumps(problem)),
        times=1,
    )
    capture(phone)
    phone.get_by_role("link", name="Captures").click()
    expect(phone.get_by_text("Refusée : mur.jpg")).to_be_visible()
    phone.get_by_role("button", name="Corriger").click()
    expect(phone.locator("[data-refusal]")).to_contain_text("mur.jpg")
    phone.get_by_label("Description").fill("Sans photo.")
    phone.get_by_role("button", name="Enregistrer").click()
    assert sent(phone).description == "Sans photo."
    expect(phone.locator("[data-waiting-count]")).to_be_hidden()


def test_signed_out_the_capture_stays_and_says_so(phone):
    phone.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    phone.context.clear_cookies()
    capture(phone)
    phone.get_by_role("link", name="Captures").click()
    expect(phone.get_by_text("Vous n’êtes plus connecté. Vos captures")).to_be_visible()
    expect(phone.locator("[data-waiting-count]")).to_have_text("1")


def test_what_was_typed_survives_a_page_that_is_lost(phone):
    capture(phone, save=False)
    phone.get_by_label("Description").fill("Devant l’école.")
    photograph(phone, picture(), "a.jpg")
    expect(phone.locator(".field-photo")).to_have_count(1)
    phone.reload()
    expect(phone.get_by_label("Description")).to_have_value("Devant l’école.")
    expect(phone.locator(".field-photo")).to_have_count(1)
    phone.get_by_role("button", name="Enregistrer").click()
    request = sent(phone)
    assert (request.description, request.attachments.count()) == ("Devant l’école.", 1)


def test_the_page_opens_without_network_after_the_first_visit(phone):
    phone.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    phone.wait_for_selector("[data-map-ready=true]")
    cut_the_network(phone)
    phone.reload()
    expect(phone.get_by_text("Position à 8 m près")).to_be_visible()
    capture(phone)
    expect(phone.locator("[data-waiting-count]")).to_have_text("1")
    before = ServiceRequest.objects.count()
    phone.context.set_offline(False)
    sent(phone)
    assert ServiceRequest.objects.count() == before + 1


def test_the_browser_offers_to_install_it(phone):
    phone.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    devtools = phone.context.new_cdp_session(phone)
    # Contexts of tests are private windows: that alone is in the way.
    (obstacle,) = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert obstacle["errorId"] == "in-incognito"
    assert devtools.send("Page.getAppManifest")["errors"] == []


def test_who_signs_out_leaves_no_page_behind(phone):
    phone.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    kept = "caches.keys().then((names) => names.length)"
    assert phone.evaluate(kept) > 0
    phone.locator(".bar__end summary").click()
    phone.get_by_role("button", name="Se déconnecter").click()
    phone.wait_for_url("**/connexion/**")
    assert phone.evaluate(kept) == 0


# --- What ---------------------------------------------------------------------------------------------------------


def test_a_suggestion_is_not_routed(phone):
    capture(phone, save=False)
    phone.get_by_text("Suggestion", exact=True).click()
    expect(phone.get_by_text("Une suggestion est lue par le technicien central")).to_be_visible()
    phone.get_by_role("button", name="Enregistrer").click()
    request = sent(phone)
    assert (request.nature, request.state, request.department) == ("suggestion", "to_sort", None)


def test_categories_are_found_by_their_words_and_offered_again(phone):
    phone.get_by_role("button", name="Signaler ici").click()
    phone.get_by_label("Chercher un type").fill("tag")
    expect(phone.locator("[data-family] [data-category]:visible").first).to_contain_text("Graffiti")
    phone.locator("[data-family] [data-category]:visible").first.click()
    phone.get_by_role("button", name="Enregistrer").click()
    sent(phone)
    phone.get_by_role("button", name="Signaler ici").click()
    expect(phone.locator("[data-usual=recent] [data-category=graffiti]")).to_be_visible()
    expect(phone.locator("[data-usual=frequent] [data-category]").first).to_be_visible()


def test_my_captures_tell_their_state(phone):
    capture(phone)
    reference = sent(phone).reference
    phone.get_by_role("link", name="Captures").click()
    row = phone.locator("[data-sent] .field-row", has_text=reference)
    expect(row).to_contain_text("À évaluer")


# --- As it looks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_it_looks_right(phone, screenshot, axe):
    phone.wait_for_selector("[data-map-ready=true]")
    axe(phone)
    screenshot(phone, "field")
    phone.get_by_role("button", name="Signaler ici").click()
    expect(phone.locator("[data-usual=frequent] [data-category]").first).to_be_visible()
    axe(phone)
    screenshot(phone, "field-what")
    phone.locator("[data-category=graffiti]").first.click()
    photograph(phone, picture(), "a.jpg")
    expect(phone.locator(".field-photo")).to_have_count(1)
    axe(phone)
    screenshot(phone, "field-rest")
    cut_the_network(phone)
    phone.get_by_role("button", name="Enregistrer").click()
    phone.get_by_role("link", name="Captures").click()
    expect(phone.get_by_text("En attente du réseau")).to_be_visible()
    axe(phone)
    screenshot(phone, "field-captures")
