"""What the pages of layers are asked: which layers, which zones, and from when a version holds."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gisplatform import cursors
from gisplatform.exporting import ExportForm
from gisplatform.fields import DayField
from layers.models import Finding, Layer, LayerVersion

STATES = {
    "": _("All in use"),
    "in_force": _("In force"),
    "coming": _("To come"),
    "waiting": _("To publish"),
    "empty": _("Without version"),
    "retired": pgettext_lazy("layers", "Retired"),
}
DAY = {"type": "date"}
REASON_MAX = 1000


class CatalogueFilter(forms.Form):
    q = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(required=False, choices=list(STATES.items()))


class ZoneFilter(forms.Form):
    q = forms.CharField(required=False, max_length=200)


class AttributeFilter(forms.Form):
    """`after` is the cursor of a page: code and id of the zone it follows."""

    NOTHING: ClassVar[dict[str, Any]] = {"q": "", "after": None, "format": ""}

    q = forms.CharField(required=False, max_length=200)
    after = forms.CharField(required=False, max_length=cursors.LONGEST)
    format = forms.CharField(required=False, max_length=20)

    def clean_after(self) -> tuple[str, int] | None:
        match cursors.read(self.cleaned_data["after"]) if self.cleaned_data["after"] else []:
            case []:
                return None
            case [str(code), int(zone_id)] if abs(zone_id) < 2**63 and "\x00" not in code:
                return code, zone_id
        raise cursors.BadCursor


ORIGIN = ("source", "producer", "licence", "description")
LIMITS = ("tolerance_m2", "sliver_width_m", "gaps_allowed", "overlaps_allowed")


class SettingsForm(forms.ModelForm):
    """Where a layer comes from, and by what it is checked."""

    class Meta:
        model = Layer
        fields = (*ORIGIN, *LIMITS)
        widgets: ClassVar[dict[str, Any]] = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @property
    def origin(self) -> list[forms.BoundField]:
        return [self[name] for name in ORIGIN]

    @property
    def limits(self) -> list[forms.BoundField]:
        return [self[name] for name in LIMITS]


class FindingFilter(forms.Form):
    """`after` is the id that the page follows."""

    NOTHING: ClassVar[dict[str, Any]] = {"kind": "", "severity": "", "after": None, "format": ""}

    kind = forms.ChoiceField(required=False, choices=Finding.Kind.choices)
    severity = forms.ChoiceField(required=False, choices=Finding.Severity.choices)
    after = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    format = forms.ChoiceField(required=False, choices=[(each, each) for each in ("csv", "geojson", "map")])


class PublishForm(forms.Form):
    valid_from = DayField(
        label=_("In force from"),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("That day included. Requests logged from then on follow this version."),
        error_messages={"required": _("Give the first day in force."), "invalid": _("This is no day: choose one.")},
    )
    reason = forms.CharField(
        label=_("Why its warnings are accepted"),
        required=False,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, warnings: int, **kwargs: Any) -> None:
        """`warnings` of its last check: without any there is nothing to give a reason for."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.warnings = warnings
        if not warnings:
            self.fields["reason"].widget = forms.HiddenInput()


class CompareForm(forms.Form):
    """Two versions of one layer, by their numbers."""

    before = forms.ModelChoiceField(
        queryset=LayerVersion.objects.none(), to_field_name="number", label=_("From version")
    )
    after = forms.ModelChoiceField(queryset=LayerVersion.objects.none(), to_field_name="number", label=_("to version"))

    def __init__(self, *args: Any, versions: QuerySet[LayerVersion], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            field.queryset = versions  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = _("This layer has no such version.")
            field.empty_label = None  # type: ignore[attr-defined]
            field.label_from_instance = lambda version: f"v{version.number}"  # type: ignore[attr-defined]


class LayerExportForm(ExportForm):
    on = DayField(
        label=_("Zones in force on"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is no day: choose one.")},
    )
