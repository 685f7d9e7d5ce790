"""Keeps the cells in step with the requests: the triggers note each change, this folds the notes in."""

from django.db import connection, transaction

from gisplatform import sql
from interventions.requests.tiles.grid import BY_CATEGORY_UP_TO, COARSEST, FINEST, SPOT_BITS
from interventions.requests.tiles.models import MapCell, MapChange, MapFolded, MapKind

AT_ONCE = 20_000  # notes folded in one transaction
LOCK = 0x6D6170  # "map": one session folds at a time
GRID = {
    "coarsest": COARSEST, "finest": FINEST, "by_category_up_to": BY_CATEGORY_UP_TO, "spot_bits": SPOT_BITS,
}  # fmt: skip


def fold() -> int:
    """Bring what was noted into the cells; how many notes. What is noted meanwhile waits for the next time."""
    waiting, folded = MapChange.objects.count(), 0
    while folded < waiting:
        done = _fold_some()
        if not done:
            break
        folded += done
    return folded


def _fold_some() -> int:
    with transaction.atomic():
        _alone()
        (row,) = sql.rows(sql.load("interventions.requests.tiles", "fold"), {"at_most": AT_ONCE, **GRID})
        folded: int = row.pop("folded")
        if row["levels"]:
            sql.rows(sql.load("interventions.requests.tiles", "emptied"), row)
    return folded


def rebuild() -> None:
    """Count everything anew: one transaction, in which requests are read but not written. Minutes for millions."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE interventions_servicerequest IN SHARE MODE")
        _alone()
        seen, last = MapFolded.objects.first(), MapChange.objects.count()
        for model in (MapCell, MapKind, MapChange):
            cursor.execute(f"TRUNCATE {model._meta.db_table}")
        sql.rows(sql.load("interventions.requests.tiles", "kinds"), {})
        for by_category, finest in ((False, FINEST), (True, BY_CATEGORY_UP_TO)):
            recounted = {"level": finest, "by_category": by_category, "spot_bits": SPOT_BITS}
            sql.rows(sql.load("interventions.requests.tiles", "recount"), recounted)
            for level in range(finest, COARSEST, -1):
                added = {"level": level, "by_category": by_category}
                sql.rows(sql.load("interventions.requests.tiles", "coarser"), added)
        # The notes thrown away count as folded, and one more: tiles drawn before are not those drawn now.
        MapFolded.objects.update_or_create(
            id=1, defaults={"changes": (seen.changes if seen else 0) + last + 1, "numbers": seen.numbers if seen else 0}
        )
        cursor.execute("ANALYZE interventions_mapcell, interventions_mapkind")


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
