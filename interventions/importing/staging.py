"""From rows to requests: copied to a table of their own, then routed and stored by one statement."""

import datetime
from collections.abc import Sequence

from django.conf import settings
from django.db import connection
from django.utils import timezone

from gisplatform import sql
from gisplatform.geo import STORAGE_SRID
from interventions.importing.rows import Row
from interventions.requests.reference import next_references

STAGE = """
    COPY interventions_incoming (reference, key, category_id, submitted_at, closed_at, due_at, x, y, address,
                                 description, origin) FROM STDIN
"""


def log(placed: Sequence[tuple[Row, float, float]], *, now: datetime.datetime) -> tuple[int, int]:
    """Route these rows and write requests, decisions and events: how many, and how many of them to sort.

    Each with its x and y in the storage CRS. To be called in a transaction; a key that is known is passed over.
    """
    if not placed:
        return 0, 0
    references = next_references([row.submitted_at for row, _x, _y in placed])
    with connection.cursor() as cursor:
        with cursor.copy(STAGE) as copy:
            for reference, (row, x, y) in zip(references, placed, strict=True):
                copy.write_row(
                    (reference, row.key, row.category_id, row.submitted_at, row.closed_at, row.due_at, x, y,
                     row.address, row.description, row.origin)
                )  # fmt: skip
        with sql.large_sets():
            (logged,) = sql.rows(
                sql.load("interventions.importing", "log"),
                {
                    "srid": STORAGE_SRID,
                    "rules_of": timezone.localdate(now),
                    "now": now,
                    "doubt_m": float(settings.ROUTING_DOUBT_M),
                },
            )
        cursor.execute("DELETE FROM interventions_incoming")
    return logged["imported"], logged["to_sort"]
