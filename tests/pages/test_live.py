"""Pages that follow what happens, side by side: what others do appears, what their reader has begun stays."""

import re
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, Route, expect

from gisplatform.models import User
from interventions.noticing.bell import unread
from interventions.noticing.models import Notification
from interventions.requests import services as requests
from interventions.requests.models import ServiceRequest
from interventions.work import services as work
from interventions.work.models import Intervention
from tests.letterbox import work as work_off
from tests.pages.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
DRAWN = "[data-map-ready=true]"
# A page asks the less often the longer answers take, and here all pages and the server share one machine.
PATIENT_MS = 20_000
# What of these elements lies where the box is.
UNDER = """(all, box) => all.filter((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    const beside = right <= box.x || box.x + box.width <= left || bottom <= box.y || box.y + box.height <= top;
    return each.checkVisibility() && !beside;
}).map((each) => each.outerHTML)"""


@pytest.fixture
def follow(demo_db, live_server_with_news, open_page, signed_in) -> Callable[..., Page]:
    """`follow("agent", "/demandes/")`: their page, once news come."""

    def opened(who: str, address: str, viewport: tuple[int, int] = DESK) -> Page:
        page = open_page(viewport, at=live_server_with_news.url)
        if who:
            signed_in(page, who)
        page.goto(address)
        expect(page.locator("[data-live-state]")).to_have_attribute("data-state", "on")
        return page

    return opened


def person(name: str) -> User:
    return User.objects.get(username=name)


def logged_like(found: ServiceRequest) -> ServiceRequest:
    return requests.submit(
        author=person("agent"), category=found.category, geom=found.geom, channel="phone", key=uuid4(),
        now=timezone.now(),
    )  # fmt: skip


def number_in(page: Page, selector: str) -> int:
    return int(re.sub(r"\D", "", page.locator(selector).inner_text()))


def test_all_who_look_see_the_work_end(follow):
    company = person("prestataire")
    ordered = Intervention.objects.visible_to(company).filter(state="in_progress").earliest("id")
    told = ordered.requests.earliest("id")
    address = f"/demandes/?received_from=2025-01-01&department={told.department.code}"
    agent = follow("regulateur", address)
    manager = follow("responsable", "/pilotage/")
    contractor = follow("prestataire", "/prestataire/", PHONE)
    requester = follow("", f"/suivi/{told.tracking_token}/", PHONE)
    row = agent.locator(f"#row-{told.pk}")
    row.evaluate("(row) => row.scrollIntoView({ block: 'start' })")
    scrolled = agent.locator("#rows").evaluate("(list) => list.scrollTop")
    assert scrolled > 0
    # Each has begun something.
    another = contractor.locator(f".work-card:not(#{ordered.reference}) .work-card__move").first
    another.locator("summary").click()
    done = another.locator("textarea")
    done.fill("Nettoyé à l’")
    requester.locator("#precision summary").click()
    precision = requester.locator("#precision-text")
    precision.fill("C’est aussi de")
    closed, waiting = number_in(manager, ".figure--closed strong"), number_in(contractor, "[aria-current] .work__count")

    work.move(intervention_id=ordered.pk, name="finish", actor=company, now=timezone.now(), text="Remplacé.")
    expect(contractor.locator(f"#{ordered.reference}")).to_have_count(0, timeout=PATIENT_MS)
    assert number_in(contractor, "[aria-current] .work__count") == waiting - 1
    expect(row).to_contain_text("Terminée", timeout=PATIENT_MS)
    expect(requester.get_by_role("heading", level=1)).to_contain_text("terminés", timeout=PATIENT_MS)
    requests.move(request_id=told.pk, name="close", actor=person("responsable"), now=timezone.now())
    expect(row).to_contain_text("Close", timeout=PATIENT_MS)
    expect(manager.locator(".figure--closed strong")).to_have_text(str(closed + 1), timeout=PATIENT_MS)
    expect(requester.locator("[aria-current=step]")).to_contain_text("Close", timeout=PATIENT_MS)
    assert agent.locator("#rows").evaluate("(list) => list.scrollTop") == scrolled
    assert agent.url.endswith(address)
    expect(agent.locator("[name=department]")).to_have_value(told.department.code)
    expect(done).to_have_value("Nettoyé à l’")
    expect(precision).to_have_value("C’est aussi de")
    expect(precision).to_be_focused()


def test_a_colleague_who_was_faster_is_named_and_the_reason_stays(follow, screenshot, axe):
    page = follow("regulateur", "/regulation/")
    page.wait_for_selector(DRAWN)
    reference = page.locator(".request__reference").first.inner_text()
    page.keyboard.press("r")
    reason = page.locator("#refuse-reason")
    reason.fill("Fresque aut")
    found = ServiceRequest.objects.get(reference=reference)
    requests.move(request_id=found.pk, name="accept", actor=person("responsable"), now=timezone.now())
    said = page.locator(".desk__evaluate")
    expect(said).to_contain_text(
        "Cette demande est déjà évaluée. Demande acceptée – Hélène Desvaux", timeout=PATIENT_MS
    )
    expect(page.locator(f"#in-queue-{reference}")).to_have_count(0, timeout=PATIENT_MS)
    expect(page.locator(".request__reference").first).to_have_text(reference, timeout=PATIENT_MS)
    expect(reason).to_be_focused(timeout=PATIENT_MS)
    page.keyboard.type("orisée.")
    expect(reason).to_have_value("Fresque autorisée.", timeout=PATIENT_MS)
    axe(page)
    screenshot(page, "live-desk")


def test_new_rows_are_offered_to_who_reads_further_down(follow, screenshot):
    page = follow("regulateur", "/demandes/")
    page.wait_for_selector(DRAWN)
    rows = page.locator("tr[data-row]")
    page.locator("#rows").evaluate("(list) => { list.scrollTop = 300; }")
    seen = rows.nth(14)
    pk, top = seen.get_attribute("data-row"), seen.bounding_box()["y"]
    new = [logged_like(ServiceRequest.objects.get(pk=pk)) for _each in range(3)]
    offer = page.get_by_role("link", name="3 nouvelles demandes")
    expect(offer).to_be_visible(timeout=PATIENT_MS)
    assert abs(page.locator(f"#row-{pk}").bounding_box()["y"] - top) < 1
    screenshot(page, "live-list")
    offer.click()
    expect(page.locator(f"#row-{new[2].pk}")).to_be_in_viewport(timeout=PATIENT_MS)
    expect(offer).to_be_hidden(timeout=PATIENT_MS)

    # The panel of one of them, a note half typed in it.
    page.locator(f"#row-{new[2].pk} a").click()
    page.locator("[data-panel] summary", has_text="Ajouter une note").click()
    note = page.locator("[data-panel] #note-text")
    note.fill("Vu sur")
    requests.note(request_id=new[2].pk, actor=person("agent"), text="Rappelé.", now=timezone.now())
    expect(page.locator("[data-panel]")).to_contain_text("Rappelé.", timeout=PATIENT_MS)
    expect(note).to_be_focused(timeout=PATIENT_MS)
    expect(note).to_have_value("Vu sur", timeout=PATIENT_MS)


@pytest.mark.parametrize(
    ("who", "address", "name"),
    [("regulateur", "/demandes/", "live-off-list"), ("prestataire", "/prestataire/", "live-off-company")],
)
def test_a_break_is_said_over_nothing_one_works_with(follow, screenshot, who, address, name):
    page = follow(who, address, PHONE)
    page.troubles.expect("ERR_INTERNET_DISCONNECTED")
    page.wait_for_selector("[data-map]:not([data-map-ready])", state="detached")
    top = page.locator("#main").bounding_box()["y"]
    page.context.set_offline(True)
    state = page.locator("[data-live-state]")
    expect(state).to_contain_text("hors ligne", timeout=PATIENT_MS)
    assert page.locator("#main").bounding_box()["y"] == top
    assert page.locator("a, button, input, select, summary").evaluate_all(UNDER, state.bounding_box()) == []
    screenshot(page, name)


def test_a_page_just_opened_is_not_read_again_and_misses_nothing(follow):
    found = ServiceRequest.objects.filter(state="to_evaluate", department__code="proprete-urbaine").latest("pk")
    page = follow("regulateur", f"/demandes/{found.reference}/")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.reload()
    expect(page.locator("[data-live-state]")).to_have_attribute("data-state", "on")
    page.wait_for_timeout(1500)  # by when it would have begun
    assert [each.url for each in asked if "x-live" in each.headers] == []

    def meanwhile(stream: Route) -> None:
        requests.note(request_id=found.pk, actor=person("agent"), text="Entre-temps.", now=timezone.now())
        stream.continue_()

    page.route("**/live/**", meanwhile, times=1)
    page.reload()
    expect(page.locator(".timeline")).to_contain_text("Entre-temps.", timeout=PATIENT_MS)
    assert len([each for each in asked if "x-live" in each.headers]) == 1


def test_the_bell_counts_what_happens_meanwhile_until_it_is_read(follow):
    agent = person("agent")
    told = Notification.objects.filter(person=agent, request__isnull=False).values("request")
    mine = ServiceRequest.objects.filter(author=agent, state="to_evaluate").exclude(pk__in=told)
    first, second = mine.order_by("-pk")[:2]
    before = unread(agent)
    page = follow("agent", "/couches/")
    count = page.locator("[data-bell-count]")

    def happens(request: ServiceRequest, text: str) -> None:
        requests.note(request_id=request.pk, actor=person("responsable"), text=text, now=timezone.now())
        work_off()

    def meanwhile(stream: Route) -> None:
        happens(second, "Rappelé.")
        stream.continue_()

    # While the page is open, and between the making of one and its stream.
    page.evaluate("window.isTheSame = true")
    happens(first, "Rappeler jeudi.")
    expect(count).to_have_text(str(before + 1), timeout=PATIENT_MS)
    assert page.evaluate("window.isTheSame")
    page.route("**/live/**", meanwhile, times=1)
    page.reload()
    expect(count).to_have_text(str(before + 2), timeout=PATIENT_MS)

    page.locator("[data-bell]").click()
    line = page.locator(".notice-line.is-unread", has_text="Rappeler jeudi.")
    line.get_by_role("button", name="Marquer comme lue").click()
    expect(line).to_have_count(0)
    expect(count).to_have_text(str(before + 1))
    assert unread(agent) == before + 1


def test_a_break_is_said_and_made_up_for(follow, screenshot, axe):
    waiting = ServiceRequest.objects.filter(state="to_evaluate", department__code="proprete-urbaine")
    found = waiting.latest("submitted_at")
    page = follow("regulateur", f"/demandes/{found.reference}/")
    page.wait_for_selector(DRAWN)
    page.troubles.expect("ERR_INTERNET_DISCONNECTED")
    page.locator("summary", has_text="Ajouter une note").click()
    page.locator("#note-text").fill("À revoir")
    page.context.set_offline(True)
    state = page.locator("[data-live-state]")
    expect(state).to_contain_text("hors ligne", timeout=PATIENT_MS)
    screenshot(page, "live-off")
    say = partial(requests.note, request_id=found.pk, actor=person("agent"))
    for number in (1, 2):
        say(text=f"Rappel {number}.", now=timezone.now())
    page.context.set_offline(False)
    expect(state).to_have_attribute("data-state", "on", timeout=PATIENT_MS)
    for number in (1, 2):
        expect(page.locator(".timeline").get_by_text(f"Rappel {number}.")).to_have_count(1, timeout=PATIENT_MS)
    expect(page.locator("#note-text")).to_have_value("À revoir", timeout=PATIENT_MS)
    axe(page)
