import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from basemaps import catalogue
from gisplatform import announcements
from tests import town as model_town
from tests.demo_rows import DemoRows
from tests.letterbox import free_port, letterbox, mail_settings  # noqa: F401 (fixtures)
from tests.live_door import live_server_with_news  # noqa: F401 (fixture)


def pytest_configure() -> None:
    """Pages rendered in tests name static files as they lie in the tree; test_statics.py looks at the real storage."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    # Slow on purpose in real life, and in no test about passwords.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Pages follow what happens in the tests that are about it, on a server that sends news.
    settings.LIVE = False


def pytest_terminal_summary(terminalreporter) -> None:
    """What tests on real data recorded, from whichever process they ran in: a table of files, and figures."""
    reports = [each for outcome in ("passed", "failed") for each in terminalreporter.stats.get(outcome, [])]
    told = [each for report in reports for each in report.user_properties]
    rows, figures = (sorted(value for name, value in told if name == kind) for kind in ("file", "figure"))
    if rows:
        terminalreporter.write_sep("-", f"{len(rows)} files and layers, found in the wild or made awkward")
        terminalreporter.write_line(f"{'file|layer':<55} zones refused  what is said")
    for row in rows:
        terminalreporter.write_line(row)
    if figures:
        terminalreporter.write_sep("-", "figures")
    for figure in figures:
        terminalreporter.write_line(figure)


@pytest.fixture(autouse=True)
def nothing_entered() -> None:
    """What processes keep for some seconds would go from test to test, and have queries counted by the clock."""
    announcements.unended.keep([], until=float("inf"))
    catalogue.entered.keep({}, until=float("inf"))
    # Rows put back take up numbers that others had: what is kept by number would be theirs.
    cache.clear()


@pytest.fixture
def still_clock(monkeypatch) -> None:
    """For the platform it is the model town's NOW, and it stays so: no midnight between two lines of a test."""
    monkeypatch.setattr(timezone, "now", lambda: model_town.NOW)


@pytest.fixture
def town(db) -> model_town.Town:
    return model_town.build()


@pytest.fixture(scope="session")
def demo_rows(django_db_setup, django_db_blocker, tmp_path_factory) -> DemoRows:
    """The demo territory, loaded once: `demo_rows.put_back()` brings it into a test's database."""
    with django_db_blocker.unblock():
        return DemoRows.of(timezone.now(), tmp_path_factory.mktemp("demo-media"))


@pytest.fixture(scope="module")
def demo(demo_rows, django_db_blocker):
    """The demo territory, put there once for a whole file and gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo_rows.put_back()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo_db(transactional_db, demo_rows, settings) -> None:
    """The demo territory as `make demo` loads it, its news told already; the live server sees it too."""
    settings.MEDIA_ROOT = demo_rows.media
    demo_rows.put_back()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
