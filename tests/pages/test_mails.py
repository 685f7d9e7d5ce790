"""The mails as they are read: in a window and on a phone, by day and by night, with styles and as plain text."""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.conftest import AXE, Troubles
from tests.pages.letters import KINDS, alike, html, letter, text

pytestmark = pytest.mark.browser
WINDOW, PHONE, SMALL = (600, 900), (390, 844), (320, 640)
CONTRAST = "axe.run(document, {runOnly: ['color-contrast', 'link-name', 'link-in-text-block'], preload: false})"
# As a mail program shows plain text: lines of 72 letters, broken between words where one is longer.
COLUMNS = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Texte</title><style>
    body {{ margin: 16px; }}
    pre {{ width: 72ch; margin: 0; font: 13px/1.4 monospace; white-space: pre-wrap; overflow-wrap: anywhere; }}
    </style></head><body><pre>{}</pre></body></html>"""
SHOWN = {
    "received": ("submitted", WINDOW, False),
    "planned": ("plan", PHONE, False),
    "rescheduled": ("reschedule", WINDOW, False),
    "redirected": ("redirect", PHONE, True),
    "answered": ("answer", WINDOW, True),
    "refused": ("refuse", PHONE, False),
    "closed": ("close", WINDOW, False),
    "notice": ("notice", PHONE, True),
    "digest": ("digest", WINDOW, False),
    "rerouted": ("rerouted", WINDOW, True),
}
# What a button says, and what the bare address below it is for, each where the other part says the same otherwise.
BUTTONS = (
    "Suivre ma demande", "Le lien ne s’ouvre pas ? Copiez-le :", "Ne plus recevoir ces messages",
    "Évaluer", "Ouvrir", "Voir ces demandes",
)  # fmt: skip
LEADS = ("Suivez votre demande ici, sans compte :", "Pour ne plus recevoir ces messages :", "Pour l’ouvrir :")


@pytest.fixture(autouse=True)
def of_the_demo(demo, db, settings) -> None:
    settings.PUBLIC_URL = "https://demandes.caen.example"


@pytest.fixture
def reader(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`reader(size, dark=True)`: a mail program; it fetches nothing."""
    opened: list[tuple[Page, Troubles]] = []

    def make(size: tuple[int, int], *, dark: bool = False) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        page = browser.new_page(viewport=viewport, color_scheme="dark" if dark else "light")
        opened.append((page, Troubles(page, "about:")))
        return page

    yield make
    for page, _troubles in opened:
        page.close()
    assert [line for _page, troubles in opened for line in troubles.unexpected()] == []


@pytest.mark.parametrize("name", SHOWN)
def test_a_mail_looks_right(reader, screenshot, name):
    kind, size, dark = SHOWN[name]
    page = reader(size, dark=dark)
    page.set_content(alike(html(letter(kind))))
    screenshot(page, f"mail-{name}{'-dark' if dark else ''}")


@pytest.mark.parametrize("name", SHOWN)
def test_its_plain_text_reads_well_too(reader, screenshot, name):
    written = text(letter(SHOWN[name][0]))
    assert not re.search(r"\n\n\n|\A\s|\s\n\Z|^[ \t]+$", written, re.MULTILINE)
    assert not re.search(r" [:;?!»](\s|$)|« ", written), "a sign may begin a line"
    page = reader(WINDOW)
    page.set_content(COLUMNS.format(escape(alike(written))))
    assert page.evaluate("document.documentElement.scrollWidth") <= WINDOW[0]
    screenshot(page, f"mail-{name}-text")


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_every_mail_can_be_read_on_a_small_phone(reader, dark):
    page = reader(SMALL, dark=dark)
    page.add_init_script(path=AXE)
    page.goto("about:blank")
    for kind in KINDS:
        page.set_content(html(letter(kind)))
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL[0], kind
        assert page.evaluate(CONTRAST)["violations"] == [], kind


@pytest.mark.parametrize("kind", KINDS)
def test_both_parts_say_the_same_and_nothing_hangs_on_pictures_or_styles(kind):
    written = letter(kind)
    styled, plain = html(written), text(written)
    assert not re.search(r"<img|url\(|<link|<script|@import", styled)
    shown = unescape(re.sub(r"<head>.*?</head>|<[^>]+>", " ", styled, flags=re.DOTALL))
    assert words(shown, without=BUTTONS) == words(plain, without=LEADS)
    assert set(map(unescape, re.findall(r'href="(http[^"]+)"', styled))) == set(re.findall(r"http\S+", plain))


def words(told: str, *, without: tuple[str, ...]) -> list[str]:
    """In their order, without addresses."""
    told = " ".join(re.sub(r"http\S+", " ", told).split())
    for label in without:
        told = told.replace(label, " ")
    return re.findall(r"[^\W_]+", told)
