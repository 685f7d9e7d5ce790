"""From a commit to what a reader sees: pages open in a browser, one change at a time."""

import time
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from interventions.requests.models import ServiceRequest
from interventions.requests.services import note
from tests.pages.conftest import browser, open_page, signed_in  # noqa: F401 (fixtures)
from tests.pages.test_live import follow, logged_like, person  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.bench, pytest.mark.browser]
TIMES = 20
PAUSE_S = 2.5  # a page that has just asked gathers what comes next for a second
ASKED_FOR_S = 1.0


def seen_after(change: Callable[[int], Locator]) -> float:
    """Seconds from the commit to the screen, p95."""
    waits = []
    for number in range(TIMES):
        time.sleep(PAUSE_S)
        shown = change(number)
        committed = time.perf_counter()
        expect(shown).to_be_visible(timeout=10_000)
        waits.append(time.perf_counter() - committed)
    return sorted(waits)[int(TIMES * 0.95) - 1]


def test_a_page_shows_what_happens_within_a_second(ledger, follow):  # noqa: F811
    found = ServiceRequest.objects.filter(state="to_evaluate").latest("submitted_at")
    rows, page = follow("regulateur", "/demandes/"), follow("regulateur", f"/demandes/{found.reference}/")

    def logged(_number: int) -> Locator:
        return rows.locator(f"#row-{logged_like(found).pk}")

    def noted(number: int) -> Locator:
        note(request_id=found.pk, actor=person("agent"), text=f"Rappel {number}.", now=timezone.now())
        return page.locator(".timeline").get_by_text(f"Rappel {number}.", exact=True)

    for what, change in (("row of a list", logged), ("page of a request", noted)):
        ledger.add(
            f"from the commit to the {what} in a browser, p95 of {TIMES}", value=1000 * seen_after(change), unit="ms",
            bar=1, limit_name="the second that is promised", limit_value=1000 * ASKED_FOR_S,
        )  # fmt: skip
