from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Family(models.Model):
    """A group of categories. Open311: group."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("family"), _("families")

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """One kind of thing to do, precisely described. Open311: service."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="categories", verbose_name=_("family"))
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    synonyms = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=_("what callers say")
    )
    guidance = models.TextField(_("what to ask the caller"), blank=True)
    delay_days = models.PositiveSmallIntegerField(_("announced delay, in days"), null=True, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("category"), _("categories")

    def __str__(self) -> str:
        return self.name
