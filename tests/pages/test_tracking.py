"""The page a requester follows their request on, as they see it."""

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from interventions.informing import guessing
from interventions.requests import services
from interventions.requests.models import Attachment, ServiceRequest
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def address(demo_db) -> str:
    """The page of a request whose work is planned, with a word of the service."""
    planned = ServiceRequest.objects.filter(state="planned", events__text__startswith="Nettoyage").first()
    return f"/suivi/{planned.tracking_token}/"


@pytest.fixture
def done(demo_db) -> ServiceRequest:
    """The work is done, and the photo of it was released."""
    found = ServiceRequest.objects.filter(state="done", interventions__photos__isnull=False).first()
    Attachment.objects.filter(intervention__requests=found).update(shown_at=timezone.now())
    return found


def with_map(page: Page) -> None:
    """Come to the map, which is drawn when it is seen, and go back."""
    page.locator("[data-tracking-map]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-map-ready=true]")
    page.evaluate("scrollTo(0, 0)")


@SIZES
def test_the_page_looks_right(page, address, screenshot, axe):
    page.goto(address)
    with_map(page)
    axe(page)
    screenshot(page, "tracking")


@SIZES
@pytest.mark.parametrize(
    ("state", "say", "move", "title"),
    [
        ("to_evaluate", "precision", "refuse", "Votre message n’est pas parti"),
        ("done", "reopen", "reopen", "Votre demande est déjà rouverte"),
    ],
    ids=["ended", "reopened"],
)
def test_what_was_typed_meanwhile_stays_and_it_is_said_what_to_do(
    demo_db, page, screenshot, axe, state, say, move, title
):
    found = ServiceRequest.objects.filter(state=state).latest("id")
    page.troubles.expect("422")
    page.goto(f"/suivi/{found.tracking_token}/")
    page.locator(f"#{say} summary").click()
    page.locator(f"#{say}-text").fill("C’est derrière le portail, à gauche du banc.")
    services.move(request_id=found.pk, name=move, actor=None, now=timezone.now(), reason="Motif.")
    page.locator(f"#{say} form button").click()
    expect(page.get_by_text(title)).to_be_visible()
    expect(page.locator("textarea:focus")).to_have_value("C’est derrière le portail, à gauche du banc.")
    axe(page)
    screenshot(page, f"tracking-{say}-late")


@SIZES
def test_it_looks_right_once_the_work_is_done(page, done, screenshot, axe):
    page.goto(f"/suivi/{done.tracking_token}/")
    page.get_by_role("button", name="Satisfait", exact=True).click()
    expect(page.get_by_text("Merci de votre réponse.")).to_be_visible()
    with_map(page)
    axe(page)
    screenshot(page, "tracking-done")


def test_it_looks_right_in_the_dark_too(open_page, done, axe):
    page = open_page(PHONE, dark=True)
    page.goto(f"/suivi/{done.tracking_token}/")
    page.get_by_text("Ce n’est pas réparé").click()
    with_map(page)
    axe(page)


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
@pytest.mark.parametrize("state", ["closed", "refused", "cancelled", "duplicate"])
def test_every_end_says_what_can_be_done(page, demo_db, axe, screenshot, state):
    ended = ServiceRequest.objects.filter(state=state).first()
    page.goto(f"/suivi/{ended.tracking_token}/")
    expect(page.get_by_role("link", name="02 61").first).to_be_visible()
    axe(page)
    screenshot(page, f"tracking-{state}")


def test_the_story_is_told_in_order_to_a_screen_reader(page, address):
    page.goto(address)
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_contain_text("Les travaux sont prévus")
    steps = main.get_by_role("list").first.get_by_role("listitem")
    assert [step.locator("strong").inner_text() for step in steps.all()] == [
        "Reçue", "Examinée", "Travaux prévus", "Travaux terminés", "Close",
    ]  # fmt: skip
    expect(main.locator("[aria-current=step]")).to_contain_text("Travaux prévus")
    expect(steps.last).to_contain_text("à venir")


def test_what_a_screen_reader_is_given(page, done):
    page.goto(f"/suivi/{done.tracking_token}/")
    page.get_by_text("Ce n’est pas réparé").click()
    expect(page.get_by_role("main")).to_match_aria_snapshot(
        r"""
        - main:
          - article:
            - paragraph:
              - strong: /\d{4}-\d{6}-\d/
            - heading /Les travaux sont terminés/ [level=1]
            - region "Les étapes de votre demande":
              - list:
                - listitem:
                  - paragraph:
                    - strong: Reçue
                - listitem:
                  - paragraph:
                    - strong: Examinée
                - listitem:
                  - paragraph:
                    - strong: Travaux en cours
                - listitem:
                  - paragraph:
                    - strong: Travaux terminés
                  - paragraph: Nettoyage terminé, photo prise.
                - listitem:
                  - paragraph:
                    - strong: Close
                    - text: (à venir)
            - region "Photos":
              - list:
                - listitem:
                  - link "Après les travaux"
            - region "Êtes-vous satisfait ?":
              - button "Satisfait"
              - button "En partie satisfait"
              - button "Pas satisfait"
              - group:
                - text: /Ce n’est pas réparé/
                - textbox "Qu’est-ce qui ne va toujours pas ?"
                - text: /Seul le service le lit/
                - button "Photos, 3 au plus, si vous le souhaitez"
                - button "Rouvrir ma demande"
            - region "Ajouter quelque chose":
              - group: Ajouter une précision ou une photo
            - region "Graffiti ou tag"
            - region "Qui s’en occupe":
              - link /02 61/
              - link /@caen.example/
        """
    )


def test_a_phone_is_not_scrolled_sideways(open_page, done):
    page = open_page((320, 640))
    page.goto(f"/suivi/{done.tracking_token}/")
    page.get_by_text("Ce n’est pas réparé").click()
    with_map(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_phone_fetches_no_map_before_it_is_looked_at(open_page, done):
    page = open_page(PHONE)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"/suivi/{done.tracking_token}/", wait_until="networkidle")
    assert not [url for url in fetched if "maplibre" in url or "/fonds/" in url or "/tiles/" in url]
    with_map(page)
    assert [url for url in fetched if "maplibre" in url]


@SIZES
def test_a_link_that_was_cut_says_what_to_do(page, demo_db, axe, screenshot):
    page.troubles.expect("404")
    page.goto("/suivi/coupe/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nous ne trouvons aucune demande à cette adresse")
    axe(page)
    screenshot(page, "tracking-unknown")


@SIZES
def test_who_tries_many_is_told_to_wait(page, demo_db, axe, screenshot):
    for number in range(guessing.FREE):
        page.request.get(f"/suivi/{number:024d}/")
    page.troubles.expect("429")
    page.goto("/suivi/coupe/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trop d’adresses fausses à la suite")
    axe(page)
    screenshot(page, "tracking-throttled")
    cache.clear()


# Without a script, by keyboard alone, over a slow network


@pytest.fixture
def plain_phone(browser, live_server, settings):
    """A telephone whose browser runs no script, on a network of 50 kB/s that answers after 0.4 s."""
    settings.PUBLIC_URL = live_server.url
    context = browser.new_context(
        base_url=live_server.url,
        locale="fr-FR",
        viewport={"width": PHONE[0], "height": PHONE[1]},
        java_script_enabled=False,
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000},
    )
    yield page
    context.close()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus bears these words; what is still on its way cannot be reached."""
    page.wait_for_load_state()
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.locator(":focus", has_text=words).count() or page.locator(f'[aria-label="{words}"]:focus').count():
            return
    raise AssertionError(f"no way to {words} by keyboard")


def test_everything_works_without_a_script_by_keyboard_on_a_slow_network(plain_phone, done):
    page = plain_phone
    page.goto(f"/suivi/{done.tracking_token}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Les travaux sont terminés")
    expect(page.get_by_role("link", name="Ouvrir le lieu dans une application de cartes")).to_be_visible()
    expect(page.locator("[data-tracking-map]")).to_be_hidden()

    tab_to(page, "Satisfait")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Merci de votre réponse.")).to_be_visible()
    expect(page.get_by_role("button", name="Satisfait", exact=True)).to_have_attribute("aria-pressed", "true")

    tab_to(page, "Ajouter une précision ou une photo")
    page.keyboard.press("Enter")
    tab_to(page, "L’envoyer au service")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Écrivez quelque chose, ou choisissez une photo.")).to_be_visible()
    # The field that is wrong has the focus already.
    expect(page.get_by_label("Votre précision")).to_be_focused()
    page.keyboard.insert_text("La plaque est à gauche.")
    tab_to(page, "L’envoyer au service")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Merci : le service a reçu ce que vous avez ajouté.")).to_be_visible()

    tab_to(page, "Ce n’est pas réparé")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("Le tag est revenu.")
    expect(page.get_by_label("Qu’est-ce qui ne va toujours pas ?")).to_have_value("Le tag est revenu.")
    tab_to(page, "Rouvrir ma demande")
    page.keyboard.press("Enter")
    expect(page.get_by_text("votre demande est rouverte")).to_be_visible()
    done.refresh_from_db()
    assert done.state == "to_evaluate"
    said = list(done.events.filter(kind="added").order_by("id").values_list("text", flat=True))
    assert said == ["La plaque est à gauche.", "Le tag est revenu."]


def test_a_reopened_request_says_so(open_page, done, axe, screenshot):
    page = open_page(PHONE)
    page.goto(f"/suivi/{done.tracking_token}/")
    page.get_by_text("Ce n’est pas réparé").click()
    page.get_by_label("Qu’est-ce qui ne va toujours pas ?").fill("Le tag est revenu.")
    page.get_by_role("button", name="Rouvrir ma demande").click()
    expect(page.get_by_text("votre demande est rouverte")).to_be_visible()
    axe(page)
    screenshot(page, "tracking-reopened")


def test_what_is_typed_on_the_page_is_sent_once_however_often_it_is_pressed(page, address):
    page.goto(address)
    page.get_by_text("Ajouter une précision ou une photo").click()
    page.get_by_label("Votre précision").fill("Deux fois.")
    page.get_by_role("button", name="L’envoyer au service").dblclick()
    expect(page.get_by_text("Merci : le service a reçu ce que vous avez ajouté.")).to_be_visible()
    token = address.split("/")[2]
    assert ServiceRequest.objects.get(tracking_token=token).events.filter(kind="added").count() == 1
