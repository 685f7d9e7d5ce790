"""The form of a routing rule: every mistake that would leave requests to sort is said at its field."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gisplatform import moments
from gisplatform.administration.forms import CodedForm, Listed
from layers.models import Layer, Zone

MOST_CODES_TOLD = 60


class RuleForm(CodedForm):
    zone_codes = Listed(
        label=gettext_lazy("Zones"),
        longest=60,
        help_text=gettext_lazy("Codes of zones of this layer, separated by commas. Left empty: all its zones."),
    )

    class Meta:
        help_texts = {
            "category": gettext_lazy("Either one category …"),
            "family": gettext_lazy("… or a whole family. A category’s own rule goes before that of its family."),
            "layer": gettext_lazy("Whose zones count for this rule."),
            "department": gettext_lazy("Who answers."),
            "priority": gettext_lazy("Where several rules hold, the smallest number wins. Most rules have 100."),
            "valid_from": gettext_lazy("First day the rule holds."),
            "valid_to": gettext_lazy("First day it no longer holds. Left empty: until further notice."),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        self._one_subject(cleaned)
        self._days_in_order(cleaned)
        self._nothing_retired(cleaned)
        self._known_zones(cleaned)
        return cleaned

    def _one_subject(self, cleaned: dict[str, Any]) -> None:
        if {"category", "family"} & self.errors.keys():
            return
        if cleaned["category"] and cleaned["family"]:
            self.add_error("family", _("Choose a category or a family, not both: empty one of the two."))
        elif not (cleaned["category"] or cleaned["family"]):
            self.add_error("category", _("Choose a category or a family: what this rule is about."))

    def _days_in_order(self, cleaned: dict[str, Any]) -> None:
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if begin and end and end <= begin:
            self.add_error("valid_to", _("The rule must end after the day it begins."))

    def _nothing_retired(self, cleaned: dict[str, Any]) -> None:
        """A rule ends before what it relies on; an old rule keeps what it was made with while its days stay."""
        for name in ("category", "family", "layer", "department"):
            chosen, end = cleaned.get(name), cleaned.get("valid_to")
            retired_on = chosen and chosen.retired_on
            if retired_on and (end is None or end > retired_on) and {name, "valid_to"} & set(self.changed_data):
                told = {"name": chosen, "day": moments.day(retired_on, "j F Y")}
                self.add_error(
                    name, _("“%(name)s” is retired from %(day)s: choose another, or end the rule by then.") % told
                )

    def _known_zones(self, cleaned: dict[str, Any]) -> None:
        layer, codes = cleaned.get("layer"), cleaned.get("zone_codes")
        if not layer or not codes:
            return
        kept = set(self.instance.zone_codes) if "layer" not in self.changed_data else set()
        on = max(timezone.localdate(), cleaned.get("valid_from") or datetime.date.min)
        zones = dict(Zone.objects.in_force(on).filter(version__layer=layer).values_list("code", "name"))
        unknown = [code for code in codes if code not in zones and code not in kept]
        if unknown:
            self.add_error("zone_codes", unknown_zones(unknown, zones, layer))


def unknown_zones(unknown: list[str], zones: dict[str, str], layer: Layer) -> str:
    """What to tell of these codes: they are not of this layer, whose codes in force are …"""
    told = {"codes": ", ".join(unknown), "layer": layer}
    if not zones:
        return _("The layer “%(layer)s” has no version in force on that day, and so no zone: leave this empty.") % told
    known = [f"{code} ({name})" if name and name != code else code for code, name in sorted(zones.items())]
    if len(known) > MOST_CODES_TOLD:
        more = len(known) - MOST_CODES_TOLD
        known = [*known[:MOST_CODES_TOLD], ngettext("and %(more)d more", "and %(more)d more", more) % {"more": more}]
    told["known"] = ", ".join(known)
    said = ngettext(
        "The layer “%(layer)s” has no zone %(codes)s. Its zones: %(known)s.",
        "The layer “%(layer)s” has no zones %(codes)s. Its zones: %(known)s.",
        len(unknown),
    )
    return said % told
