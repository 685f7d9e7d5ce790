"""`publish_layer CODE --version N`: put a version in force."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError
from layers import reports
from layers.management.arguments import VersionCommand, day_of, version_of
from layers.publishing import PublicationStopped, publish


class Command(VersionCommand):
    help = _("Puts a version of a layer in force. Errors stop it, and warnings unless a reason is given.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("layer", metavar="CODE")
        parser.add_argument("--version", type=int, required=True, metavar="N", help=_("which version"))
        parser.add_argument(
            "--valid-from", default="", metavar="D", help=_("first day in force (2026-01-31); else today")
        )
        parser.add_argument("--reason", default="", metavar="TEXT", help=_("publish in spite of warnings, and why"))
        parser.add_argument(
            "--tolerance", type=float, metavar="M2", help=_("smaller faults pass; else as the layer says")
        )
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, layer: str, **options: Any) -> None:
        report: dict[str, Any] = {"layer": layer, "version": options["version"]}
        try:
            version = publish(
                version_of(layer, options["version"]),
                valid_from=day_of(options["valid_from"]),
                by=None,
                now=timezone.now(),
                reason=options["reason"],
                tolerance_m2=options["tolerance"],
            )
        except PlatformError as error:
            findings = error.findings if isinstance(error, PublicationStopped) else []
            told = {**report, "published": False, "error": str(error), "findings": [f.as_json() for f in findings]}
            self._say(options, told, reports.of_check(findings) if findings else [])
            raise CommandError(str(error)) from None
        accepted = [finding.as_json() for finding in version.findings.told()]
        told = {**report, "published": True, **version.report["publication"], "findings": accepted}
        self._say(options, told, [reports.of_publication(version)])

    def _say(self, options: dict[str, Any], report: dict[str, Any], lines: list[str]) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else "\n".join(lines))
