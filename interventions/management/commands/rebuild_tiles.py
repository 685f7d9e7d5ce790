"""`rebuild_tiles`: the counts that maps of requests show, counted anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from interventions.requests.tiles.models import MapCell
from interventions.requests.tiles.services import rebuild


class Command(BaseCommand):
    help = _(
        "Counts the requests of the map anew, while nobody writes any: they are kept in step by themselves, so this is "
        "for after a repair of the database by hand."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        rebuild()
        self.stdout.write(_("%(count)d counts of cells written.") % {"count": MapCell.objects.count()})
