"""The table of figures as a file, as it is seen."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook

from gisplatform.spreadsheets import plain
from interventions.measuring.queries import MEASURES, Row

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_file(rows: Sequence[Row], *, heading: Sequence[str], title: str, as_: str) -> bytes:
    """`as_` is a key of KINDS. The CSV is for spreadsheet programs set to French: byte order mark, semicolons."""
    lines = [[plain(row.key or ""), plain(row.name), *(getattr(row, each) for each in MEASURES)] for row in rows]
    if as_ == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows([heading, *lines])
        return text.getvalue().encode("utf-8-sig")
    output, book = io.BytesIO(), Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for line in (heading, *lines):
        sheet.append(list(line))
    book.save(output)
    return output.getvalue()
