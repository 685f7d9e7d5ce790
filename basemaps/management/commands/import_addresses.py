"""`import_addresses FILE`: addresses of the national base (BAN) or of a commune (BAL), from a CSV."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from basemaps.importing.services import Report, import_addresses
from basemaps.models import Street
from gisplatform.errors import PlatformError
from gisplatform.refusals import separator_in_words


class Command(BaseCommand):
    help = _(
        "Takes the addresses of a CSV (gzip or not), in the format of the national base (BAN) or of a commune's (BAL), "
        "which its first row tells. The same file again changes nothing, a newer one moves and renames. Encoding and "
        "separator are recognised and told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = import_addresses(path=options["file"], progress=self._progress)
        except PlatformError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self._print(report)
        else:
            self._tell(report)
        if not report.imported and not report.updated and not report.skipped:
            raise CommandError(_("No address could be taken."))

    def _progress(self, report: Report, share: float) -> None:
        self.stderr.write(
            _("%(percent)d %% of the file: %(imported)d new, %(updated)d updated, %(skipped)d skipped, "
              "%(refused)d refused")
            % {"percent": 100 * share, **_counts(report)}
        )  # fmt: skip

    def _print(self, report: Report) -> None:
        """One JSON object, its refused rows written as they are read back."""
        facts = {**_counts(report), "recognised": report.recognised}
        del facts["refused"]
        for piece in report.refused.as_json(facts):
            self.stdout.write(piece, ending="")

    def _tell(self, report: Report) -> None:
        said = report.recognised
        separator = separator_in_words(said["separator"])
        self.stdout.write(
            _("%(source)s: file in %(encoding)s, cells apart by %(separator)s.")
            % {"source": Street.Source(said["format"]).label, "encoding": said["encoding"], "separator": separator}
        )
        for line in report.refused.as_lines():
            self.stdout.write(line)
        self.stdout.write(
            _("%(imported)d new, %(updated)d updated, %(skipped)d skipped, %(refused)d refused.") % _counts(report)
        )


def _counts(report: Report) -> dict[str, Any]:
    return {
        "imported": report.imported,
        "updated": report.updated,
        "skipped": report.skipped,
        "refused": report.refused.count,
    }
