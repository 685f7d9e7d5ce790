"""The import of a file of addresses: read in chunks, each copied to a table of its own and stored as a set."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from basemaps.importing.formats import recognised
from basemaps.importing.places import degrees, stored
from basemaps.importing.rows import Row, RowReader, RowRefused, misplaced
from basemaps.models import Street
from basemaps.words import compared
from gisplatform import sql
from gisplatform.csvfiles import CsvFile, open_csv
from gisplatform.geo import STORAGE_SRID
from gisplatform.refusals import Refusals

CHUNK = 25_000  # addresses: what a transaction holds, and what memory holds
COPY = """
    COPY basemaps_incoming (line, citycode, city, old_city, postcode, name, known_as, words, number, suffix, ban_id,
                            updated_on, locality, locality_known_as, locality_words, place, x, y) FROM STDIN
"""
# The planner knows nothing of what was just copied, and would go through it row by row.
HASHING, AS_USUAL = "SET LOCAL enable_nestloop = off", "SET LOCAL enable_nestloop = on"


@dataclass
class Report:
    """`recognised`: what the file turned out to be (format, encoding, separator)."""

    recognised: dict[str, str]
    imported: int = 0
    updated: int = 0
    skipped: int = 0  # known as they are, older than what is known, or another position of an address
    refused: Refusals = field(default_factory=Refusals)


def import_addresses(
    *, path: Path, source: Street.Source | None = None, progress: Callable[[Report, float], object] = lambda *_: None
) -> Report:
    """Take the addresses of a file, BAN or BAL as its first row tells; `source` says otherwise where they come from.

    An address is known by commune, street, number and repetition, and by its identifier in the national base: the same
    file again changes nothing, a newer one moves and renames. Nothing is taken away, but schematic addresses where
    others come. Each chunk is stored wholly or not at all; `progress` is told after each, with the share of the file
    read. Raises UnreadableFile.
    """
    file = open_csv(path)
    form = recognised(file)
    report = Report(recognised={"format": form.source.value, "encoding": file.encoding, "separator": file.separator})
    rows = _rows(file, RowReader(file, form), report)
    while chunk := list(itertools.islice(rows, CHUNK)):
        with transaction.atomic():
            _take(chunk, source=source or form.source, report=report)
        progress(report, file.share_read)
    return report


def _rows(file: CsvFile, reader: RowReader, report: Report) -> Iterator[Row]:
    """Of several positions of an address that follow each other the one worth most; refused rows are reported."""

    def readable() -> Iterator[Row]:
        for line, cells in file:
            try:
                yield reader.read(line, cells)
            except RowRefused as refusal:
                report.refused.add(line=line, reason=str(refusal))

    for _same, group in itertools.groupby(readable(), key=lambda row: row.same):
        positions = list(group)
        report.skipped += len(positions) - 1
        yield min(positions, key=lambda row: row.place)


def _take(rows: list[Row], *, source: Street.Source, report: Report) -> None:
    """Store what can be stored of a chunk, inside a transaction."""
    lons, lats = degrees(rows)
    placed = []
    for row, lon, lat, x, y in zip(rows, lons, lats, *stored(lons, lats), strict=True):
        if abs(x) == float("inf") or misplaced(row.citycode, lon, lat):
            report.refused.add(line=row.line, reason=_("Its position lies outside the country of its commune."))
        else:
            placed.append((row, x, y))
    if not placed:
        return
    with connection.cursor() as cursor:
        with cursor.copy(COPY) as copy:
            for row, x, y in placed:
                copy.write_row(_staged(row, x, y))
        cursor.execute(HASHING)
        if source != Street.Source.SCHEMATIC:
            cursor.execute(sql.load("basemaps.importing", "schematic"))
        cursor.execute(sql.load("basemaps.importing", "streets"), {"source": source})
        (taken,) = sql.rows(sql.load("basemaps.importing", "numbers"), {"srid": STORAGE_SRID})
        cursor.execute(sql.load("basemaps.importing", "localities"), {"srid": STORAGE_SRID})
        cursor.execute(AS_USUAL)
        cursor.execute("DELETE FROM basemaps_incoming")
    report.imported += taken["imported"]
    report.updated += taken["updated"]
    report.skipped += len(placed) - taken["imported"] - taken["updated"]


def _staged(row: Row, x: float, y: float) -> tuple[object, ...]:
    where = f" {compared(row.old_city)} {compared(row.city)}".replace("  ", " ")
    locality = compared(row.locality)
    return (row.line, row.citycode, row.city, row.old_city, row.postcode, row.name, row.known_as, row.known_as + where,
            row.number, row.suffix, row.ban_id, row.updated_on, row.locality, locality,
            locality + where if locality else "", row.place, x, y)  # fmt: skip
