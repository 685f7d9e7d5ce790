"""The intake screen as its tests handle it."""

import io
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from interventions.requests.models import ServiceRequest

PAGE = "/demandes/nouvelle/"


class Hands:
    """Acts on a page and counts: a click, a key chord or a field filled is one interaction each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def click(self, locator: Locator, **how: Any) -> None:
        self.count += 1
        locator.click(**how)

    def fill(self, label: str, text: str) -> None:
        self.count += 1
        field(self.page, label).fill(text)


def field(page: Page, label: str) -> Locator:
    labelled = page.locator(".intake__form").get_by_label(label, exact=True)
    return labelled.and_(page.locator("input:not([type=radio]), textarea"))


def option(page: Page, text: str) -> Locator:
    return page.get_by_role("option").filter(has_text=text).first


def open_intake(page: Page) -> None:
    page.goto(PAGE)
    page.wait_for_selector(".intake__form.is-live")
    page.wait_for_selector("[data-map][data-map-ready=true]")


def choose_place(page: Page, text: str = "12 rue saint-pierre caen", label: str = "12 Rue Saint-Pierre") -> None:
    field(page, "Où ?").fill(text)
    option(page, label).click()


def choose_subject(page: Page, said: str = "mon lampadaire clignote", name: str = "Lampadaire en panne") -> None:
    field(page, "Quoi ?").fill(said)
    option(page, name).click()


def answer(page: Page) -> Locator:
    return page.get_by_role("region", name="Réponse")


def settled(page: Page) -> None:
    """Until the answer card says what it has to say."""
    expect(answer(page).locator("strong").first).to_be_visible()
    expect(page.locator("[data-part=answer][aria-busy=true]")).to_have_count(0)


def log(page: Page) -> Any:
    """Log the request by its keys; the request there is now."""
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/recue/")
    return latest()


def latest() -> Any:
    return ServiceRequest.objects.select_related("department", "category", "requester").latest("id")


def photo(name: str, colour: str) -> FilePayload:
    content = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}
