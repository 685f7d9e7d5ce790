"""One layer on its way from the process that read it: plain columns in a file, nothing that would be executed."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from gisplatform.errors import UnreadableFile
from layers.reading.source import Found, OwnerMustSay, Source

LAYER, REFUSAL = "answer.arrow", "refusal.json"
FACTS = ("format", "layer", "crs", "crs_from", "encoding", "notes")


def send(source: Source, folder: Path) -> None:
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
    table = table.replace_schema_metadata({"about": json.dumps(about)})
    with pa.OSFile(str(folder / LAYER), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def send_refusal(error: UnreadableFile, folder: Path) -> None:
    told: dict[str, Any] = {"message": str(error)}
    if isinstance(error, OwnerMustSay):
        told |= {"wish": error.wish, "choices": error.choices, "found": [asdict(each) for each in error.found]}
    (folder / REFUSAL).write_text(json.dumps(told), encoding="utf-8")


def receive(folder: Path) -> Source | None:
    """What was sent; None when nothing was. Raises the refusal that was sent."""
    if (folder / REFUSAL).exists():
        told = json.loads((folder / REFUSAL).read_text(encoding="utf-8"))
        if "wish" in told:
            found = [Found(**each) for each in told["found"]]
            raise OwnerMustSay(told["message"], wish=told["wish"], choices=told["choices"], found=found)
        raise UnreadableFile(told["message"])
    if not (folder / LAYER).exists():
        return None
    with pa.OSFile(str(folder / LAYER), "rb") as file:
        table = pa.ipc.open_file(file).read_all()
    about = json.loads(table.schema.metadata[b"about"])
    return Source(
        **{name: about[name] for name in FACTS},
        geometries=shapely.from_wkb(np.array(table["outline"].to_pylist(), dtype=object)),
        attributes=[json.loads(each) for each in table["attributes"].to_pylist()],
        refused=dict(about["refused"]),
        found=[Found(**each) for each in about["found"]],
    )
