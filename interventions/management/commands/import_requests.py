"""`import_requests FILE --source NAME …`: the requests of another tool, from a CSV."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError
from gisplatform.refusals import separator_in_words
from interventions.importing.report import Report
from interventions.importing.rows import Fields
from interventions.importing.services import import_requests


class Command(BaseCommand):
    help = _(
        "Logs each row of a CSV (gzip or not) as a request and routes it by the rules of today. A row that was "
        "imported before, by the same source and identifier, is skipped: the command may be repeated, or go on where "
        "it was cut. Nobody is written to. Encoding, separator, decimal commas and the order of the dates are "
        "recognised and told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--source", required=True, metavar="NAME", help=_("where the file comes from"))
        parser.add_argument("--lon", required=True, metavar="F", help=_("column of the longitude, in degrees"))
        parser.add_argument("--lat", required=True, metavar="F", help=_("column of the latitude, in degrees"))
        parser.add_argument(
            "--category-field", required=True, metavar="F", help=_("column of the category, by its code or name")
        )
        parser.add_argument("--family-field", default="", metavar="F", help=_("column of the family of new categories"))
        parser.add_argument("--opened-field", default="", metavar="F", help=_("column of the date; else today"))
        parser.add_argument("--closed-field", default="", metavar="F", help=_("column of the end; empty: still open"))
        parser.add_argument(
            "--id-field", default="", metavar="F", help=_("column of the identifier; else the whole row")
        )
        parser.add_argument("--address-field", default="", metavar="F", help=_("column of the address"))
        parser.add_argument("--description-field", default="", metavar="F", help=_("column of the description"))
        parser.add_argument("--create-categories", action="store_true", help=_("make the categories that are missing"))
        parser.add_argument("--dry-run", action="store_true", help=_("tell what would be done, keep nothing"))
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        named = {name: options[f"{name}_field"] for name in ("category", "family", "opened", "closed", "id", "address",
                                                             "description")}  # fmt: skip
        try:
            report = import_requests(
                path=options["file"],
                source=options["source"],
                named=Fields(lon=options["lon"], lat=options["lat"], **named),
                create_categories=options["create_categories"],
                dry_run=options["dry_run"],
                now=timezone.now(),
                progress=self._progress,
            )
        except PlatformError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self._print(report)
        else:
            self._tell(report, dry_run=options["dry_run"])
        if not report.imported and not report.skipped:
            raise CommandError(_("No row could be taken."))

    def _progress(self, report: Report, share: float) -> None:
        self.stderr.write(
            _("%(percent)d %% of the file: %(imported)d imported, %(skipped)d skipped, %(refused)d refused")
            % {"percent": 100 * share, "imported": report.imported, "skipped": report.skipped,
               "refused": report.refused.count}
        )  # fmt: skip

    def _print(self, report: Report) -> None:
        """One JSON object, its refused rows written as they are read back."""
        facts = {
            "imported": report.imported,
            "skipped": report.skipped,
            "to_sort": report.to_sort,
            "recognised": report.recognised,
            "created_categories": report.created_categories,
        }
        for piece in report.refused.as_json(facts):
            self.stdout.write(piece, ending="")

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        said = report.recognised
        separator = separator_in_words(said["separator"])
        self.stdout.write(
            _("File in %(encoding)s, cells apart by %(separator)s, dates as %(dates)s.")
            % {"encoding": said["encoding"], "separator": separator, "dates": said["dates"]}
        )
        for name in report.created_categories:
            self.stdout.write(_("New category: %(name)s") % {"name": name})
        for line in report.refused.as_lines():
            self.stdout.write(line)
        self.stdout.write(
            _("%(imported)d imported (%(to_sort)d to sort), %(skipped)d skipped, %(refused)d refused.")
            % {"imported": report.imported, "to_sort": report.to_sort, "skipped": report.skipped,
               "refused": report.refused.count}
        )  # fmt: skip
        if dry_run:
            self.stdout.write(_("Nothing was kept: this was a rehearsal."))
