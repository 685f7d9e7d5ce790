"""`import_layer FILE --layer CODE`: the zones of a file as a new version of a layer."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError
from layers import reports
from layers.importing import Target, import_file
from layers.judging import Wishes
from layers.management.arguments import day_of
from layers.models import LayerVersion
from layers.publishing import PublicationStopped, publish
from layers.reading import OwnerMustSay


class Command(BaseCommand):
    help = _(
        "Reads the zones of a GeoJSON, GeoPackage or zipped Shapefile (or GeoParquet, FlatGeobuf, KML, GML, MapInfo,"
        " FileGDB, CSV with WKT) into a new version of a layer. Nothing is written when the file cannot be read. Lines"
        " are counted from 1 in the order of the file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--layer", required=True, metavar="CODE", help=_("code of the layer, made when it is new"))
        parser.add_argument("--name", default="", help=_("name of the layer"))
        parser.add_argument("--source-layer", default="", metavar="L", help=_("which layer of the file, if several"))
        parser.add_argument("--crs", default="", metavar="EPSG:n", help=_("coordinate system, over what the file says"))
        parser.add_argument("--encoding", default="", metavar="E", help=_("encoding of the text: utf-8, cp1252…"))
        parser.add_argument("--code-field", default="", metavar="F", help=_("field of the codes; else the usual one"))
        parser.add_argument("--name-field", default="", metavar="F", help=_("field of the names; else the usual one"))
        parser.add_argument(
            "--valid-from", default="", metavar="D", help=_("first day in force (2026-01-31); else today")
        )
        parser.add_argument(
            "--territory", action="store_true", help=_("a new layer: its zones are the territory served")
        )
        parser.add_argument("--source", default="", metavar="TEXT", help=_("whom maps name as the source"))
        parser.add_argument("--producer", default="", metavar="TEXT", help=_("who drew these outlines"))
        parser.add_argument("--licence", default="", metavar="TEXT", help=_("licence of the outlines"))
        parser.add_argument("--schematic", choices=["yes", "no"], help=_("whether maps call these outlines schematic"))
        parser.add_argument("--publish", action="store_true", help=_("put the version in force if its check allows"))
        parser.add_argument("--reason", default="", metavar="TEXT", help=_("publish in spite of warnings, and why"))
        parser.add_argument(
            "--tolerance", type=float, metavar="M2", help=_("smaller faults pass; else as the layer says")
        )
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            valid_from = day_of(options["valid_from"])
            version = self._imported(options, valid_from)
        except PlatformError as error:
            if options["json"]:
                refused = getattr(error, "refused", [])
                nothing = {"layer": options["layer"], "version": None, "zones": 0, "refused": refused, "repaired": []}
                self._print({**nothing, "error": str(error)})
            option = f" (--{error.wish.replace('_', '-')})" if isinstance(error, OwnerMustSay) else ""
            raise CommandError(f"{error}{option}") from None
        stop = self._published(version, options, valid_from) if options["publish"] else None
        if options["json"]:
            checked = {"findings": [each.as_json() for each in version.findings.told()]} if options["publish"] else {}
            self._print({**version.report, **checked, "published": bool(options["publish"]) and stop is None})
        else:
            self._tell(version, stop)
        if stop is not None:
            raise CommandError(str(stop))

    def _imported(self, options: dict[str, Any], valid_from: Any) -> LayerVersion:
        return import_file(
            path=options["file"],
            target=Target(
                code=options["layer"],
                name=options["name"],
                source=options["source"],
                producer=options["producer"],
                licence=options["licence"],
                territory=options["territory"],
                schematic={"yes": True, "no": False, None: None}[options["schematic"]],
            ),
            wishes=Wishes(
                source_layer=options["source_layer"],
                crs=options["crs"],
                encoding=options["encoding"],
                code_field=options["code_field"],
                name_field=options["name_field"],
            ),
            valid_from=valid_from,
            now=timezone.now(),
        )

    def _published(self, version: LayerVersion, options: dict[str, Any], valid_from: Any) -> PlatformError | None:
        """Why it could not be published, None when it was."""
        try:
            publish(
                version,
                valid_from=valid_from,
                by=None,
                now=timezone.now(),
                reason=options["reason"],
                tolerance_m2=options["tolerance"],
            )
        except PlatformError as error:
            return error
        return None

    def _tell(self, version: LayerVersion, stop: PlatformError | None) -> None:
        lines = reports.of_import(version.report)
        if isinstance(stop, PublicationStopped):
            lines += reports.of_check(stop.findings)
        elif stop is None and version.status == LayerVersion.Status.PUBLISHED:
            lines.append(reports.of_publication(version))
        else:
            lines.append(_("It is not in force yet: publish_layer %(layer)s --version %(version)s") % version.report)
        self.stdout.write("\n".join(lines))

    def _print(self, report: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False))
