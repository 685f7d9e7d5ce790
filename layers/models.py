"""Layers, their dated versions and the zones of each version."""

import datetime
from typing import Any

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import IsEmpty, IsValid
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gisplatform.geo import STORAGE_SRID, WEB_MERCATOR
from gisplatform.models import User
from layers.findings import FindingQuerySet
from layers.versions import VersionQuerySet
from layers.zones import ZoneQuerySet


class Layer(models.Model):
    """One thematic set of zones. OGC: collection."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    producer = models.CharField(_("producer"), max_length=120, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    territory = models.BooleanField(
        _("is the territory"),
        default=False,
        help_text=_("The zones of these layers, together, are the territory served."),
    )
    schematic = models.BooleanField(
        _("schematic"),
        default=False,
        help_text=_("Its lines are drawn for demonstration and say so on every map."),
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    tolerance_m2 = models.FloatField(
        _("smallest fault told (m²)"),
        default=1.0,
        validators=[MinValueValidator(0), MaxValueValidator(1e6)],
        help_text=_("Faults of this area or less pass without a word. 0 tells all of them."),
    )
    sliver_width_m = models.FloatField(
        _("width of a sliver (m)"),
        default=2.0,
        validators=[MinValueValidator(0), MaxValueValidator(1e3)],
        help_text=_("A part of a zone narrower than this, on average, is a sliver. 0 looks for none."),
    )
    gaps_allowed = models.BooleanField(
        _("gaps are allowed"),
        default=False,
        help_text=_("The zones need not cover everything: a lake, a military ground belong to none of them."),
    )
    overlaps_allowed = models.BooleanField(
        _("overlaps are allowed"),
        default=False,
        help_text=_("Zones may lie on each other: markets, perimeters of events. The smaller one then answers."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("layer"), _("layers")

    def __str__(self) -> str:
        return self.name


class LayerVersion(models.Model):
    """A dated state of a layer. Published versions of one layer never overlap in time."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CHECKED = "checked", _("Checked")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    IN_FORCE = (Status.PUBLISHED, Status.SUPERSEDED)

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="versions", verbose_name=_("layer"))
    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until (excluded)"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    source_crs = models.CharField(_("CRS of the file"), max_length=60, blank=True)
    imported_at = models.DateTimeField(_("imported"))
    imported_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"))
    report = models.JSONField(_("report"), default=dict, blank=True)
    # Of the territory, when the version was last checked; None before, without a territory, and where it is that.
    covered_share = models.FloatField(_("share of the territory covered"), null=True, blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("layer version"), _("layer versions")
        constraints = [
            models.UniqueConstraint(fields=["layer", "number"], name="layer_version_number"),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "checked")) | Q(valid_from__isnull=False),
                name="published_from_a_date",
            ),
            ExclusionConstraint(
                name="one_version_in_force",
                expressions=[
                    (F("layer"), RangeOperators.EQUAL),
                    (Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=("published", "superseded")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer} v{self.number}"

    @property
    def held_no_day(self) -> bool:
        """Whether it was replaced on the very day it would have held from."""
        return self.valid_from is not None and self.valid_from == self.valid_to

    def standing(self, on: datetime.date) -> str:
        """What the version is on that day: `draft`, `checked`, `coming`, `in_force` or `over`."""
        if self.valid_from is None or self.status not in self.IN_FORCE:
            return self.status
        if self.valid_to is not None and self.valid_to <= max(on, self.valid_from):
            return "over"
        return "coming" if self.valid_from > on else "in_force"


class Zone(models.Model):
    """One MultiPolygon of a version. OGC: feature."""

    version = models.ForeignKey(LayerVersion, models.CASCADE, related_name="zones", verbose_name=_("version"))
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    geom = models.MultiPolygonField(_("geometry"), srid=STORAGE_SRID)
    area_m2 = models.GeneratedField(
        expression=Func(F("geom"), function="ST_Area"), output_field=models.FloatField(), db_persist=True
    )
    geom_3857 = models.GeneratedField(
        expression=Func(F("geom"), WEB_MERCATOR, function="ST_Transform"),
        output_field=models.MultiPolygonField(srid=WEB_MERCATOR), db_persist=True,
    )  # fmt: skip

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("zone"), _("zones")
        indexes = [
            models.Index(fields=["version", "code"], name="zone_version_code"),
            GistIndex(fields=["geom_3857"], name="zone_geom_3857"),  # a generated column gets none by itself
        ]
        constraints = [
            models.CheckConstraint(condition=Q(IsValid("geom")) & ~Q(IsEmpty("geom")), name="zone_is_valid"),
        ]

    def __str__(self) -> str:
        return self.name


class Finding(models.Model):
    """What the last check of a version found. Its id tells the order: errors, warnings, what is allowed; the largest
    of each kind first."""

    class Kind(models.TextChoices):
        DUPLICATE_CODE = "duplicate_code", _("duplicate code")
        OVERLAP = "overlap", _("overlap")
        GAP = "gap", _("gap")
        SLIVER = "sliver", _("sliver")
        OFF_TERRITORY = "off_territory", _("off the territory")

    class Severity(models.TextChoices):
        ERROR = "error", _("error")
        WARNING = "warning", _("warning")
        INFO = "info", pgettext_lazy("a finding", "allowed")

    version = models.ForeignKey(LayerVersion, models.CASCADE, related_name="findings", verbose_name=_("version"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    zones = ArrayField(models.CharField(max_length=60), verbose_name=_("zones"))
    area_m2 = models.FloatField(_("area (m²)"))
    width_m = models.FloatField(_("mean width (m)"), null=True)
    geom = models.GeometryField(_("geometry"), srid=STORAGE_SRID, spatial_index=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("finding"), _("findings")

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(self.zones)}"

    def as_json(self) -> dict[str, Any]:
        """As commands tell it; for rows of `told()`, which know `lon` and `lat`."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "area_m2": round(self.area_m2, 2),
            "width_m": None if self.width_m is None else round(self.width_m, 2),
            "zones": self.zones,
            "lon": round(self.lon, 6),  # type: ignore[attr-defined]
            "lat": round(self.lat, 6),  # type: ignore[attr-defined]
        }


class LayerCheck(models.Model):
    """A check of a version too large to be waited for: who asked for it, for which day, and how far it is.

    `done` of `total` kinds of faults were looked for; what was found is noted when all of them were.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", pgettext_lazy("a version", "Being checked")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    UNDER_WAY = (State.WAITING, State.WORKING)

    version = models.ForeignKey(LayerVersion, models.CASCADE, related_name="checks", verbose_name=_("version"))
    day = models.DateField(_("with the territory of"))
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveSmallIntegerField(_("kinds of faults"))
    done = models.PositiveSmallIntegerField(_("looked for"), default=0)
    created_at = models.DateTimeField(_("asked for"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("check of a version"), _("checks of versions")
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(state__in=("waiting", "working")), name="one_check_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"
