"""`reroute [--open | --all] [--dry-run]`: look again at who answers, by the rules of today."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.models import Department
from interventions.rerouting import services
from interventions.rerouting.queries import looked_at
from interventions.rerouting.reports import Report


class Command(BaseCommand):
    help = _("Decides open requests again by the rules of today; what a person chose, and what is worked on, stays.")

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--open", action="store_true", help=_("open requests; this is the default"))
        which.add_argument("--all", action="store_true", help=_("those that have ended too, but for duplicates"))
        parser.add_argument("--dry-run", action="store_true", help=_("tell what would be done, keep nothing"))
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if options["dry_run"]:
            rows = services.rehearse(day=today, with_ended=options["all"])
            report = Report.of_rehearsal(rows, looked_at=looked_at(with_ended=options["all"]).count())
        else:
            report = self._done(with_ended=options["all"])
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], **report.as_json()}, ensure_ascii=False))
            return
        names = dict(Department.objects.values_list("code", "name"))
        for line in report.as_lines(names):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write(_("Nothing was kept: this was a rehearsal."))

    def _done(self, *, with_ended: bool) -> Report:
        now = timezone.now()
        ordered = services.order(
            version=None, by=None, now=now, day=timezone.localdate(now), with_ended=with_ended, queued=False
        )
        for seen in services.run(ordered, clock=timezone.now):
            if seen.total:
                facts = {"percent": 100 * seen.looked_at / seen.total, "done": seen.looked_at, "total": seen.total}
                self.stderr.write(_("%(percent)d %%: %(done)d of %(total)d requests looked at") % facts)
        return Report.of(seen)
