"""`simulate CODE --version N`: which requests putting a version in force would move."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gisplatform.errors import PlatformError
from interventions.simulating.models import Simulation
from interventions.simulating.moves import KINDS, SETS, MoveQuerySet
from interventions.simulating.queries import Cell, matrix
from interventions.simulating.services import order
from layers.management.arguments import VersionCommand, day_of, version_of


class Command(VersionCommand):
    help = _("Tells which open requests a version of a layer would move if it were in force. Nothing is moved.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("layer", metavar="CODE")
        parser.add_argument("--version", type=int, required=True, metavar="N", help=_("which version"))
        parser.add_argument("--since", default="", metavar="D", help=_("and all those received since (2026-01-31)"))
        parser.add_argument(
            "--valid-from", default="", metavar="D", help=_("first day in force (2026-01-31); else today")
        )
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, layer: str, **options: Any) -> None:
        try:
            simulation = order(
                by=None,
                now=timezone.now(),
                version=version_of(layer, options["version"]),
                day=day_of(options["valid_from"]),
                since=day_of(options["since"]),
                at_once=True,
            )
        except PlatformError as error:
            raise CommandError(str(error)) from None
        report = _report(simulation, layer=layer, number=options["version"])
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else "\n".join(_lines(report)))


def _report(simulation: Simulation, *, layer: str, number: int) -> dict[str, Any]:
    opened: MoveQuerySet = simulation.moves.filter(SETS["open"])
    counts = opened.counts()
    report = {
        "layer": layer,
        "version": number,
        "rules_of": simulation.rules_of.isoformat(),
        "simulation": simulation.pk,
        "replayed": simulation.total,
        "moved": counts["moved"],
        "moved_anyway": counts["moved"] - counts["own"],
        "kept": {"at_work": counts["at_work"], "by_person": counts["by_person"]},
        "matrix": _matrix(opened),
    }
    if simulation.since:
        report |= {
            "since": simulation.since.isoformat(),
            "matrix_since": _matrix(simulation.moves.filter(SETS["period"])),
        }
    return report


def _matrix(moves: MoveQuerySet) -> list[dict[str, Any]]:
    cells: list[Cell] = matrix(moves.filter(KINDS["moved"]), by="department")
    return [
        {"from": cell.before.code or None, "to": cell.after.code or None, "requests": cell.requests} for cell in cells
    ]


def _lines(report: dict[str, Any]) -> list[str]:
    moved = report["moved"]
    head = ngettext("%(n)d open request would move.", "%(n)d open requests would move.", moved) % {"n": moved}
    lines = [head, *_told(report["matrix"])]
    lines.append(
        _("%(work)d would stay because work has begun, %(person)d because a person chose.")
        % {"work": report["kept"]["at_work"], "person": report["kept"]["by_person"]}
    )
    if "since" in report:
        lines += [_("Of those received since %(day)s, open or not:") % {"day": report["since"]}]
        lines += _told(report["matrix_since"])
    return lines


def _told(matrix: list[dict[str, Any]]) -> list[str]:
    return [f"  {cell['from'] or '–'} → {cell['to'] or '–'}: {cell['requests']}" for cell in matrix]
