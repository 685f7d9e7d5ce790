"""Layers, their dated versions and the zones of each version."""

import datetime

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import IsEmpty, IsValid
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from gisplatform.geo import STORAGE_SRID, WEB_MERCATOR
from gisplatform.models import User
from layers.versions import VersionQuerySet
from layers.zones import ZoneQuerySet


class Layer(models.Model):
    """One thematic set of zones. OGC: collection."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
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
