"""Named SQL files: `load("interventions.routing", "route")` is the text of interventions/routing/sql/route.sql.

What two statements share is a part: a line `-- include rules` stands for the file rules.part.sql beside them,
`-- include interventions.routing/rules` for that of another package.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from django.db import connection

JSONB = 3802  # its oid in pg_type


INCLUDE = re.compile(r"^ *-- include (?:([\w.]+)/)?(\w+)$", re.MULTILINE)


@cache
def load(package: str, name: str) -> str:
    """The text of a named file, its parts put in."""
    text = resources.files(package).joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")
    return INCLUDE.sub(lambda line: load(line[1] or package, f"{line[2]}.part"), text)


def rows(statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Run one statement with bound parameters; its rows as dictionaries, [] when it returns none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if cursor.description is None:
            return []
        # Django has psycopg hand over jsonb as text.
        columns = [(column.name, column.type_code == JSONB) for column in cursor.description]
        return [
            {
                name: json.loads(value) if is_json and value else value
                for (name, is_json), value in zip(columns, row, strict=True)
            }
            for row in cursor.fetchall()
        ]
