"""The zone of each row of a CSV of positions: the file comes back as it is, with two columns more."""

import csv
import datetime
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.utils.translation import gettext as _

from gisplatform.csvfiles import CARRIED, CsvFile, number, open_csv
from gisplatform.errors import PlatformError
from gisplatform.geo import points_to_storage
from layers.models import Layer, LayerVersion
from layers.zonesearch import NONE, ZoneSearch

ADDED = ["zone_code", "zone_name"]
CHUNK = 20_000  # rows: what memory holds
EXAMPLES = 20  # rows without a position that are told one by one
Record = tuple[int, str, list[str]]  # line, text as it stands, cells


@dataclass
class Located:
    """What became of the rows. `examples` are the first of those whose position cannot be read."""

    layer: str
    version: int
    recognised: dict[str, str]
    rows: int = 0
    located: int = 0
    outside: int = 0
    unreadable: int = 0
    swapped: int = 0  # of those outside, the ones that would lie in the layer with their coordinates exchanged
    examples: list[dict[str, Any]] = field(default_factory=list)


def locate(
    *,
    path: Path,
    target: IO[bytes],
    layer: str,
    on: datetime.date,
    lon: str = "lon",
    lat: str = "lat",
    progress: Callable[[Located, float], object] = lambda _told, _share: None,
) -> Located:
    """Write the CSV again to `target`, with the code and the name of the zone in force on that day.

    Encoding, separator, quotes and line ends stay as they are. A row keeps its place: where no zone holds it, or its
    position cannot be read, the two cells are empty. The border is inside; in an overlap the smaller zone is named.
    Memory stays flat but for the zones. Raises UnreadableFile, MissingColumn, PlatformError.
    """
    version = in_force(layer, on)
    file = open_csv(path, faithful=True)
    at = file.column(lon), file.column(lat)
    for name in ADDED:
        if name in file.columns:
            raise PlatformError(_("The file has a column “%(name)s” already: rename it first.") % {"name": name})
    told = Located(
        layer=layer,
        version=version.number,
        recognised={"encoding": file.encoding, "separator": file.separator},
    )
    search = ZoneSearch(version)
    added = _added(search, file)
    out = io.TextIOWrapper(target, encoding=file.encoding, errors=CARRIED, newline="", write_through=False)
    target.write(file.bom)
    out.write(_with(file.head, _cells(ADDED, file)))
    for records in _chunks(file):
        lons, lats = _positions(records, at, file, told)
        zones = search.find(*points_to_storage(lons, lats))
        out.writelines(_rows(records, zones, added, file))
        nowhere = zones.count(NONE)
        told.located += len(zones) - nowhere
        if nowhere:
            told.swapped += _swapped(lons, lats, zones, search.extent)
        progress(told, file.share_read)
    out.flush()
    out.detach()  # it is the caller's to close
    told.outside = told.rows - told.located - told.unreadable
    return told


def in_force(layer: str, on: datetime.date) -> LayerVersion:
    """The version of that day; raises PlatformError."""
    version = LayerVersion.objects.in_force(on).filter(layer__code=layer).first()
    if version is not None:
        return version
    if Layer.objects.filter(code=layer).exists():
        raise PlatformError(
            _("No version of the layer “%(code)s” is in force on %(day)s.") % {"code": layer, "day": on.isoformat()}
        )
    codes = ", ".join(Layer.objects.order_by("code").values_list("code", flat=True))
    raise PlatformError(_("There is no layer “%(code)s”; there are: %(codes)s.") % {"code": layer, "codes": codes})


def _chunks(file: CsvFile) -> Iterator[list[Record]]:
    records = file.records()
    while chunk := list(islice(records, CHUNK)):
        yield chunk


def _positions(
    records: list[Record], at: tuple[int, int], file: CsvFile, told: Located
) -> tuple[list[float], list[float]]:
    """Degrees of each row; NaN of blank lines and of rows without a position, which are counted."""
    lon_at, lat_at, width = *at, len(file.columns)
    told.rows += sum(1 for record in records if record[2])
    if plain := _plain_degrees(records, at, width):
        return plain
    lons, lats = [], []
    nowhere = float("nan")
    for line, _raw, cells in records:
        lon = lat = None
        if len(cells) == width:
            lon, lat = number(cells[lon_at]), number(cells[lat_at])
        if lon is not None and lat is not None and -180 <= lon <= 180 and -90 <= lat <= 90:
            lons.append(lon)
            lats.append(lat)
            continue
        lons.append(nowhere)
        lats.append(nowhere)
        if cells:
            told.unreadable += 1
            if len(told.examples) < EXAMPLES:
                told.examples.append({"line": line, "reason": _why(cells, at, file)})
    return lons, lats


def _plain_degrees(records: list[Record], at: tuple[int, int], width: int) -> tuple[list[float], list[float]] | None:
    """The usual case, fast: every row has its cells, and a position written as programs write it. Else None."""
    if any(len(cells) != width for _line, _raw, cells in records):
        return None
    texts = [[cells[column] for _line, _raw, cells in records] for column in at]
    try:
        lons, lats = (list(map(float, each)) for each in texts)
    except ValueError:
        return None
    usual = (np.abs(lons) <= 180).all() and (np.abs(lats) <= 90).all()
    # Python takes 1_0 for a number.
    return (lons, lats) if usual and not any("_" in "".join(each) for each in texts) else None


def _why(cells: list[str], at: tuple[int, int], file: CsvFile) -> str:
    if uneven := file.uneven(cells):
        return uneven
    for text in (cells[column].strip() for column in at):
        if not text:
            return _("It has no position.")
        if number(text) is None:
            return _("“%(text)s” is no number.") % {"text": text}
    return _("“%(text)s” is no longitude or latitude in degrees.") % {"text": " ".join(cells[each] for each in at)}


def _swapped(
    lons: list[float], lats: list[float], zones: list[int], extent: tuple[float, float, float, float] | None
) -> int:
    if extent is None:
        return 0
    west, south, east, north = extent
    return sum(
        zone == NONE and west <= lat <= east and south <= lon <= north
        for lon, lat, zone in zip(lons, lats, zones, strict=True)
    )


def _rows(records: list[Record], zones: list[int], added: dict[int, str], file: CsvFile) -> Iterator[str]:
    width, separator = len(file.columns), file.separator
    for (_line, raw, cells), zone in zip(records, zones, strict=True):
        if not cells:
            yield raw
        elif len(cells) < width:  # filled up, so that what is added stands in its columns
            yield _with(raw, separator * (width - len(cells)) + added[zone])
        else:
            yield _with(raw, added[zone])


def _with(raw: str, more: str) -> str:
    """The text of a row with more at its end, before the end of its line."""
    if raw.endswith("\r\n"):
        return f"{raw[:-2]}{more}\r\n"
    if raw.endswith(("\n", "\r")):
        return f"{raw[:-1]}{more}{raw[-1]}"
    return raw + more


def _added(search: ZoneSearch, file: CsvFile) -> dict[int, str]:
    """What is added to a row of each zone, and to one without a zone."""
    told = {NONE: file.separator * len(ADDED)}
    for which, (code, name) in enumerate(search.names):
        text = _cells([code, name], file)
        try:
            text.encode(file.encoding)
        except UnicodeEncodeError:
            raise PlatformError(
                _("The name “%(name)s” cannot be written in %(encoding)s: save the file in UTF-8 first.")
                % {"name": name, "encoding": file.encoding}
            ) from None
        told[which] = text
    return told


def _cells(values: Sequence[str], file: CsvFile) -> str:
    """These cells at the end of a row, quoted where the separator asks for it."""
    written = io.StringIO()
    csv.writer(written, delimiter=file.separator, lineterminator="").writerow(values)
    return file.separator + written.getvalue()
