"""The rows of the demo territory: loaded once a session as `make demo` does, then copied back in a blink."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import override_settings

from interventions.demo import Demo

# What the migrations wrote stays as it is.
KEPT = {"django_migrations", "spatial_ref_sys"}

# Never back: rows that another test committed, and no flush removes, bear the numbers in between.
ONWARDS = """
    SELECT setval(%(name)s, GREATEST(%(value)s, last_value))
    FROM pg_sequences
    WHERE schemaname = 'public' AND quote_ident(sequencename) = %(name)s
"""


@dataclass(frozen=True)
class DemoRows:
    """Table → its rows in the words of COPY, sequence → where it stands; `now` and `media` are those of the loading."""

    now: datetime.datetime
    media: Path
    tables: dict[str, bytes]
    sequences: dict[str, int]

    @classmethod
    def of(cls, now: datetime.datetime, media: Path) -> "DemoRows":
        """Load the territory, keep its rows, and leave the database as it was."""
        with transaction.atomic(), override_settings(MEDIA_ROOT=media):
            Demo(settings.BASE_DIR / "fixtures", now=now, say=lambda _line: None).load()
            rows = cls(now, media, {name: _copied(name) for name in _tables()}, _sequences())
            transaction.set_rollback(True)
        return rows

    def put_back(self) -> None:
        """Make the database hold these rows and no others."""
        with transaction.atomic(), connection.cursor() as cursor:
            # The rows come as they were: no foreign key to look up again, no trigger to write them twice.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"TRUNCATE {', '.join(_quoted(name) for name in self.tables)}")
            for name, content in self.tables.items():
                if content:
                    with cursor.copy(f"COPY {_quoted(name)} FROM STDIN") as into:
                        into.write(content)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            for name, value in self.sequences.items():
                cursor.execute(ONWARDS, {"name": name, "value": value})
        ContentType.objects.clear_cache()


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in cursor.fetchall() if name not in KEPT]


def _sequences() -> dict[str, int]:
    """Those that have given a number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
            " WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        return dict(cursor.fetchall())


def _copied(name: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {_quoted(name)} TO STDOUT") as out:
        return b"".join(bytes(piece) for piece in out)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
