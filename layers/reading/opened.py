"""The layer of a file that is asked for, opened by whoever reads its format."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading import geojson, parquet, table, vector
from layers.reading.datasets import Dataset, datasets
from layers.reading.flattening import flatten, plain_crs
from layers.reading.kinds import Kind
from layers.reading.source import Found, OwnerMustSay, Source

# Formats that are one layer a file.
READERS = {Kind.GEOJSON: geojson.read, Kind.TABLE: table.read, Kind.GEOPARQUET: parquet.read}
MOST_LINES = 200_000
MOST_FIELDS = 1_000
DEEPEST = 10  # collections within each other

Layers = dict[str, tuple[Dataset, Found]]


def read(path: Path, workplace: Path, *, file_name: str, source_layer: str, encoding: str) -> Source:
    """See `layers.reading.read`; `workplace` is an empty folder, which is left full."""
    layers = _layers(datasets(path, workplace, file_name=file_name))
    dataset, layer = _choose(layers, source_layer)
    reader = READERS.get(dataset.kind)
    source = reader(dataset, encoding=encoding) if reader else vector.read(dataset, layer=layer.name, encoding=encoding)
    if len(source.geometries) > MOST_LINES:
        raise UnreadableFile(
            _("The layer has more than %(number)s lines: no partition has so many. Give a smaller one.")
            % {"number": MOST_LINES}
        )
    if (fields := len({name for row in source.attributes for name in row})) > MOST_FIELDS:
        raise UnreadableFile(
            _("The layer has %(count)s fields, of which we take %(number)s at most: leave out those you do not need.")
            % {"count": fields, "number": MOST_FIELDS}
        )
    _refuse_nested(source)
    source.found = _shown(layers)
    flatten(source, reason=_("its geometry is nested too deeply"))
    source.crs = plain_crs(source.crs)
    return source


def _refuse_nested(source: Source) -> None:
    """Collections in collections in collections: whoever walks through them does so on its stack, and falls off it."""
    parts, lines = source.geometries, np.arange(len(source.geometries))
    for _level in range(DEEPEST):
        deeper = shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION
        parts, inner = shapely.get_parts(parts[deeper], return_index=True)
        lines = lines[deeper][inner]
    for line in {int(each) for each in lines}:
        source.geometries[line] = None
        source.refused[line + 1] = _("its collections are nested too deeply")


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
