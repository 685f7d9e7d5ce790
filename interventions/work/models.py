from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import IsEmpty, IsValid
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gisplatform.geo import STORAGE_SRID
from gisplatform.models import Department, User
from interventions.requests.models import ServiceRequest
from interventions.work.lifecycle import LIVE, State
from interventions.work.queries import InterventionQuerySet


class Intervention(models.Model):
    """The work a request becomes: one may serve several requests, a request may need several."""

    reference = models.CharField(_("reference"), max_length=20)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.TO_DO)
    requests = models.ManyToManyField(ServiceRequest, related_name="interventions", verbose_name=_("requests"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="interventions_ordered", verbose_name=_("for")
    )
    executed_by = models.ForeignKey(
        Department, models.PROTECT, related_name="interventions_executed", verbose_name=_("carried out by")
    )
    geom = models.GeometryField(_("place"), srid=STORAGE_SRID)
    instructions = models.TextField(_("instructions"), blank=True)
    ordered_at = models.DateTimeField(_("ordered"))
    ordered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ordered by")
    )
    validated_at = models.DateTimeField(_("validated"), null=True, blank=True)
    validated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("validated by")
    )
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    report = models.TextField(_("what was done"), blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    moved_with = models.UUIDField(_("key of the last move"), null=True, blank=True)

    objects = InterventionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("intervention"), _("interventions")
        indexes = [
            models.Index(fields=["executed_by", "state"], name="intervention_executed_state"),
            # The orders of the lists: what is to be validated or done, what is done, and all for machines.
            models.Index(fields=["due_at", "-id"], condition=Q(state__in=LIVE), name="intervention_due"),
            models.Index(fields=["-ended_at", "-id"], condition=Q(state=State.DONE), name="intervention_ended"),
            models.Index(fields=["-ordered_at", "-id"], name="intervention_latest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="intervention_reference"),
            models.CheckConstraint(
                condition=Q(IsValid("geom")) & ~Q(IsEmpty("geom")), name="intervention_place_is_valid"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
