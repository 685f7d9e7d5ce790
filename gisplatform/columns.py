"""What the columns of a file may be called and may hold, whatever the program that reads it."""

import json
from collections.abc import Collection, Iterable
from typing import Any

import pandas

# The names that writers give themselves: the geometry, its text, a point of it, the row's number.
OWN = ("geometry", "geom", "wkt", "x", "y", "fid", "ogc_fid")
SIMPLE = (str, bool, int, float)
LARGEST = 2**63 - 1  # whole number that every format knows; identifiers may be longer


def distinct(names: Iterable[str], *, taken: Collection[str] = ()) -> list[str]:
    """These names, numbered where they repeat one before them, one of `taken` or of OWN; capitals do not count."""
    used = {name.casefold() for name in (*taken, *OWN)}
    found = []
    for name in names:
        free, number = name, 1
        while free.casefold() in used:
            number += 1
            free = f"{name}_{number}"
        used.add(free.casefold())
        found.append(free)
    return found


def short(names: Iterable[str], *, longest: int) -> dict[str, str]:
    """Each name and what is left of it in `longest` bytes, no two alike."""
    cut: dict[str, str] = {}
    used: set[str] = set()
    for name in names:
        free, number = shortened(name, longest), 1
        while free.casefold() in used:
            number += 1
            free = f"{shortened(name, longest - len(str(number)))}{number}"
        used.add(free.casefold())
        cut[name] = free
    return cut


def shortened(text: str, longest: int) -> str:
    """The beginning of a text that fits in `longest` bytes of UTF-8, no letter cut in two."""
    return text.encode()[:longest].decode(errors="ignore")


def of_one_kind(values: pandas.Series) -> pandas.Series:
    """The same values, or all of them as text where numbers, texts and lists stand together: a column has one type."""
    if values.dtype != object:
        return values
    if any(isinstance(each, int) and abs(each) > LARGEST for each in values):
        return values.map(_as_text, na_action="ignore")
    found = {type(each) for each in values if each is not None}
    if len(found) < 2 and found <= set(SIMPLE):
        return values
    if found <= {int, float}:
        return pandas.to_numeric(values)
    return values.map(_as_text, na_action="ignore")


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
