"""One layer as it was read, before anything is judged."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile

Geometries = np.ndarray  # of shapely geometries, None where there is none


@dataclass(frozen=True)
class Found:
    """A layer that the file holds, as far as it says so without being read."""

    name: str
    features: int | None = None
    geometry: str = ""
    crs: str = ""


class OwnerMustSay(UnreadableFile):
    """The file leaves something open that its owner knows, or what they said of it is not so.

    `wish` is the field of `judging.Wishes` that says it; `choices` are what it may be, when we know them. `found` are
    the layers of the file, where one has to be chosen.
    """

    def __init__(self, message: str, *, wish: str, choices: Sequence[str] = (), found: Sequence[Found] = ()) -> None:
        self.wish, self.choices, self.found = wish, list(choices), list(found)
        super().__init__(message)


@dataclass
class Source:
    """The lines of a layer. A line is a feature, counted from 1 in the file's order; index i holds line i + 1.

    `crs` is what the file declares (an authority code or WKT), None when it declares nothing, `crs_from` where it says
    so, in words. `refused` says why a
    line could not even be read; `notes` are sentences for the report.
    """

    format: str
    layer: str
    crs: str | None
    geometries: Geometries
    attributes: list[dict[str, Any]]
    encoding: str = "UTF-8"
    crs_from: str = ""
    refused: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


def plain(value: Any) -> Any:
    """`value` as PostgreSQL's jsonb can keep it: no NUL, no half character, no NaN."""
    match value:
        case str():
            return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {plain(str(name)): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case _:
            return value


def guessed(encoding: str) -> str:
    """The note on an encoding nobody declared."""
    said = _("The file does not say how its accents are written: read as %(encoding)s. If that is wrong, say how.")
    return said % {"encoding": encoding}
