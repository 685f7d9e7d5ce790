"""The page of the interface for machines, in a real browser under the platform's own content policy."""

import pytest
from playwright.sync_api import expect

from interventions.requests.models import ServiceRequest
from tests import town as model_town
from tests.town import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def docs(page, client, live_server):
    town = model_town.build()
    town.rule("west", zones=("WEST",))
    client.force_login(town.person("agent"))
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_default_timeout(60_000)  # a megabyte of script
    page.goto("/api/docs/")
    return page


def test_operations_are_described_and_may_be_tried(docs):
    listed = docs.locator("#operations-requests-requests_list")
    listed.get_by_role("button").first.click()
    listed.get_by_role("button", name="Try it out").click()
    listed.get_by_role("button", name="Execute").click()
    expect(listed.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    expect(listed.locator(".live-responses-table tbody .response-col_description").first).to_contain_text(
        "FeatureCollection"
    )


def test_the_example_may_be_sent_with_the_session(docs):
    created = docs.locator("#operations-requests-requests_create")
    created.get_by_role("button").first.click()
    created.get_by_role("button", name="Try it out").click()
    created.get_by_role("button", name="Execute").click()
    expect(created.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("201")
    assert ServiceRequest.objects.get().category.code == "graffiti"
    assert ServiceRequest.objects.get().submitted_at > NOW
