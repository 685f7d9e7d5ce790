"""The mails as they are read: in a window and on a phone, by day and by night; and where their links lead."""

import datetime
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gisplatform.mailing import smtp
from interventions.events.models import Event
from interventions.informing import mail
from interventions.informing.news import SAID, News
from interventions.requests import services
from interventions.requests.models import ServiceRequest
from tests.pages.conftest import AXE

pytestmark = pytest.mark.browser
WINDOW, PHONE, SMALL = (600, 900), (390, 844), (320, 640)
CONTRAST = "axe.run(document, {runOnly: ['color-contrast', 'link-name', 'link-in-text-block'], preload: false})"


def told(move: str) -> EmailMessage:
    """The mail of the latest such event of the demo, with a word of the service if any has, as it goes out."""
    kind = {"kind": Event.Kind.SUBMITTED, "other": None} if move == "submitted" else {"move": move}
    found = Event.objects.filter(public=True, request__requester__isnull=False, **kind)
    written = found.exclude(request__requester__email="").order_by("-text", "-id")
    event = written.first() or made(move)
    composed = mail.compose(News.of(event, event.request), to=event.request.requester.email, message_id=1)
    return message_from_bytes(smtp.whole(composed), policy=default)


def made(name: str) -> Event:
    """One that the demo has not."""
    assert name == "reschedule"
    asked = ServiceRequest.objects.filter(state="accepted", requester__email__gt="").first()
    day = timezone.localdate() + datetime.timedelta(days=9)
    return services.move(
        request_id=asked.pk,
        name=name,
        actor=None,
        now=timezone.now(),
        due_on=day,
        reason="La pluie empêche de peindre.",
    )


def show(page: Page, letter: EmailMessage) -> None:
    page.set_content(letter.get_body(("html",)).get_content())


@pytest.mark.parametrize(
    ("move", "size", "dark"),
    [("submitted", WINDOW, False), ("plan", PHONE, False), ("redirect", PHONE, True), ("answer", WINDOW, True)],
    ids=["received", "planned", "redirected", "answered"],
)
def test_a_mail_looks_right(open_page, demo_db, screenshot, request, move, size, dark):
    page = open_page(size, dark=dark)
    letter = told(move)
    # The port of the test's server would make another picture each time.
    html = re.sub(r"http://localhost:\d+", "https://demandes.caen.example", letter.get_body(("html",)).get_content())
    page.set_content(re.sub(r"(/suivi|/prevenir)/[-\w.]+/", r"\1/Xw1c0nZ0x3l9aV5uH2pQrT7k/", html))
    screenshot(page, f"mail-{request.node.callspec.id}{'-dark' if dark else ''}")


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_every_mail_can_be_read_on_a_small_phone(open_page, demo_db, dark):
    page = open_page(SMALL, dark=dark)
    for move in ("submitted", *SAID):
        show(page, told(move))
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL[0], move
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n;undefined")
        assert page.evaluate(CONTRAST)["violations"] == [], move


def test_nothing_is_lost_without_pictures_or_styles(demo_db):
    for move in ("submitted", *SAID):
        letter = told(move)
        html = letter.get_body(("html",)).get_content()
        assert not re.search(r"<img|url\(|<link|<script|@import", html), move
        words = re.sub(r"<style.*?</style>|<title.*?</title>|<[^>]+>", " ", html, flags=re.DOTALL)
        shown = set(re.findall(r"[^\W_]{4,}", words))
        text = letter.get_body(("plain",)).get_content()
        of_links = {"Suivez", "votre", "sans", "compte", "Pour"}
        assert set(re.findall(r"[^\W_]{4,}", re.sub(r"http\S+", "", text))) - shown <= of_links, move


def test_the_links_open(open_page, demo_db):
    mailbox, browser = open_page(), open_page()
    for move in ("submitted", "redirect", "answer"):
        letter = told(move)
        (reference,) = re.findall(r"\d{4}-\d{6}-\d", letter["Subject"])
        show(mailbox, letter)
        follow, leave = (
            mailbox.get_by_role("link", name=name).get_attribute("href")
            for name in ("Suivre ma demande", "Ne plus recevoir ces messages")
        )
        assert set(re.findall(r"http\S+", letter.get_body(("plain",)).get_content())) == {follow, leave}
        for link in mailbox.get_by_role("link").all():
            assert re.match(r"http://localhost|tel:\+?\d+$|mailto:[^@\s]+@[^@\s]+$", link.get_attribute("href"))
        for address in (follow, leave):
            browser.goto(address)
            expect(browser.get_by_role("article")).to_contain_text(reference)


def test_a_requester_leaves_and_comes_back_without_an_account(page, demo_db, axe):
    show(page, told("submitted"))
    page.goto(page.get_by_role("link", name="Ne plus recevoir ces messages").get_attribute("href"))
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Nous vous prévenons par courriel")
    axe(page)
    page.get_by_role("button", name="Ne plus m’écrire").press("Enter")
    expect(title).to_have_text("Nous ne vous écrivons plus")
    axe(page)
    page.get_by_role("button", name="Me prévenir de nouveau par courriel").press("Enter")
    expect(title).to_have_text("Nous vous prévenons par courriel")
