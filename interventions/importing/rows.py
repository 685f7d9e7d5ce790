"""One row of a file as one request, or the reason why it is none."""

import datetime
import uuid
from dataclasses import dataclass, fields
from typing import NamedTuple

from django.utils.translation import gettext as _

from gisplatform.csvfiles import CsvFile, number
from interventions.importing.categories import CategoryBook
from interventions.importing.dates import Dates
from interventions.requests.services import due_at

SOURCES = uuid.UUID("5c0a6f0e-3f0d-4e53-9a39-0f4f5a1f4f6e")  # the space of keys made of (source, id)
LONGEST_ADDRESS = 200
# Of the machines that wrote the dates: what is done at once may read as done before.
CLOCKS_DIFFER = datetime.timedelta(hours=1)


class RowRefused(Exception):
    """Why a row is not taken, in the words of whoever made the file."""


@dataclass(frozen=True)
class Fields:
    """The names of the columns; an empty one is not in the file."""

    lon: str
    lat: str
    category: str
    family: str = ""
    opened: str = ""
    closed: str = ""
    id: str = ""
    address: str = ""
    description: str = ""


class Row(NamedTuple):
    """A request about to be logged; `lon` and `lat` in degrees."""

    line: int
    key: uuid.UUID
    category_id: int
    submitted_at: datetime.datetime
    closed_at: datetime.datetime | None
    due_at: datetime.datetime | None
    lon: float
    lat: float
    address: str
    description: str
    origin: str


def key_of(source: str, known_by: list[str]) -> uuid.UUID:
    """The key of what a source knows by these texts."""
    return uuid.uuid5(SOURCES, "\0".join([source, *known_by]))


class RowReader:
    """Makes rows of a file's cells. Raises MissingColumn for a column that is not there."""

    def __init__(
        self, file: CsvFile, *, named: Fields, source: str, book: CategoryBook, dates: Dates, now: datetime.datetime
    ) -> None:
        self.file, self.source, self.book, self.dates, self.now = file, source, book, dates, now
        self.at = {
            each.name: file.column(getattr(named, each.name)) for each in fields(named) if getattr(named, each.name)
        }

    def read(self, line: int, cells: list[str]) -> Row:
        """The row of these cells; raises RowRefused."""
        if uneven := self.file.uneven(cells):
            raise RowRefused(uneven)
        if any("\0" in cell for cell in cells):
            raise RowRefused(_("It holds a character that is no text."))
        said = {name: cells[column].strip() for name, column in self.at.items()}
        lon, lat = self._degrees(said["lon"], 180), self._degrees(said["lat"], 90)
        opened = self._moment(said["opened"]) if "opened" in said else self.now
        if opened is None:
            raise RowRefused(_("It has no date."))
        closed = self._moment(said.get("closed", ""))
        if closed and closed < opened - CLOCKS_DIFFER:
            raise RowRefused(_("It was closed before it was received."))
        if "id" in said and not said["id"]:
            raise RowRefused(_("It has no identifier."))
        category = self.book.find(said["category"], said.get("family", ""))
        if category is None:
            raise RowRefused(
                _("There is no category “%(name)s”.") % {"name": said["category"]}
                if said["category"]
                else _("It names no category.")
            )
        address, description = said.get("address", ""), said.get("description", "")
        if len(address) > LONGEST_ADDRESS:  # nothing of it is lost
            description = f"{description}\n{address}".strip()
        told = {"source": self.source, "id": said.get("id", "")}
        return Row(
            line=line,
            # Without an identifier of its own a row is known by all that it says.
            key=key_of(self.source, [said["id"]] if "id" in said else ["", *cells]),
            category_id=category.pk,
            submitted_at=opened,
            closed_at=closed and max(closed, opened),
            due_at=due_at(category=category, now=opened),
            lon=lon,
            lat=lat,
            address=address[:LONGEST_ADDRESS],
            description=description,
            origin=_("Imported from %(source)s, number %(id)s") % told
            if "id" in said
            else _("Imported from %(source)s") % told,
        )

    def _degrees(self, text: str, most: int) -> float:
        value = number(text)
        if value is None:
            raise RowRefused(_("It has no position.") if not text else _("“%(text)s” is no number.") % {"text": text})
        if abs(value) > most:
            raise RowRefused(_("“%(text)s” is no longitude or latitude in degrees.") % {"text": text})
        return value

    def _moment(self, text: str) -> datetime.datetime | None:
        """The date of a cell, None when it is empty."""
        if not text:
            return None
        moment = self.dates.read(text)
        if moment is None:
            raise RowRefused(_("“%(text)s” is no date.") % {"text": text})
        if moment > self.now + datetime.timedelta(days=1):
            raise RowRefused(_("“%(text)s” is in the future.") % {"text": text})
        return moment
