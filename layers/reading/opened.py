"""The layer of a file that is asked for, opened by whoever reads its format."""

from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading import geojson, parquet, table, vector
from layers.reading.datasets import Dataset, datasets
from layers.reading.kinds import Kind
from layers.reading.plainness import plain_crs, refuse_nested
from layers.reading.source import Found, OwnerMustSay, Source

# Formats that are one layer a file.
READERS = {Kind.GEOJSON: geojson.read, Kind.TABLE: table.read, Kind.GEOPARQUET: parquet.read}
MOST_FIELDS = 1_000

Layers = dict[str, tuple[Dataset, Found]]


def read(path: Path, workplace: Path, *, file_name: str, source_layer: str, encoding: str) -> Source:
    """See `layers.reading.read`; `workplace` is an empty folder, which is left full."""
    layers = _layers(datasets(path, workplace, file_name=file_name))
    dataset, layer = _choose(layers, source_layer)
    reader = READERS.get(dataset.kind)
    source = reader(dataset, encoding=encoding) if reader else vector.read(dataset, layer=layer.name, encoding=encoding)
    if (fields := len({name for row in source.attributes for name in row})) > MOST_FIELDS:
        raise UnreadableFile(
            _("The layer has %(count)s fields, of which we take %(number)s at most: leave out those you do not need.")
            % {"count": fields, "number": MOST_FIELDS}
        )
    source.found = _shown(layers)
    refuse_nested(source)
    source.crs = plain_crs(source.crs)
    return source


def _layers(found: list[Dataset]) -> Layers:
    """Every layer of the file by the name we show for it; names of two datasets of a zip may meet."""
    layers: Layers = {}
    for dataset in found:
        held = [Found(dataset.title)] if dataset.kind in READERS else vector.layers(dataset)
        for each in held:
            # A set of files is one layer, which bears their name and not the one we unpacked them under.
            shown = dataset.title if dataset.kind.single else each.name
            layers[shown if shown not in layers else f"{dataset.folder}/{shown}"] = (dataset, each)
    return layers


def _shown(layers: Layers) -> list[Found]:
    return [replace(each, name=name) for name, (_dataset, each) in layers.items()]


def _choose(layers: Layers, wanted: str) -> tuple[Dataset, Found]:
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
                found=_shown(layers),
            )
        return layers[wanted if wanted in layers else same[0]]
    if len(layers) > 1:
        raise OwnerMustSay(
            _("The file holds %(number)s layers: %(names)s. Choose one.") % {"number": len(layers), "names": names},
            wish="source_layer",
            choices=list(layers),
            found=_shown(layers),
        )
    return next(iter(layers.values()))
