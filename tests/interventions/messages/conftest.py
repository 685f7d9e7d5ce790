import datetime
import logging
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests import town as model_town
from tests.interventions.messages.gateway import served

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def committed_town(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")  # not emptied after a test
    return model_town.build()


@pytest.fixture
def quiet_mail_server():
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    yield
    logging.getLogger("mail.log").setLevel(logging.NOTSET)


@pytest.fixture
def gateway(settings):
    """A gateway, and no quiet hours: those tests that are about them set them."""
    settings.PUBLIC_URL = "https://demandes.ville.example"
    settings.SMS_QUIET, settings.SMS_SUNDAYS, settings.SMS_TIMEOUT_S = None, True, 1
    with served() as found:
        settings.SMS_URL = found.url
        yield found


@pytest.fixture
def by_night(settings):
    settings.SMS_QUIET, settings.SMS_SUNDAYS = (datetime.time(21), datetime.time(8)), False
    return settings


def local(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=PARIS)
