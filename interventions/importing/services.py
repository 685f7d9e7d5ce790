"""The import of a file of requests: read in chunks, each routed and stored by one statement in its own transaction."""

import datetime
import itertools
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gisplatform.csvfiles import CsvFile, open_csv
from gisplatform.geo import points_to_storage
from interventions.importing.categories import CategoryBook
from interventions.importing.dates import Dates
from interventions.importing.report import Report
from interventions.importing.rows import Fields, Row, RowReader, RowRefused
from interventions.importing.staging import log
from interventions.requests.models import ServiceRequest

CHUNK = 25_000  # rows: what a transaction holds, and what memory holds
SAMPLE = 5_000  # rows the order of the dates is judged by


def import_requests(
    *,
    path: Path,
    source: str,
    named: Fields,
    create_categories: bool = False,
    dry_run: bool = False,
    now: datetime.datetime,
    progress: Callable[[Report, float], object] = lambda _report, _share: None,
) -> Report:
    """Log each row of a CSV as a request of `source`, decided by the rules in force on the day of `now`.

    A row is known by (source, id): what an earlier run has taken is skipped, so that an import may be repeated, or go
    on where it was cut. Each chunk is stored wholly or not at all; `progress` is told after each, with the share of the
    file read. Nobody is written to. `dry_run` does the same and keeps nothing.
    Raises UnreadableFile, MissingColumn.
    """
    file = open_csv(path)
    dates = Dates(_sample(file, named))
    report = Report(recognised={"encoding": file.encoding, "separator": file.separator, "dates": dates.order})
    with transaction.atomic() if dry_run else nullcontext():
        book = CategoryBook(create=create_categories, family=_("Imported from %(source)s") % {"source": source})
        reader = RowReader(file, named=named, source=source, book=book, dates=dates, now=now)
        for chunk in _chunks(file):
            with transaction.atomic():
                _take(chunk, reader=reader, report=report, now=now)
            progress(report, file.share_read)
        report.created_categories = book.created
        if dry_run:
            transaction.set_rollback(True)
    return report


def _sample(file: CsvFile, named: Fields) -> list[str]:
    columns = [file.column(name) for name in (named.opened, named.closed) if name]
    rows = (cells for _line, cells in itertools.islice(iter(file), SAMPLE))
    return [cells[column] for cells in rows for column in columns if column < len(cells)]


def _chunks(file: CsvFile) -> Iterator[list[tuple[int, list[str]]]]:
    rows = iter(file)
    while chunk := list(itertools.islice(rows, CHUNK)):
        yield chunk


def _take(chunk: list[tuple[int, list[str]]], *, reader: RowReader, report: Report, now: datetime.datetime) -> None:
    """Store what can be stored of a chunk, inside a transaction."""
    rows: dict[UUID, Row] = {}
    for line, cells in chunk:
        try:
            row = reader.read(line, cells)
        except RowRefused as refusal:
            report.refused.add(line=line, reason=str(refusal))
        else:
            report.skipped += row.key in rows
            rows.setdefault(row.key, row)
    known = set(ServiceRequest.objects.filter(key__in=list(rows)).values_list("key", flat=True))
    report.skipped += len(known)
    fresh = [row for key, row in rows.items() if key not in known]
    places = zip(*points_to_storage([row.lon for row in fresh], [row.lat for row in fresh]), strict=True)
    placed = []
    for row, (x, y) in zip(fresh, places, strict=True):
        if abs(x) == float("inf"):
            report.refused.add(line=row.line, reason=_("Its position is too far away to be drawn on the map."))
        else:
            placed.append((row, x, y))
    imported, to_sort = log(placed, now=now)
    report.imported, report.to_sort = report.imported + imported, report.to_sort + to_sort
    report.skipped += len(placed) - imported  # another import was faster
