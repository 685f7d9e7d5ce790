"""`check_layer CODE`: what does not fit together in a version of a layer."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError
from layers import quality, reports
from layers.management.arguments import VersionCommand, version_of


class Command(VersionCommand):
    help = _(
        "Looks for overlaps, gaps, slivers, duplicate codes and zones off the territory. Whatever it finds it exits 0;"
        " 1 means there was nothing to look at."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("layer", metavar="CODE")
        parser.add_argument("--version", type=int, metavar="N", help=_("which version; else the latest"))
        parser.add_argument(
            "--tolerance", type=float, metavar="M2", help=_("smaller faults pass; else as the layer says")
        )
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, layer: str, tolerance: float | None, **options: Any) -> None:
        try:
            version = version_of(layer, options["version"])
        except PlatformError as error:
            raise CommandError(str(error)) from None
        day = version.valid_from or timezone.localdate()
        findings = quality.check_and_note(version, on=day, tolerance_m2=tolerance)
        if options["json"]:
            report = {
                "layer": layer,
                "version": version.number,
                "tolerance_m2": version.report["check"]["tolerance_m2"],
                "findings": [finding.as_json() for finding in findings],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(reports.of_check(findings)))
