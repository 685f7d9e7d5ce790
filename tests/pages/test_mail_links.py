"""Where the links of the mails to requesters lead."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.letters import html, text, told

pytestmark = pytest.mark.browser


def test_the_links_open(open_page, demo_db):
    mailbox, browser = open_page(), open_page()
    for move in ("submitted", "redirect", "answer"):
        letter = told(move)
        (reference,) = re.findall(r"\d{4}-\d{6}-\d", letter["Subject"])
        mailbox.set_content(html(letter))
        follow, leave = (
            mailbox.get_by_role("link", name=name).get_attribute("href")
            for name in ("Suivre ma demande", "Ne plus recevoir ces messages")
        )
        assert set(re.findall(r"http\S+", text(letter))) == {follow, leave}
        for link in mailbox.get_by_role("link").all():
            assert re.match(r"http://localhost|tel:\+?\d+$|mailto:[^@\s]+@[^@\s]+$", link.get_attribute("href"))
        for address in (follow, leave):
            browser.goto(address)
            expect(browser.get_by_role("article")).to_contain_text(reference)


def test_a_requester_leaves_and_comes_back_without_an_account(page, demo_db, axe):
    page.set_content(html(told("submitted")))
    page.goto(page.get_by_role("link", name="Ne plus recevoir ces messages").get_attribute("href"))
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Nous vous prévenons par courriel")
    axe(page)
    page.get_by_role("button", name="Ne plus m’écrire").press("Enter")
    expect(title).to_have_text("Nous ne vous écrivons plus")
    axe(page)
    page.get_by_role("button", name="Me prévenir de nouveau par courriel").press("Enter")
    expect(title).to_have_text("Nous vous prévenons par courriel")
