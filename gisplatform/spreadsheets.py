"""Tables on their way to a spreadsheet program set to French: semicolons, and a byte order mark that says UTF-8."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

# A cell that begins like this is a formula to a spreadsheet program (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain(cell: Any) -> Any:
    """Text that no spreadsheet program takes for a formula; what is no text stays as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def lines(head: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The rows as lines of CSV, written as they come; cells as they are: see `plain`."""
    line = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + line.writerow(head)
    for row in rows:
        yield line.writerow(row)


def download(head: Sequence[str], rows: Iterable[Iterable[Any]], *, name: str) -> StreamingHttpResponse:
    """`lines` as a file called `name`."""
    answer = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Echo:
    """What csv.writer writes to, when the line itself is wanted."""

    def write(self, line: str) -> str:
        return line
