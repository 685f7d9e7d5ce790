import pytest

from tests.pages.intake.hands import open_intake


@pytest.fixture
def intake(demo_db, page, signed_in):
    """The intake screen of the demo territory, open before an agent."""
    signed_in(page, "agent")
    open_intake(page)
    return page
