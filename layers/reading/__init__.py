"""What a file of zones holds: `read` opens any format we know and judges nothing but whether it can be read."""

import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading import geojson, table, vector
from layers.reading.datasets import Dataset, datasets
from layers.reading.kinds import Kind
from layers.reading.source import OwnerMustSay, Source

__all__ = ["OwnerMustSay", "Source", "read"]

TEXT_READERS = {Kind.GEOJSON: geojson.read, Kind.TABLE: table.read}


def read(path: Path, *, file_name: str = "", source_layer: str = "", encoding: str = "") -> Source:
    """Everything in one layer of the file, a geometry and a set of attributes a line; nothing is left out silently.

    `file_name` is the name its owner gave it, when `path` is a temporary one. `source_layer` chooses among several
    layers; `encoding` of the text is found by itself when not given. Raises UnreadableFile with a sentence that says
    what to do.
    """
    with tempfile.TemporaryDirectory(prefix="gisplatform-import-") as folder:
        found = datasets(path, Path(folder), file_name=file_name or path.name)
        dataset, layer = _choose(_layers(found), source_layer)
        text_reader = TEXT_READERS.get(dataset.kind)
        if text_reader is not None:
            return text_reader(dataset, encoding=encoding)
        return vector.read(dataset, layer=layer, encoding=encoding)


def _layers(found: list[Dataset]) -> dict[str, tuple[Dataset, str]]:
    """Every layer of the file by the name we show for it; names of two datasets of a zip may meet."""
    layers: dict[str, tuple[Dataset, str]] = {}
    for dataset in found:
        names = [dataset.title] if dataset.kind in TEXT_READERS else vector.layer_names(dataset)
        for name in names:
            # A set of files is one layer, which bears their name and not the one we unpacked them under.
            shown = dataset.title if dataset.kind.single else name
            layers[shown if shown not in layers else f"{dataset.folder}/{shown}"] = (dataset, name)
    return layers


def _choose(layers: dict[str, tuple[Dataset, str]], wanted: str) -> tuple[Dataset, str]:
    names = ", ".join(f"« {name} »" for name in layers)
    if not layers:
        raise UnreadableFile(_("The file holds no layer with geometries: export the layer itself, with its outlines."))
    if wanted:
        same = [name for name in layers if name.casefold() == wanted.casefold()]
        if wanted not in layers and len(same) != 1:
            raise OwnerMustSay(
                _("The file has no layer called “%(wanted)s”. It holds: %(names)s.")
                % {"wanted": wanted, "names": names},
                wish="source_layer",
                choices=list(layers),
            )
        return layers[wanted if wanted in layers else same[0]]
    if len(layers) > 1:
        raise OwnerMustSay(
            _("The file holds %(number)s layers: %(names)s. Choose one.") % {"number": len(layers), "names": names},
            wish="source_layer",
            choices=list(layers),
        )
    return next(iter(layers.values()))
