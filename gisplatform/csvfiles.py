"""CSV files as they are found: zipped by gzip or not, in any usual encoding, with any usual separator.

What was recognised is told (`encoding`, `separator`), never assumed silently; rows come one by one, so that memory
stays flat whatever the size. A file is read twice: once to know its encoding for sure, once for its rows.
"""

import codecs
import csv
import gzip
import io
import json
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count, islice
from pathlib import Path
from typing import BinaryIO, TextIO

from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile

SEPARATORS = ";,\t|"
USUAL = "cp1252"  # what French Windows writes
WIDE = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
BLOCK = 2**20
CARRIED = "surrogateescape"  # how bytes that are no text pass through it
LONGEST_CELL = 2**20  # a quote left open ends in an error, not in the whole file in memory
AT_ONCE = 1000  # lines looked at together
SAMPLE = 20  # rows that the separator is judged by
GZIP = b"\x1f\x8b"
UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
NOT_ASCII = re.compile(rb"[\x80-\xff]")
EXCEL_SAYS = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)  # a first line that Excel writes and hides


class MissingColumn(UnreadableFile):
    """A column that was asked for is not in the file; the sentence names those that are."""


@dataclass
class CsvFile:
    """A table whose first row names its columns; every iteration reads it anew from its beginning."""

    path: Path
    encoding: str  # Python's name; byte order marks are not part of the text
    separator: str
    columns: list[str]
    head: str  # the text up to the end of the row of names, as it stands
    bom: bytes
    head_lines: int
    size: int = 0  # bytes on the disk
    _source: BinaryIO | None = field(default=None, repr=False)

    @property
    def share_read(self) -> float:
        """How much of the file the running iteration has taken from the disk, 0 to 1."""
        if self._source is None:
            return 0.0
        return 1.0 if self._source.closed else min(1.0, self._source.tell() / (self.size or 1))

    def column(self, name: str) -> int:
        """Where the column stands in each row; capitals count only if two differ by them. Raises MissingColumn."""
        if name in self.columns:
            return self.columns.index(name)
        folded = [each.casefold() for each in self.columns]
        if folded.count(name.strip().casefold()) == 1:
            return folded.index(name.strip().casefold())
        raise MissingColumn(
            _("The file has no column “%(name)s”. Its columns: %(columns)s.")
            % {"name": name, "columns": ", ".join(self.columns)[:1000]}
        )

    def uneven(self, cells: list[str]) -> str:
        """Why a row does not fit the names of the columns, "" when it does."""
        if len(cells) == len(self.columns):
            return ""
        return _("%(cells)s cells where the first row names %(columns)s.") % {
            "cells": len(cells), "columns": len(self.columns)
        }  # fmt: skip

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """(number of its first line, counted from 1; cells) of each row below the names; blank lines are passed over.

        Raises UnreadableFile, with the line, when the table breaks off or a cell never ends.
        """
        return ((line, cells) for line, _raw, cells in self.records() if cells)

    def records(self) -> Iterator[tuple[int, str, list[str]]]:
        """As iterating does, with the text of each row as it stands, its end of line included, and blank lines ([])."""
        with self.path.open("rb") as source:
            self._source, self.size = source, self.path.stat().st_size
            text = _text(source, self.encoding, skip=len(self.bom))
            for _line in range(self.head_lines):
                text.readline()
            line = self.head_lines + 1
            try:
                while lines := list(islice(text, AT_ONCE)):
                    if _plain(lines):
                        yield from zip(count(line), lines, _split(lines, self.separator), strict=False)
                        line += len(lines)
                        continue
                    taken: list[str] = []
                    passed = 0
                    for cells in csv.reader(_noted(chain(lines, text), taken), delimiter=self.separator):
                        yield line, taken[0] if len(taken) == 1 else "".join(taken), cells
                        line, passed = line + len(taken), passed + len(taken)
                        taken.clear()
                        if passed >= len(lines):
                            break
            except csv.Error:
                raise UnreadableFile(
                    _("Line %(line)s: a quotation mark is opened and never closed.") % {"line": line}
                ) from None
            except (EOFError, OSError, zlib.error):
                raise UnreadableFile(_("The file is damaged or cut after line %(line)s.") % {"line": line}) from None


def open_csv(path: Path | str, *, separator: str = "", faithful: bool = False) -> CsvFile:
    """The table, its encoding and separator recognised; raises UnreadableFile.

    Bytes that are no text in the file's encoding are refused with their line, unless `faithful`: they are then carried
    as lone surrogates, which only the encoding of the file with the same option writes back.
    """
    path = Path(path)
    try:
        with path.open("rb") as source:
            encoding, bom, bad_line = _encoding(_bytes(source))
        if bad_line and (not faithful or encoding in WIDE):
            raise UnreadableFile(
                _("Line %(line)s is no text in %(encoding)s: export the file again in UTF-8.")
                % {"line": bad_line, "encoding": encoding}
            )
        with path.open("rb") as source:
            return _opened(path, _text(source, encoding, skip=len(bom)), encoding, bom, separator)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UnreadableFile(_("The compressed file is damaged or cut: fetch it again.")) from None
    except OSError as error:
        raise UnreadableFile(
            _("The file %(path)s cannot be opened: %(why)s.") % {"path": path, "why": error.strerror or error}
        ) from None


def number(text: str) -> float | None:
    """A number as it is written in France or elsewhere ("2,35", "2.35"), None of anything else, "nan" included."""
    try:
        value = float(text.replace(",", ".") if "," in text else text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _opened(path: Path, text: TextIO, encoding: str, bom: bytes, separator: str) -> CsvFile:
    csv.field_size_limit(LONGEST_CELL)
    first = text.readline(LONGEST_CELL)
    said = EXCEL_SAYS.fullmatch(first)
    sample = [*([] if said else [first]), *islice(iter(lambda: text.readline(LONGEST_CELL), ""), SAMPLE * 10)]
    separator = separator or (said[1] if said else _separator(sample))
    taken: list[str] = []
    try:
        columns = next(csv.reader(_noted(iter(sample), taken), delimiter=separator), [])
    except csv.Error:
        raise UnreadableFile(_("The file is no CSV table: its first row cannot be read.")) from None
    if not any(name.strip() for name in columns):
        raise UnreadableFile(_("The file is empty: its first row must name the columns."))
    return CsvFile(
        path=path,
        encoding=encoding,
        separator=separator,
        columns=[name.strip() for name in columns],
        head=(first if said else "") + "".join(taken),
        bom=bom,
        head_lines=len(taken) + bool(said),
        size=path.stat().st_size,
    )


def _separator(sample: list[str]) -> str:
    """The one that cuts the rows into as many cells as the first, and into most; a comma when none cuts it."""

    def fit(separator: str) -> tuple[float, int]:
        try:
            rows = [row for row in islice(csv.reader(iter(sample), delimiter=separator), SAMPLE + 1) if row]
        except csv.Error:
            return 0, 0
        width = len(rows[0]) if rows else 0
        even = sum(len(row) == width for row in rows)
        return (even / len(rows), width) if width > 1 else (0, 0)

    best = max(SEPARATORS, key=fit)
    return best if fit(best)[1] else ","


def _encoding(source: BinaryIO) -> tuple[str, bytes, int]:
    """The encoding, its byte order mark, and the first line that is no text in it, 0 when all are."""
    block = source.read(BLOCK)
    if block.startswith(codecs.BOM_UTF8):
        return "utf-8", codecs.BOM_UTF8, _unreadable(source, block, "utf-8")
    for encoding, bom in WIDE.items():
        if block.startswith(bom):
            return encoding, bom, _unreadable(source, block, encoding)
    if b"\0" in block:
        encoding = json.detect_encoding(block)  # of UTF-16 without its mark
        if encoding not in WIDE:
            raise UnreadableFile(_("The file is no text: export the table as CSV, in UTF-8."))
        return encoding, b"", _unreadable(source, block, encoding)
    bad_line, suspect = _first_bad(source, block, "utf-8")
    if not bad_line:
        return "utf-8", b"", 0
    letters = UTF8_LETTER.findall(suspect)
    # Letters of UTF-8 hardly ever occur by chance in another encoding; a stray byte may occur in UTF-8.
    if letters and len(letters) > len(NOT_ASCII.findall(suspect)) - sum(map(len, letters)):
        return "utf-8", b"", bad_line
    source.seek(0)
    return USUAL, b"", _unreadable(source, source.read(BLOCK), USUAL)


def _unreadable(source: BinaryIO, block: bytes, encoding: str) -> int:
    return _first_bad(source, block, encoding)[0]


def _first_bad(source: BinaryIO, block: bytes, encoding: str) -> tuple[int, bytes]:
    """The line, counted from 1, of the first bytes that are no text, and their block; (0, b"") when all is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    while True:
        try:
            lines += decoder.decode(block, final=not block).count("\n")
        except UnicodeDecodeError as error:
            return lines + error.object[: error.start].decode(encoding, "replace").count("\n"), error.object
        if not block:
            return 0, b""
        block = source.read(BLOCK)


def _bytes(source: BinaryIO) -> BinaryIO:
    """What a file holds, unzipped where it must be; judged by its bytes, names may lie."""
    start = source.read(len(GZIP))
    source.seek(0)
    return io.BufferedReader(gzip.GzipFile(fileobj=source)) if start == GZIP else source


def _text(source: BinaryIO, encoding: str, *, skip: int) -> TextIO:
    plain = _bytes(source)
    plain.read(skip)
    return io.TextIOWrapper(plain, encoding=encoding, errors=CARRIED, newline="")


def _plain(lines: list[str]) -> bool:
    """Whether a separator in these lines always parts two cells, so that they need no reader: no quotation mark."""
    together = "".join(lines)
    return '"' not in together and (len(together) <= LONGEST_CELL or len(max(lines, key=len)) <= LONGEST_CELL)


def _split(lines: list[str], separator: str) -> Iterator[list[str]]:
    for line in lines:
        cells = line.rstrip("\r\n")
        yield cells.split(separator) if cells else []


def _noted(lines: Iterator[str] | TextIO, taken: list[str]) -> Iterator[str]:
    """The lines as they are taken, each noted until its row is complete."""
    for line in lines:
        taken.append(line)
        yield line
