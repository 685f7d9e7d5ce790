"""Named SQL files: `load("interventions.routing", "route")` is the text of interventions/routing/sql/route.sql.

What two statements share is a part: a line `-- include rules` stands for the file rules.part.sql beside them,
`-- include interventions.routing/rules` for that of another package.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection, connections

JSONB = 3802  # its oid in pg_type


INCLUDE = re.compile(r"^ *-- include (?:([\w.]+)/)?(\w+)$", re.MULTILINE)


PARAMETER = re.compile(r"%\((\w+)\)s")
# What each connection has prepared; a connection of the pool is kept, and what it prepared with it.
_PREPARED: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@cache
def load(package: str, name: str) -> str:
    """The text of a named file, its parts put in."""
    text = resources.files(package).joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")
    return INCLUDE.sub(lambda line: load(line[1] or package, f"{line[2]}.part"), text)


def prepared(package: str, name: str) -> str:
    """A call of a named file, planned once a connection: for what is asked often and takes longer to plan than to run.

    Takes the parameters of the file, each of which must have a type by a cast or by what it is compared with.
    """
    called, body, call = _preparation(package, name)
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: `connection` looks it up each time it is mentioned
    database.ensure_connection()
    known = _PREPARED.setdefault(database.connection, set())
    if called not in known:
        with database.wrap_database_errors:
            database.connection.execute(f"PREPARE {called} AS {body}")
        known.add(called)
    return call


@cache
def _preparation(package: str, name: str) -> tuple[str, str, str]:
    """Its name in the database, its text with numbered parameters, and a call of it with named ones."""
    text = load(package, name)
    names = sorted(set(PARAMETER.findall(text)))
    numbers = {each: f"${number}" for number, each in enumerate(names, 1)}
    called = f"{name}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    body = PARAMETER.sub(lambda each: numbers[each[1]], text).replace("%%", "%")
    return called, body, f"EXECUTE {called} ({', '.join(f'%({each})s' for each in names)}) /* {package}/{name} */"


@contextmanager
def large_sets() -> Iterator[None]:
    """Inside a transaction: statements join by equality, for sets whose sizes cannot be guessed beforehand.

    A nested loop over them would take hours. What has an index is still reached by it where nothing else is possible.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '128MB'"
        )
        yield
        cursor.execute("RESET enable_nestloop; RESET enable_mergejoin; RESET work_mem")


@contextmanager
def at_most(*, seconds: float) -> Iterator[None]:
    """Inside a transaction: a statement that takes longer is cancelled, with OperationalError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
        yield
        cursor.execute("RESET statement_timeout")


def rows(statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Run one statement with bound parameters; its rows as dictionaries, [] when it returns none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        described = cursor.description  # composed anew each time it is asked for
        if described is None:
            return []
        # Django has psycopg hand over jsonb as text.
        columns = [(column.name, column.type_code == JSONB) for column in described]
        return [
            {
                name: json.loads(value) if is_json and value else value
                for (name, is_json), value in zip(columns, row, strict=True)
            }
            for row in cursor.fetchall()
        ]


def tuples(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """As `rows`, for many rows of plain numbers and texts."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
