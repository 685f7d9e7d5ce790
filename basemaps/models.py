"""The offline background: streets, water, stops and names drawn from our own tables; and the addresses."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Func, Q, Value
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


class Street(models.Model):
    """A street, or a locality, that has addresses; of one name in one commune, or in one of those it was made of."""

    class Source(models.TextChoices):
        BAN = "ban", _("National address base")
        BAL = "bal", _("Address base of the commune")
        SCHEMATIC = "schematic", _("Schematic")

    name = models.CharField(_("name"), max_length=200)
    city = models.CharField(_("city"), max_length=80)
    old_city = models.CharField(_("former commune"), max_length=80, blank=True)
    citycode = models.CharField(_("INSEE code"), max_length=5)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    source = models.CharField(_("source"), max_length=9, choices=Source)
    # Both as basemaps/words.py compares them: what it is known by, and all that finds it.
    known_as = models.TextField(editable=False)
    words = models.TextField(editable=False)
    tokens = models.GeneratedField(
        expression=Func(Func(F("words"), Value(" "), function="string_to_array"), function="array_to_tsvector"),
        output_field=SearchVectorField(), db_persist=True,
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("street with addresses"), _("streets with addresses")
        constraints = [
            models.UniqueConstraint(fields=["citycode", "old_city", "known_as"], name="street_known_as"),
        ]
        indexes = [
            GinIndex(fields=["tokens"], name="street_tokens"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class HouseNumber(models.Model):
    """An address: a number of a street and where it is. Number 0 is the place itself, of a locality without numbers."""

    street = models.ForeignKey(Street, on_delete=models.CASCADE, related_name="numbers", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    suffix = models.CharField(_("repetition"), max_length=10, blank=True, help_text=_("bis, ter, a, b …"))
    ban_id = models.CharField(_("identifier in the national base"), max_length=60, blank=True)
    updated_on = models.DateField(_("updated on"), null=True, blank=True)
    geom = models.PointField(_("geometry"), srid=STORAGE_SRID)

    class Meta:
        verbose_name, verbose_name_plural = _("address"), _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["street", "number", "suffix"], name="address_of_street"),
        ]
        indexes = [
            models.Index(fields=["ban_id"], condition=~Q(ban_id=""), name="address_ban_id"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.suffix}".strip()
