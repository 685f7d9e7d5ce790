"""What a file of zones holds: `read` opens any format we know and judges nothing but whether it can be read."""

import datetime
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.holding import held, remove_old
from layers.reading import apart, parcel
from layers.reading.source import Found, OwnerMustSay, Source

__all__ = ["Found", "OwnerMustSay", "Source", "forget_abandoned", "read"]


PREFIX = "gisplatform-import-"


def read(path: Path, *, file_name: str = "", source_layer: str = "", encoding: str = "") -> Source:
    """Everything in one layer of the file, a geometry and a set of attributes a line; nothing is left out silently.

    `file_name` is the name its owner gave it, when `path` is a temporary one. `source_layer` chooses among several
    layers; `encoding` of the text is found by itself when not given. Raises UnreadableFile with a sentence that says
    what to do. The file is opened in a process of its own (`apart`), whose folder goes with it.
    """
    name, seconds = file_name or path.name, settings.LAYER_READ_S
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder, held(Path(folder)):
        order = {
            "path": str(path.absolute()),
            "folder": folder,
            "file_name": name,
            "source_layer": source_layer,
            "encoding": encoding,
            "language": get_language(),
            "seconds": seconds,
            "memory_bytes": settings.LAYER_READ_BYTES,
        }
        try:
            apart.have_read(order, seconds=seconds)
        except apart.TookTooLong:
            told = ngettext(
                "“%(name)s” was not read after %(seconds)s second: simplify its outlines, or export it as GeoPackage.",
                "“%(name)s” was not read after %(seconds)s seconds: simplify its outlines, or export it as GeoPackage.",
                seconds,
            )
            raise UnreadableFile(told % {"name": name, "seconds": seconds}) from None
        source = parcel.receive(Path(folder))
    if source is None:
        raise UnreadableFile(
            _("“%(name)s” stopped its reading: it is damaged or too large. Export it again, as GeoPackage or GeoJSON.")
            % {"name": name}
        )
    return source


def forget_abandoned(before: datetime.datetime) -> None:
    """Remove the folders of readings whose own server was killed before it could; never one that is being read."""
    remove_old(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"), before=before)
