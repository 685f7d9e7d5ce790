"""The datasets of a file, laid out under names of our own: nothing beside them is opened, nothing of theirs is written.

A Shapefile or a MapInfo table is a set of files; a zip may hold several datasets, in folders of any name.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading import archives
from layers.reading.kinds import PIECES, Kind, kind_of

SUFFIX = {
    Kind.GEOJSON: ".geojson",
    Kind.GEOPACKAGE: ".gpkg",
    Kind.FLATGEOBUF: ".fgb",
    Kind.KML: ".kml",
    Kind.GML: ".gml",
    Kind.GEODATABASE: ".gdb",
    Kind.GEOPARQUET: ".parquet",
    Kind.TABLE: ".csv",
}
SETS = {Kind.SHAPEFILE: archives.SHAPEFILE, Kind.MAPINFO: archives.MAPINFO}


@dataclass(frozen=True)
class Dataset:
    """One file or set of files to open. `title` is its owner's name for it, `folder` where it lay in its archive."""

    path: Path
    kind: Kind
    title: str
    folder: str = ""


def datasets(path: Path, workplace: Path, *, file_name: str) -> list[Dataset]:
    """What there is to read in `path`, within `workplace`, an empty folder. Raises UnreadableFile."""
    if not path.exists():
        raise UnreadableFile(_("There is no file “%(name)s”.") % {"name": file_name})
    if path.suffix.lower() in PIECES:
        path, file_name = _whole(path, file_name)
    kind = kind_of(path, file_name=file_name)
    if kind is not Kind.ZIP:
        return [Dataset(_laid_out(path, kind, workplace), kind, Path(file_name).stem)]
    found = []
    for item in archives.unpack(path, workplace, file_name=file_name):
        kind = kind_of(item.path, file_name=item.path.name if item.path.is_dir() else item.title + item.path.suffix)
        if kind is Kind.ZIP:
            continue
        found.append(Dataset(item.path, kind, item.title, item.folder))
    return found


def _whole(piece: Path, file_name: str) -> tuple[Path, str]:
    """The .shp that a piece of a Shapefile lies beside, and its name; the piece itself where there is none."""
    for part in piece.resolve().parent.iterdir():
        if part.stem == piece.stem and part.suffix.lower() == ".shp":
            return part, f"{Path(file_name).stem}{part.suffix}"
    return piece, file_name


def _laid_out(path: Path, kind: Kind, workplace: Path) -> Path:
    if kind not in SETS:
        place = workplace / f"layer{SUFFIX[kind]}"
        if kind is Kind.GEOPACKAGE:  # a database, whose reader may have to write beside it
            shutil.copyfile(path, place)
        else:
            place.symlink_to(path.resolve())
        return place
    for part in path.resolve().parent.iterdir():
        if part.stem == path.stem and part.suffix.lower() in SETS[kind]:
            shutil.copyfile(part, workplace / f"layer{part.suffix.lower()}")
    return workplace / f"layer{path.suffix.lower()}"
