"""One row of a file as one address, or the reason why it is none."""

import datetime
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from basemaps.importing import identifiers
from basemaps.importing.formats import Format
from basemaps.words import compared
from gisplatform.csvfiles import CsvFile, number

CITYCODE = re.compile(r"(?!00)\d[\dAB]\d{3}")
POSTCODE = re.compile(r"\d{5}")
NO_NUMBER = {0, 99_999}  # how the two formats say that a place has none
HIGHEST = 9_999
LONGEST = {"name": 200, "city": 80, "old_city": 80, "locality": 200, "suffix": 10}
# Of several positions of one address the first of these that is given; then one without a name of ours.
POSITIONS = ["entree", "delivrance postale", "batiment", "cage d escalier", "logement", "", "parcelle", "segment"]
# West, south, east, north of metropolitan France in degrees: a position outside it was written the wrong way round.
METROPOLE = (-5.7, 41.0, 10.0, 51.5)


class RowRefused(Exception):
    """Why a row is not taken, in the words of whoever made the file."""


class Row(NamedTuple):
    """An address about to be stored. `east`, `north` in degrees, or in metres of the legal CRS when `metres`."""

    line: int
    citycode: str
    city: str
    old_city: str
    postcode: str
    name: str
    known_as: str
    number: int
    suffix: str
    ban_id: str
    updated_on: datetime.date | None
    locality: str
    place: int
    metres: bool
    east: float
    north: float

    @property
    def same(self) -> tuple[str, str, str, int, str]:
        """What two positions of one address share."""
        return (self.citycode, self.old_city, self.known_as, self.number, self.suffix)


class RowReader:
    """Makes rows of a file's cells."""

    def __init__(self, file: CsvFile, form: Format) -> None:
        self.file, self.form = file, form

    def read(self, line: int, cells: list[str]) -> Row:
        """The row of these cells; raises RowRefused."""
        if uneven := self.file.uneven(cells):
            raise RowRefused(uneven)
        said = {name: cells[column].strip() for name, column in self.form.at.items()}
        for name, most in LONGEST.items():
            if len(said.get(name, "")) > most:
                raise RowRefused(_("“%(text)s…” is too long.") % {"text": said[name][:40]})
        if any("\0" in cell for cell in cells):
            raise RowRefused(_("It holds a character that is no text."))
        known_as = compared(said["name"])
        if not known_as:
            raise RowRefused(_("It names no street and no locality."))
        if not said["city"]:
            raise RowRefused(_("It names no commune."))
        metres, east, north = self._position(said)
        locality = said.get("locality", "")
        return Row(
            line=line,
            citycode=self._citycode(said),
            city=said["city"],
            old_city="" if compared(said.get("old_city", "")) == compared(said["city"]) else said.get("old_city", ""),
            postcode=said["postcode"] if POSTCODE.fullmatch(said.get("postcode", "")) else "",
            name=said["name"],
            known_as=known_as,
            number=self._number(said["number"]),
            suffix=compared(said.get("suffix", "")),
            ban_id=self._identifier(said),
            updated_on=_day(said.get("updated_on", "")),
            locality="" if compared(locality) == known_as else locality,
            place=_worth(said.get("position", "")),
            metres=metres,
            east=east,
            north=north,
        )

    def _number(self, text: str) -> int:
        value = number(text) if text else 0
        if value is None or value != int(value) or not (0 <= value <= HIGHEST or value in NO_NUMBER):
            raise RowRefused(_("“%(text)s” is no house number.") % {"text": text})
        return 0 if value in NO_NUMBER else int(value)

    def _citycode(self, said: dict[str, str]) -> str:
        """Of its column, else of the first part of the key."""
        code = (said.get("citycode") or said.get("key", "").partition("_")[0]).upper()
        code = code.zfill(5) if code.isdigit() and len(code) == 4 else code  # a spreadsheet drops the first zero
        if not CITYCODE.fullmatch(code):
            raise RowRefused(_("“%(text)s” is no INSEE code of a commune.") % {"text": code})
        return code

    def _position(self, said: dict[str, str]) -> tuple[bool, float, float]:
        """Degrees where they are given, else metres."""
        for metres, (first, second) in ((False, ("lon", "lat")), (True, ("x", "y"))):
            texts = said.get(first, ""), said.get(second, "")
            if not all(texts):
                continue
            east, north = number(texts[0]), number(texts[1])
            if east is None or north is None:
                raise RowRefused(_("“%(text)s” is no number.") % {"text": texts[0] if east is None else texts[1]})
            if not metres and not (abs(east) <= 180 and abs(north) <= 90):
                raise RowRefused(
                    _("“%(text)s” is no longitude or latitude in degrees.") % {"text": f"{texts[0]}, {texts[1]}"}
                )
            return metres, east, north
        raise RowRefused(_("It has no position."))

    def _identifier(self, said: dict[str, str]) -> str:
        try:
            return identifiers.of(said)
        except identifiers.BadIdentifiers as error:
            raise RowRefused(str(error)) from None


def misplaced(citycode: str, lon: float, lat: float) -> bool:
    """Whether a place lies where no commune of that code can."""
    west, south, east, north = METROPOLE
    return citycode < "97" and not (west <= lon <= east and south <= lat <= north)


def _day(text: str) -> datetime.date | None:
    """None of what is no date in the order of the formats: it would only have told which file is newer."""
    try:
        return datetime.date.fromisoformat(text[:10].replace(".", "-").replace("/", "-"))
    except ValueError:
        return None


def _worth(position: str) -> int:
    plain = compared(position)
    return POSITIONS.index(plain) if plain in POSITIONS else len(POSITIONS)
