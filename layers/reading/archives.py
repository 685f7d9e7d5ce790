"""Unpacking a zip that may come from anybody: bounded in size, blind to paths, never trusting its headers."""

import errno
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile

MAX_ENTRIES = 10_000
MAX_BYTES = 2 * 1024**3  # of what comes out, all entries together
MAX_SWELLING = 500  # times its own size, from which on a large archive is taken for a bomb; outlines reach 50
SMALL_BYTES = 50 * 1024**2

SHAPEFILE = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
MAPINFO = {".tab", ".dat", ".map", ".id", ".ind", ".mif", ".mid"}
ALONE = {".gpkg", ".geojson", ".fgb", ".kml", ".gml", ".parquet"}
PERHAPS = {".json", ".csv"}  # a layer when nothing better is there: archives carry such files beside their layer too
MAIN = {".shp", ".tab", ".mif"} | ALONE
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


@dataclass(frozen=True)
class Unpacked:
    path: Path
    title: str
    folder: str


def unpack(path: Path, workplace: Path, *, file_name: str) -> list[Unpacked]:
    """The datasets of the archive, each in a folder of its own in `workplace`. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _checked(archive, file_name=file_name)
            return _unpacked(archive, entries, workplace, file_name=file_name)
    except BROKEN:
        raise _damaged(file_name) from None
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the file's beginning; anything else is our machine's fault
            raise
        raise _damaged(file_name) from None


def _checked(archive: zipfile.ZipFile, *, file_name: str) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    unpacked_bytes, packed_bytes = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    swollen = unpacked_bytes > SMALL_BYTES and unpacked_bytes > MAX_SWELLING * max(packed_bytes, 1)
    if len(entries) > MAX_ENTRIES or unpacked_bytes > MAX_BYTES or swollen:
        raise _too_large(file_name)
    for entry in entries:
        parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
        if ".." in parts or entry.filename.startswith(("/", "\\")) or (parts and ":" in parts[0]):
            raise UnreadableFile(
                _("The archive “%(name)s” holds a path that leads outside it (%(path)s): compress the files again.")
                % {"name": file_name, "path": entry.filename}
            )
        if entry.flag_bits & 1:
            raise UnreadableFile(
                _("The archive “%(name)s” is protected by a password: give it without.") % {"name": file_name}
            )
    # What a Mac adds to every archive looks like the files themselves.
    return [e for e in entries if not (e.is_dir() or "__MACOSX" in e.filename or _named(e).name.startswith("._"))]


def _unpacked(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], workplace: Path, *, file_name: str
) -> list[Unpacked]:
    groups: dict[tuple[str, str], dict[str, zipfile.ZipInfo]] = defaultdict(dict)
    for entry in entries:
        name = _named(entry)
        if name.parent.suffix.lower() == ".gdb":
            groups[str(name.parent), ".gdb"][name.name] = entry
        else:
            groups[str(name.parent), name.stem.lower()].setdefault(name.suffix.lower(), entry)
    mains = [key for key, files in groups.items() if key[1] == ".gdb" or MAIN & files.keys()]
    mains = mains or [key for key, files in groups.items() if PERHAPS & files.keys()]
    if not mains:
        held = ", ".join(sorted({_named(e).suffix.lower() or _named(e).name for e in entries})[:8]) or _("nothing")
        raise UnreadableFile(
            _("The archive “%(name)s” holds no layer (it holds: %(held)s). A Shapefile needs at least its .shp file.")
            % {"name": file_name, "held": held}
        )
    left, found = MAX_BYTES, []
    for number, key in enumerate(sorted(mains)):
        item, written = _written(archive, groups[key], key, workplace / str(number), left)
        if written > left:
            raise _too_large(file_name)
        left -= written
        found.append(item)
    return found


def _written(
    archive: zipfile.ZipFile, files: dict[str, zipfile.ZipInfo], key: tuple[str, str], place: Path, left: int
) -> tuple[Unpacked, int]:
    """One dataset on disk and its size in bytes; writing stops once it is larger than `left`."""
    folder, stem = key
    geodatabase = stem == ".gdb"
    if geodatabase:
        place = place / "layer.gdb"
        wanted = {name: place / name for name in files if name.replace(".", "").replace("_", "").isalnum()}
    else:
        suffixes = files.keys() & (SHAPEFILE | MAPINFO | ALONE | PERHAPS)
        wanted = {suffix: place / f"layer{suffix}" for suffix in suffixes}
    place.mkdir(parents=True)
    written = 0
    for name, target in wanted.items():
        with archive.open(files[name]) as source, target.open("wb") as sink:
            written += _copied(source, sink, left - written)
    if geodatabase:
        return Unpacked(place, PurePosixPath(folder).stem, folder), written
    main = next(suffix for suffix in (".shp", ".tab", ".mif", *sorted(ALONE), *sorted(PERHAPS)) if suffix in files)
    return Unpacked(place / f"layer{main}", _named(files[main]).stem, folder), written


def _copied(source: IO[bytes], sink: IO[bytes], left: int) -> int:
    written = 0
    while written <= left and (chunk := source.read(1 << 20)):
        sink.write(chunk)
        written += len(chunk)
    return written


def _named(entry: zipfile.ZipInfo) -> PurePosixPath:
    """The entry's path. Without the UTF-8 flag Python reads cp437; French Windows wrote cp850, others plain UTF-8."""
    name = entry.filename.replace("\\", "/")
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    return PurePosixPath(name)


def _damaged(file_name: str) -> UnreadableFile:
    return UnreadableFile(
        _("The archive “%(name)s” is damaged or cut short: ask for it again, or compress it again.")
        % {"name": file_name}
    )


def _too_large(file_name: str) -> UnreadableFile:
    return UnreadableFile(
        _("The archive “%(name)s” would swell beyond what a layer needs: give the layer alone, in one archive.")
        % {"name": file_name}
    )
