"""Online backgrounds: where their tiles are, whose they are, until when they are offered."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basemaps.catalogue import PRESETS, entered
from basemaps.models import Basemap
from gisplatform.administration.entries import RetirableEntries, ServiceLife
from gisplatform.administration.forms import RetirableForm

PLACEHOLDERS = ("{z}", "{x}", "{y}")


class BasemapForm(RetirableForm):
    class Meta:
        help_texts = {
            "name": gettext_lazy("As people choose it on the map, for example “Aerial photograph 2025”."),
            "tiles": gettext_lazy(
                "Begins with https:// and holds {z}, {x} and {y}. Every screen of the platform may then fetch from it."
            ),
            "attribution": gettext_lazy("Whose it is and under which licence: shown on the map."),
            "photograph": gettext_lazy("A photograph is shown as it is; a plan is toned down, so that data speaks."),
            "position": gettext_lazy("The smallest comes first in the choice."),
            "retired_on": gettext_lazy("From that day on it is no longer offered."),
        }

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in PRESETS:
            raise ValidationError(_("This code belongs to a background that comes with the platform: choose another."))
        return code

    def clean_tiles(self) -> str:
        address = self.cleaned_data["tiles"].strip()
        try:
            parts = urlsplit(address)
            host = parts.hostname
        except ValueError:
            raise ValidationError(_("This is no address: copy it from its provider.")) from None
        if parts.scheme != "https":
            raise ValidationError(_("The address must begin with https://: browsers refuse the rest."))
        if not host or "{" in parts.netloc or not set(parts.netloc) <= ALLOWED:
            raise ValidationError(_("Name one host: letters, digits, dots, without braces, commas or a password."))
        missing = [each for each in PLACEHOLDERS if each not in address]
        if missing:
            raise ValidationError(_("The address lacks %(missing)s.") % {"missing": ", ".join(missing)})
        return address


# What may stand in a host of the policy: nothing that would end or widen it.
ALLOWED = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:")


@admin.register(Basemap)
class Basemaps(RetirableEntries):
    form = BasemapForm
    list_display = ("name", "code", "attribution", "max_zoom", "photograph", "position", "retired_on")
    list_filter = (ServiceLife, "photograph")
    search_fields = ("name__unaccent", "code", "tiles", "attribution__unaccent")
    readonly_fields = ("used_by",)
    ordering = ("position", "name")
    fieldsets = (
        (None, {"fields": ["name", "code", "tiles", "attribution"]}),
        (gettext_lazy("How it is shown"), {"fields": ["max_zoom", "photograph", "position"]}),
        RetirableEntries.LIFE,
    )

    def save_model(self, *args: Any) -> None:
        super().save_model(*args)
        entered.forget()

    def delete_model(self, *args: Any) -> None:
        super().delete_model(*args)
        entered.forget()

    def retire(self, *args: Any) -> None:
        super().retire(*args)
        entered.forget()

    retire.short_description = RetirableEntries.retire.short_description  # type: ignore[attr-defined]
    retire.allowed_permissions = ["change"]  # type: ignore[attr-defined]
