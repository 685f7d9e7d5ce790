import pytest

from tests import town as model_town


def pytest_configure() -> None:
    """Pages rendered in tests name static files as they lie in the tree; test_statics.py looks at the real storage."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def town(db) -> model_town.Town:
    return model_town.build()
