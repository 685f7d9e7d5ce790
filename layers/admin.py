"""Layers: what they are called and where they come from. Their zones come by file, as dated versions."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gisplatform.administration.entries import RetirableEntries, ServiceLife
from gisplatform.administration.forms import RetirableForm
from layers.models import Layer, LayerVersion


class LayerForm(RetirableForm):
    class Meta:
        help_texts = {
            "name": gettext_lazy("As people read it beside the map, for example “collection sectors”."),
            "source": gettext_lazy("Which file or service these lines come from, and of when. Maps name it."),
            "producer": gettext_lazy("Who drew these lines and answers for them."),
            "licence": gettext_lazy("Under which licence they may be used and passed on."),
            "retired_on": gettext_lazy("From that day on it is no longer offered for new rules. Its history stays."),
        }


class Versions(admin.TabularInline):
    """What was imported and when it held: to read, not to change."""

    model = LayerVersion
    fields = readonly_fields = ("number", "status", "valid_from", "valid_to", "zone_count", "file_name", "imported_at")
    ordering = ("-number",)
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(zone_count=Count("zones"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("zones"))
    def zone_count(self, version: Any) -> int:
        return version.zone_count


@admin.register(Layer)
class Layers(RetirableEntries):
    form = LayerForm
    list_display = ("name", "code", "version", "since", "zone_count", "territory", "schematic", "retired_on")
    list_filter = (ServiceLife, "territory", "schematic")
    search_fields = ("name__unaccent", "code", "description__unaccent", "source__unaccent")
    readonly_fields = ("used_by",)
    inlines = (Versions,)
    fieldsets = (
        (None, {"fields": ["name", "code", "description"]}),
        (gettext_lazy("Origin"), {"fields": ["source", "producer", "licence", "schematic"]}),
        (gettext_lazy("Use"), {"fields": ["territory"]}),
        (
            gettext_lazy("Check of its versions"),
            {"fields": ["tolerance_m2", "sliver_width_m", "gaps_allowed", "overlaps_allowed"]},
        ),
        RetirableEntries.LIFE,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        in_force = LayerVersion.objects.in_force(timezone.localdate()).filter(layer=OuterRef("pk"))
        zones = in_force.annotate(counted=Count("zones"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                version=Subquery(in_force.values("number")),
                since=Subquery(in_force.values("valid_from")),
                zone_count=Subquery(zones.values("counted")),
            )
        )

    @admin.display(description=gettext_lazy("version in force"), ordering="version")
    def version(self, layer: Any) -> int | None:
        return layer.version

    @admin.display(description=gettext_lazy("since"), ordering="since")
    def since(self, layer: Any) -> Any:
        return layer.since

    @admin.display(description=gettext_lazy("zones"), ordering=F("zone_count").desc(nulls_last=True))
    def zone_count(self, layer: Any) -> int | None:
        return layer.zone_count
