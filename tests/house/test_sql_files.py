"""Every named SQL file says what it takes, is used, and is a statement PostgreSQL can plan."""

import re
from pathlib import Path

import pytest
from django.db import connection

from gisplatform import sql
from tests.house.sources import ROOMS, ROOT, tracked

FILES = [path for room in ROOMS for path in tracked(f"{room}/**.sql")]
PARTS = [path for path in FILES if path.name.endswith(".part.sql")]
SOURCE = "\n".join(path.read_text() for room in ROOMS for path in tracked(f"{room}/**.py", f"{room}/*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def package(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parts[:-2])


@pytest.fixture(params=FILES, ids=name)
def file(request):
    return request.param


@pytest.fixture(params=[path for path in FILES if path not in PARTS], ids=name)
def statement(request):
    return request.param


@pytest.fixture(params=PARTS, ids=name)
def part(request):
    return request.param


def test_it_opens_with_what_it_takes_and_gives(file):
    header = [line for line in file.read_text().splitlines() if line.startswith("--")]
    assert len(header) >= 3
    assert any(line.strip().startswith("--   out") for line in header)


def test_it_is_loaded_somewhere(statement):
    assert f'"{package(statement)}", "{statement.stem}"' in SOURCE


def test_a_part_is_part_of_something(part):
    name = part.name.removesuffix(".part.sql")
    lines = (f"-- include {name}\n", f"-- include {package(part)}/{name}\n")
    assert any(line in other.read_text() for line in lines for other in FILES)


def test_the_database_can_plan_it(statement, db):
    text = sql.load(package(statement), statement.stem)
    names = set(re.findall(r"%\((\w+)\)s", text))
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + text, dict.fromkeys(names))
        assert cursor.fetchall()
