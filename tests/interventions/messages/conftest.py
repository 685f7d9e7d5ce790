import logging

import pytest
from django.db import connection

from tests import town as model_town


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
