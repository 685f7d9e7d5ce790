import pytest

from tests.pages.intake.hands import open_intake


@pytest.fixture
def intake(demo_db, page, sign_in, settings, tmp_path):
    """The intake screen of the demo territory, open before an agent."""
    settings.MEDIA_ROOT = tmp_path
    sign_in(page, "agent")
    open_intake(page)
    return page
