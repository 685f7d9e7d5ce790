"""Every named SQL file says what it takes, is used, and is a statement PostgreSQL can plan."""

import re

import pytest
from django.db import connection

from tests.house.sources import ROOMS, ROOT, tracked

FILES = [path for room in ROOMS for path in tracked(f"{room}/**.sql")]
SOURCE = "\n".join(path.read_text() for room in ROOMS for path in tracked(f"{room}/**.py", f"{room}/*.py"))


@pytest.fixture(params=FILES, ids=lambda path: str(path.relative_to(ROOT)))
def file(request):
    return request.param


def test_it_opens_with_what_it_takes_and_gives(file):
    header = [line for line in file.read_text().splitlines() if line.startswith("--")]
    assert len(header) >= 3
    assert any(line.strip().startswith("--   out") for line in header)


def test_it_is_loaded_somewhere(file):
    package = ".".join(file.relative_to(ROOT).parts[:-2])
    assert f'"{package}", "{file.stem}"' in SOURCE


def test_the_database_can_plan_it(file, db):
    statement = file.read_text()
    names = set(re.findall(r"%\((\w+)\)s", statement))
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement, dict.fromkeys(names))
        assert cursor.fetchall()
