"""The offline background: streets, water, stops and names drawn from our own tables."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Func, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from gisplatform.geo import STORAGE_SRID, WEB_MERCATOR


class Basemap(models.Model):
    """An online background people may choose beside our own plan: tiles of 256 pixels by {z}, {x}, {y}."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    tiles = models.CharField(_("address of the tiles"), max_length=500)
    attribution = models.CharField(_("attribution"), max_length=200)
    max_zoom = models.PositiveSmallIntegerField(
        _("closest zoom"), default=19, validators=[MinValueValidator(1), MaxValueValidator(22)]
    )
    photograph = models.BooleanField(_("is a photograph"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("basemap"), _("basemaps")

    def __str__(self) -> str:
        return self.name


class Landmark(models.Model):
    """One thing of the background that has a name and a place: what the map shows and an address search finds."""

    class Kind(models.TextChoices):
        STREET = "street", _("Street")
        RAIL = "rail", _("Railway")
        WATER = "water", _("Water")
        GREEN = "green", _("Park")
        STOP = "stop", _("Stop")
        PLACE = "place", _("Place")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    name = models.CharField(_("name"), max_length=120, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=2, help_text=_("1 main, 2 ordinary, 3 small"))
    city = models.CharField(_("city"), max_length=80, blank=True)
    numbers_from = models.PositiveIntegerField(_("first house number"), null=True, blank=True)
    numbers_to = models.PositiveIntegerField(_("last house number"), null=True, blank=True)
    schematic = models.BooleanField(_("schematic"), default=False)
    words = models.GeneratedField(
        expression=Func(Concat("name", Value(" "), "city"), function="basemaps_plain"),
        output_field=models.TextField(), db_persist=True,
    )  # fmt: skip
    geom = models.GeometryField(_("geometry"), srid=STORAGE_SRID)
    geom_3857 = models.GeneratedField(
        expression=Func(F("geom"), WEB_MERCATOR, function="ST_Transform"),
        output_field=models.GeometryField(srid=WEB_MERCATOR), db_persist=True,
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("landmark"), _("landmarks")
        indexes = [
            GistIndex(fields=["geom_3857"], name="landmark_geom_3857"),
            GinIndex(OpClass(F("words"), "gin_trgm_ops"), name="landmark_words"),
        ]

    def __str__(self) -> str:
        return self.name
