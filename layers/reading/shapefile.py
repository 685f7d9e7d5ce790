"""How the letters of a Shapefile's table are written, by what it declares and by what its bytes show."""

import codecs
import struct
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from layers.reading.source import guessed
from layers.reading.text import USUAL, known, likely_encoding

# Byte 29 of the header, the "language driver", where it names an alphabet of western Europe.
LANGUAGE_DRIVERS = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x0E: "cp850", 0x10: "cp850", 0x14: "cp850", 0x1D: "cp850",
    0x37: "cp850", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252",
}  # fmt: skip
LATIN_1 = "iso8859-1"


@dataclass(frozen=True)
class Encoding:
    name: str
    notes: list[str] = field(default_factory=list)

    def decoded(self, text: str) -> str:
        """`text` as it should read, given read as latin-1; a letter that a narrow field cut in two is dropped."""
        return text.encode(LATIN_1).decode(self.name, "ignore")


def encoding_of(shp: Path, *, wanted: str) -> Encoding:
    """`wanted` when given; else what the bytes show beyond doubt, what is declared, at last a guess, told in a note."""
    if wanted:
        return Encoding(known(wanted))
    header, records = _table(shp.with_suffix(".dbf"))
    declared = _of_cpg(shp.with_suffix(".cpg")) or LANGUAGE_DRIVERS.get(header[29] if len(header) > 29 else 0, "")
    shown = likely_encoding(b"".join(_field_names(header)) + records)
    if not shown:
        return Encoding(declared or "utf-8")
    if not declared:
        return Encoding(shown, [guessed(shown)])
    if (shown == "utf-8") != (declared == "utf-8"):
        said = _("The table declares %(declared)s but is written in %(shown)s, which was followed.")
        return Encoding(shown, [said % {"declared": declared, "shown": shown}])
    return Encoding(USUAL if declared == LATIN_1 else declared)  # the same letters, and œ


def _field_names(header: bytes) -> list[bytes]:
    return [header[start : start + 11].split(b"\x00")[0] for start in range(32, len(header) - 1, 32)]


def _table(dbf: Path) -> tuple[bytes, bytes]:
    """The header and the records of a .dbf, empty when there is none."""
    if not dbf.exists():
        return b"", b""
    raw = dbf.read_bytes()
    size = struct.unpack_from("<H", raw, 8)[0] if len(raw) >= 32 else len(raw)
    return raw[:size], raw[size:]


def _of_cpg(cpg: Path) -> str:
    """The codec a .cpg names ("UTF-8", "1252", "ISO 88591", "65001"), "" when it names none we know."""
    if not cpg.exists():
        return ""
    text = cpg.read_bytes().decode("latin-1").strip("\x00 \r\n\t").lower()
    number = text.removeprefix("ansi").removeprefix("oem").strip(" -_")
    if number == "65001":
        return "utf-8"
    for name in (f"cp{number}", text, text.replace(" ", "-"), text.replace("iso 8859", "iso-8859-")):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return ""
