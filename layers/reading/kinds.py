"""What a file is, by what stands in it; its name only helps where content cannot tell."""

import enum
import json
import re
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gisplatform.errors import UnreadableFile

HEAD_BYTES = 65_536


class Kind(enum.Enum):
    """A format, as people call it."""

    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    FLATGEOBUF = "FlatGeobuf"
    KML = "KML"
    GML = "GML"
    MAPINFO = "MapInfo"
    GEODATABASE = "FileGDB"
    GEOPARQUET = "GeoParquet"
    TABLE = "CSV"
    ZIP = "ZIP"

    @property
    def single(self) -> bool:
        """True when a file of this kind is one layer, named as the file."""
        return self in {Kind.GEOJSON, Kind.SHAPEFILE, Kind.FLATGEOBUF, Kind.GEOPARQUET, Kind.TABLE}


MAGIC = {
    b"PK\x03\x04": Kind.ZIP,
    b"PK\x05\x06": Kind.ZIP,  # an empty archive
    b"SQLite format 3\x00": Kind.GEOPACKAGE,
    b"fgb\x03": Kind.FLATGEOBUF,
    b"\x00\x00\x27\x0a": Kind.SHAPEFILE,
    b"!table": Kind.MAPINFO,
    b"PAR1": Kind.GEOPARQUET,
}
# Recognised only to say what it is instead of "unknown".
OTHERS = {
    b"%PDF": gettext_noop("a PDF document"),
    b"\x89PNG": gettext_noop("an image"),
    b"\xff\xd8\xff": gettext_noop("an image"),
    b"II*\x00": gettext_noop("an image"),
    b"MM\x00*": gettext_noop("an image"),
    b"\xd0\xcf\x11\xe0": gettext_noop("an old Office document"),
    b"\x1f\x8b": gettext_noop("a gzip archive"),
    b"7z\xbc\xaf": gettext_noop("a 7z archive"),
    b"Rar!": gettext_noop("a RAR archive"),
}
ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
ELSEWHERE = re.compile(
    rb"isseamless\"?\s*=\s*\"true|^\s*(?:open\s+table|create\s+view)\b", re.IGNORECASE | re.MULTILINE
)
PIECES = {".dbf", ".prj", ".shx", ".cpg"}
TABLES = {".csv", ".tsv", ".txt"}


def kind_of(path: Path, *, file_name: str) -> Kind:
    """The kind of the file; raises UnreadableFile when it is none we read."""
    if path.is_dir() and path.suffix.lower() == ".gdb":
        return Kind.GEODATABASE
    head = _head(path, file_name)
    if not head.strip(b"\x00 \t\r\n"):
        raise UnreadableFile(_("“%(name)s” is empty: ask for it again.") % {"name": file_name})
    suffix = Path(file_name).suffix.lower()
    if suffix in PIECES:
        raise UnreadableFile(
            _("“%(name)s” is a piece of a Shapefile: give its .shp, .dbf, .shx and .prj in one ZIP archive.")
            % {"name": file_name}
        )
    for magic, kind in MAGIC.items():
        if head[: len(magic)].lower() == magic.lower():
            if kind is Kind.MAPINFO and ELSEWHERE.search(path.read_bytes()):
                raise _refers_elsewhere(file_name)
            return kind
    for magic, words in OTHERS.items():
        if head.startswith(magic):
            raise _unknown(file_name, _(words))
    if suffix in {".zip", ".kmz"}:
        raise UnreadableFile(
            _("“%(name)s” is called a ZIP archive and is none, or its beginning is lost: ask for it again.")
            % {"name": file_name}
        )
    return _kind_of_text(head, file_name, suffix)


def _head(path: Path, file_name: str) -> bytes:
    if path.is_dir():
        raise UnreadableFile(_("“%(name)s” is a folder: give a file.") % {"name": file_name})
    try:
        with path.open("rb") as handle:
            return handle.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableFile(
            _("“%(name)s” cannot be opened: %(reason)s.") % {"name": file_name, "reason": error.strerror}
        ) from None


def _kind_of_text(head: bytes, file_name: str, suffix: str) -> Kind:
    text = head.decode(json.detect_encoding(head), errors="replace").lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return Kind.GEOJSON
    if text.startswith("<"):
        return _kind_of_xml(text, file_name)
    if suffix in TABLES and "\x00" not in text:
        return Kind.TABLE
    if suffix == ".mif" and text.lower().startswith("version"):
        return Kind.MAPINFO
    raise _unknown(file_name, "")


def _kind_of_xml(text: str, file_name: str) -> Kind:
    bare = re.sub(r"<!--.*?(-->|$)", "", text, flags=re.DOTALL)
    root = ROOT.search(bare)
    # Entities can swell or fetch files, and a virtual data source is an order to open others: neither is a layer.
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "OGRVRT" in text:
        raise _refers_elsewhere(file_name)
    name = root[1].lower() if root else ""
    if name == "kml":
        return Kind.KML
    if name.endswith("featurecollection"):
        return Kind.GML
    raise _unknown(file_name, "")


def _refers_elsewhere(file_name: str) -> UnreadableFile:
    return UnreadableFile(
        _("“%(name)s” refers to other files, which we do not follow: export the layer itself.") % {"name": file_name}
    )


def _unknown(file_name: str, words: str) -> UnreadableFile:
    wanted = _("Give a GeoJSON, a GeoPackage (.gpkg) or a zipped Shapefile (.zip).")
    if words:
        return UnreadableFile(
            _("“%(name)s” is %(what)s, not a layer.") % {"name": file_name, "what": words} + " " + wanted
        )
    return UnreadableFile(_("“%(name)s” is no format we know.") % {"name": file_name} + " " + wanted)
