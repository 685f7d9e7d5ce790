"""`export requests|interventions|CODE`: these, or the zones of a layer, as a file for GIS and spreadsheet programs."""

import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform import geofiles
from gisplatform.models import User
from interventions.exchanging import exports, work
from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest
from interventions.work.models import Intervention
from layers import exports as zones
from layers.models import Layer


class Command(BaseCommand):
    help = _(
        "Writes the requests, the interventions, or the zones of a layer in force, to a file. Nothing of who asked is "
        "written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            metavar="requests|interventions|CODE",
            help=_("the requests, the interventions, or the code of a layer"),
        )
        parser.add_argument("--format", choices=geofiles.FORMATS, required=True)
        parser.add_argument("--crs", metavar="EPSG:n", default="EPSG:4326", help=_("EPSG:4326, EPSG:2154 or EPSG:3949"))
        parser.add_argument("--query", metavar="WORDS", default="", help=_("filters as in the address of the list"))
        parser.add_argument("--output", metavar="FILE", type=Path, required=True)

    def handle(self, *_args: Any, what: str, crs: str, query: str, output: Path, **options: Any) -> None:
        srid = next((each for each in geofiles.CRS if crs.upper() in {str(each), f"EPSG:{each}"}), None)
        if srid is None:
            raise CommandError(_("Unknown CRS: %(crs)s. Choose EPSG:4326, EPSG:2154 or EPSG:3949.") % {"crs": crs})
        if not output.parent.is_dir():
            raise CommandError(_("The folder %(folder)s does not exist.") % {"folder": output.parent})
        if query and what != "requests":
            raise CommandError(_("--query filters requests only."))
        with tempfile.TemporaryDirectory() as folder:
            where: dict[str, Any] = {"as_": options["format"], "name": output.stem, "folder": Path(folder)}
            if what == "requests":
                wanted = self._requests(query)
                made, rows = exports.write(wanted, srid=srid, **where), wanted.count()
            elif what == "interventions":
                content = work.frame(Intervention.objects.all(), srid=srid)
                made, rows = geofiles.write(content, short=work.SHORT, **where), len(content)
            else:
                content = self._zones(what, srid)
                made, rows = geofiles.write(content, **where), len(content)
            # Several files go together in a zip, whatever the name asked for said.
            target = output.with_suffix(".zip") if made.suffix == ".zip" else output
            shutil.copyfile(made, target)
        self.stdout.write(_("%(count)d rows written to %(file)s") % {"count": rows, "file": target})

    def _requests(self, query: str) -> Any:
        # Nobody in particular asks: words are not looked for among requesters.
        nobody: Any = SimpleNamespace(user=User(is_active=False))
        asked = RequestFilter(QueryDict(query), queryset=ServiceRequest.objects.all(), request=nobody)
        if not asked.is_valid():
            raise CommandError("; ".join(str(errors[0]) for errors in asked.errors.values()))
        return asked.qs

    def _zones(self, code: str, srid: int) -> Any:
        layer = Layer.objects.filter(code=code).first()
        if layer is None:
            raise CommandError(_("There is no layer %(code)s.") % {"code": code})
        return zones.frame(layer, on=timezone.localdate(), srid=srid)
