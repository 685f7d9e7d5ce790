"""`locate IN.csv --layer CODE --output OUT.csv`: the zone of each row of a file."""

import gzip
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError
from layers.locating import Located, locate
from layers.management.arguments import day_of

PIPE = "-"


class Command(BaseCommand):
    help = _(
        "Adds to each row of a CSV the code and the name of the zone that holds its position. The file may be of any "
        "size, compressed by gzip or not; encoding, separator and all its cells stay as they are. A row whose position "
        "cannot be read, or that lies in no zone, stays with empty cells and is counted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="IN.csv", help=_("“-”: standard input"))
        parser.add_argument("--layer", required=True, metavar="CODE")
        parser.add_argument("--lon", default="lon", metavar="F", help=_("column of the longitude, in degrees"))
        parser.add_argument("--lat", default="lat", metavar="F", help=_("column of the latitude, in degrees"))
        parser.add_argument("--on", default="", metavar="D", help=_("by the zones in force that day; else today"))
        parser.add_argument(
            "--output", required=True, metavar="OUT.csv",
            help=_("“-”: standard output; a name in .gz is compressed"),
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, file: str, output: str, layer: str, **options: Any) -> None:
        if options["json"] and output == PIPE:
            raise CommandError(_("Standard output cannot take both the file and the report: name a file."))
        try:
            with read(file) as path, written(output) as target:
                told = locate(
                    path=path, target=target, layer=layer, on=day_of(options["on"]) or timezone.localdate(),
                    lon=options["lon"], lat=options["lat"], progress=self._progress,
                )  # fmt: skip
        except (PlatformError, OSError) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(asdict(told), ensure_ascii=False))
        else:
            self._tell(told)

    def _progress(self, told: Located, share: float) -> None:
        self.stderr.write(
            _("%(percent)d %% of the file: %(rows)d rows, %(located)d located")
            % {"percent": 100 * share, "rows": told.rows, "located": told.located}
        )

    def _tell(self, told: Located) -> None:
        for each in told.examples:
            self.stderr.write(_("Line %(line)s has no zone: %(reason)s") % each)
        if told.swapped:
            self.stderr.write(
                _("%(count)d positions would lie in the layer with their coordinates exchanged: check --lon and --lat.")
                % {"count": told.swapped}
            )
        self.stderr.write(
            _(
                "%(rows)d rows by version %(version)s of “%(layer)s”: %(located)d located, %(outside)d outside, "
                "%(unreadable)d without a position that can be read."
            )
            % asdict(told)
        )


@contextmanager
def read(name: str) -> Iterator[Path]:
    """The file; what comes through a pipe is kept on the disk meanwhile, for it is read twice."""
    if name != PIPE:
        yield Path(name)
        return
    with tempfile.NamedTemporaryFile(suffix=".csv") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name)


@contextmanager
def written(name: str) -> Iterator[IO[bytes]]:
    """Where the result goes; a file has its name only once it is complete."""
    if name == PIPE:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = f"{name}.part"
    try:
        with open(part, "wb") as plain:  # noqa: PTH123 (a name as it was typed)
            if name.endswith(".gz"):
                with gzip.open(plain, "wb", compresslevel=6) as zipped:
                    yield cast("IO[bytes]", zipped)
            else:
                yield plain
        os.replace(part, name)  # noqa: PTH105
    finally:
        Path(part).unlink(missing_ok=True)
