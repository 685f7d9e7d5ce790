"""A real Chromium on the live server. Whatever goes wrong in the page's console or network fails the test."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from gisplatform.models import User

# Playwright's sync API runs an event loop in this thread; Django would refuse the database in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESK, PHONE = (1366, 768), (390, 844)
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "docs/screenshots"
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # The system's own where there is one, else the one that `make test` has Playwright fetch.
    chromium = os.environ.get("GISPLATFORM_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        # LANGUAGE is the browser's own tongue: the shape of date fields, the words of file buttons.
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, env={**os.environ, "LANGUAGE": "fr_FR:fr"}
        )
        yield browser
        browser.close()


class Troubles:
    """What went wrong in a page. A test that provokes a refusal says so first: `page.troubles.expect("404")`."""

    def __init__(self, page: Page, origin: str) -> None:
        self.found: list[str] = []
        self.expected: list[str] = []
        self.origin = origin
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.add("error", str(error)))
        page.on("requestfailed", self._failed)
        page.on("request", self._leaves)

    def add(self, kind: str, text: str) -> None:
        self.found.append(f"{kind}: {text}")

    def expect(self, piece: str) -> None:
        self.expected.append(piece)

    def unexpected(self) -> list[str]:
        return [line for line in self.found if not any(piece in line for piece in self.expected)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.add("console", message.text)

    def _failed(self, request: Request) -> None:
        # A page left, or a search overtaken by the next letter, gives up its own requests.
        if request.failure != "net::ERR_ABORTED":
            self.add("failed", f"{request.url} {request.failure}")

    def _leaves(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.add("leaves the platform", request.url)


@pytest.fixture
def open_page(browser: Browser, live_server, settings) -> Iterator[Callable[..., Page]]:
    """`open_page(viewport, dark=True, at=url)`: a page of its own context, as on a machine in Caen."""
    settings.PUBLIC_URL = live_server.url
    opened: list[tuple[Page, Troubles]] = []

    def make(viewport: tuple[int, int] = DESK, *, dark: bool = False, at: str = live_server.url) -> Page:
        context = browser.new_context(
            base_url=at,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": viewport[0], "height": viewport[1]},
            has_touch=viewport[0] < 600,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        troubles = Troubles(page, at)
        page.troubles = troubles  # type: ignore[attr-defined]
        opened.append((page, troubles))
        return page

    yield make
    found = [line for _page, troubles in opened for line in troubles.unexpected()]
    for page, _troubles in opened:
        page.context.close()
    assert not found, "\n".join(found)


@pytest.fixture
def viewport() -> tuple[int, int]:
    """The size of `page`: a desk's, unless a test parametrizes `viewport` with PHONE."""
    return DESK


@pytest.fixture
def page(open_page: Callable[..., Page], viewport: tuple[int, int]) -> Page:
    return open_page(viewport)


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """`sign_in(page, "agent")`: through the form, as a person does."""

    def through_the_form(page: Page, username: str, password: str = "demo") -> None:
        page.goto("/connexion/")
        page.get_by_label("Nom d’utilisateur").fill(username)
        page.get_by_label("Mot de passe").fill(password)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url(lambda url: "/connexion/" not in url)

    return through_the_form


@pytest.fixture
def signed_in(live_server, settings) -> Callable[..., None]:
    """`signed_in(page, "agent")`: their session, without the form and the home it leads to, for what lies elsewhere."""

    def by_cookie(page: Page, username: str) -> None:
        client = Client()
        client.force_login(User.objects.get(username=username))
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        # A page opened otherwise than by `open_page` is on the live server.
        origin = page.troubles.origin if hasattr(page, "troubles") else live_server.url
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": origin}])

    return by_cookie


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: fails with what axe-core finds, rule by rule: levels A and AA, best practice."""

    def find_nothing(page: Page) -> None:
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n;undefined")
        result = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
        found = [
            f"{violation['id']}: {violation['help']}\n"
            + "\n".join(f"    {node['html']}" for node in violation["nodes"])
            for violation in result["violations"]
        ]
        assert not found, f"axe on {page.url}\n" + "\n".join(found)

    return find_nothing


@pytest.fixture
def screenshot() -> Callable[..., Path]:
    """`screenshot(page, "intake")` → docs/screenshots/intake-1366.png, once its maps are drawn; 250 kB at most."""

    def take(page: Page, name: str) -> Path:
        # A selector, not a function: the page's policy forbids the eval that polling one needs.
        page.wait_for_selector("[data-map]:not([data-map-ready])", state="detached")
        page.evaluate("document.fonts.ready.then(() => undefined)")
        raw = page.screenshot(animations="disabled", caret="hide")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        assert page.viewport_size is not None
        file = SCREENSHOTS / f"{name}-{page.viewport_size['width']}.png"
        picture = Image.open(io.BytesIO(raw)).convert("RGB")
        # This method keeps the colours of small things: the dots of the map.
        few = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(file, optimize=True)
        assert file.stat().st_size <= 250_000, f"{file.name}: {file.stat().st_size} bytes"
        return file

    return take
