"""`seed_requests N [--seed S]`: made-up requests for measuring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError
from interventions.importing.seeding import seed
from interventions.requests.tiles.services import rebuild


class Command(BaseCommand):
    help = _(
        "Logs N made-up requests over the zones in force, routed like all others: for measuring, never in service."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", metavar="N", type=int, help=_("how many"))
        parser.add_argument("--seed", type=int, default=1, metavar="S", help=_("another number, other requests"))

    def handle(self, *_args: Any, count: int, **options: Any) -> None:
        if count < 1:
            raise CommandError(_("Ask for one request at least."))
        try:
            logged = seed(count=count, seed=options["seed"], now=timezone.now(), progress=self._progress)
        except PlatformError as error:
            raise CommandError(str(error)) from None
        rebuild()  # many at once: faster than folding them in
        self.stdout.write(_("%(count)d requests made up.") % {"count": logged})

    def _progress(self, done: int) -> None:
        self.stderr.write(str(done))
