"""One layer on its way from the process that read it: plain columns in a file, nothing that would be executed."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading.source import Found, OwnerMustSay, Source

LAYER, REFUSAL = "answer.arrow", "refusal.json"
# What the one that asked takes in, whatever the other process would send.
MOST_BYTES = 512 * 1024**2
MOST_REFUSAL_BYTES = 1024**2
MOST_LINES = 200_000
MOST_VERTICES = 20_000_000
MOST_TEXT_BYTES = 128 * 1024**2  # of attributes, which take ten times as much once they are read
FACTS = ("format", "layer", "crs", "crs_from", "encoding", "notes")


def send(source: Source, folder: Path) -> None:
    """Raises UnreadableFile for more than would be received."""
    _refuse_vertices(source.geometries)
    table = pa.table(
        {
            "outline": pa.array(shapely.to_wkb(source.geometries).tolist(), pa.large_binary()),
            "attributes": pa.array([json.dumps(each) for each in source.attributes], pa.large_string()),
        }
    )
    facts = {name: getattr(source, name) for name in FACTS}
    about = {
        **facts,
        "refused": list(source.refused.items()),
        "found": [asdict(each) for each in source.found],
    }
    _refuse_size(table)
    table = table.replace_schema_metadata({"about": json.dumps(about)})
    with pa.OSFile(str(folder / LAYER), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def send_refusal(error: UnreadableFile, folder: Path) -> None:
    told: dict[str, Any] = {"message": str(error)}
    if isinstance(error, OwnerMustSay):
        told |= {"wish": error.wish, "choices": error.choices, "found": [asdict(each) for each in error.found]}
    (folder / REFUSAL).write_text(json.dumps(told), encoding="utf-8")


def receive(folder: Path) -> Source | None:
    """What was sent; None when nothing was, or no answer of ours.

    Raises the refusal that was sent, and UnreadableFile for more than one layer is given: looked at before it is read,
    since the process that wrote it may have been misled.
    """
    refusal, layer = folder / REFUSAL, folder / LAYER
    if refusal.exists():
        if refusal.stat().st_size > MOST_REFUSAL_BYTES:
            return None
        told = json.loads(refusal.read_text(encoding="utf-8"))
        if "wish" in told:
            found = [Found(**each) for each in told["found"]]
            raise OwnerMustSay(told["message"], wish=told["wish"], choices=told["choices"], found=found)
        raise UnreadableFile(told["message"])
    if not layer.exists():
        return None
    if layer.stat().st_size > MOST_BYTES:
        raise too_large()
    with pa.OSFile(str(layer), "rb") as file:
        table = pa.ipc.open_file(file).read_all()
    _refuse_size(table)
    about = json.loads(table.schema.metadata[b"about"])
    geometries = shapely.from_wkb(np.array(table["outline"].to_pylist(), dtype=object))
    _refuse_vertices(geometries)
    return Source(
        **{name: about[name] for name in FACTS},
        geometries=geometries,
        attributes=[json.loads(each) for each in table["attributes"].to_pylist()],
        refused=dict(about["refused"]),
        found=[Found(**each) for each in about["found"]],
    )


def too_large() -> UnreadableFile:
    return UnreadableFile(
        _("The layer is too large for one import: at most %(vertices)s million vertices and %(size)s MB of attributes.")
        % {"vertices": MOST_VERTICES // 1_000_000, "size": MOST_TEXT_BYTES // 1024**2}
        + " "
        + _("Simplify its outlines, leave out fields, or give it in parts.")
    )


def _refuse_size(table: pa.Table) -> None:
    if table.num_rows > MOST_LINES:
        raise UnreadableFile(
            _("The layer has more than %(number)s lines: no partition has so many. Give a smaller one.")
            % {"number": MOST_LINES}
        )
    if table.nbytes > MOST_BYTES or table["attributes"].nbytes > MOST_TEXT_BYTES:
        raise too_large()


def _refuse_vertices(geometries: np.ndarray) -> None:
    if shapely.get_num_coordinates(geometries).sum() > MOST_VERTICES:
        raise too_large()
