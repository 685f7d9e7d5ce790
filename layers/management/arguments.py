"""Days and versions as they are typed on a command line."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError
from layers.models import LayerVersion


class VersionCommand(BaseCommand):
    """A command whose `--version N` is that of a layer, and not Django's."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, **{"conflict_handler": "resolve", **kwargs})


def day_of(text: str) -> datetime.date | None:
    """The day of "2026-01-31", None of nothing; raises PlatformError."""
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise PlatformError(_("“%(text)s” is no day: write it as 2026-01-31.") % {"text": text}) from None


def version_of(code: str, number: int | None) -> LayerVersion:
    """That version of the layer, the latest without a number; raises PlatformError."""
    versions = LayerVersion.objects.filter(layer__code=code).select_related("layer").order_by("-number")
    version = versions.first() if number is None else versions.filter(number=number).first()
    if version is None:
        known = ", ".join(str(each) for each in sorted(versions.values_list("number", flat=True)))
        raise PlatformError(
            _("The layer “%(code)s” has no version %(number)s; it has: %(known)s.")
            % {"code": code, "number": number, "known": known}
            if known
            else _("There is no layer “%(code)s” with a version to look at.") % {"code": code}
        )
    return version
