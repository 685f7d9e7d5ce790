from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gisplatform.models import Department, User
from interventions.requests.models import ServiceRequest
from interventions.simulating.moves import MoveQuerySet
from layers.models import LayerVersion


class Simulation(models.Model):
    """A change played through: a version put in force, or a rule as it would read. Who asked, and how far it is.

    Open requests are replayed, and of any state those received since `since`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("Being played through")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    version = models.ForeignKey(
        LayerVersion, models.CASCADE, null=True, related_name="+", verbose_name=_("layer version")
    )
    # By its code, which stays: a rule that was only tried refers to nothing, and keeps nothing from being deleted.
    rule_code = models.SlugField(_("rule"), max_length=120, blank=True)
    rule_as = models.JSONField(_("as it would read"), null=True, encoder=DjangoJSONEncoder)
    day = models.DateField(_("from"))
    rules_of = models.DateField(_("by the rules of"))
    since = models.DateField(_("and those received since"), null=True)
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(_("requests"))
    done = models.PositiveIntegerField(_("played through"), default=0)
    created_at = models.DateTimeField(_("asked for"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("simulation"), _("simulations")
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=True) ^ Q(rule_as__isnull=True), name="simulation_of_one_change"
            ),
        ]

    def __str__(self) -> str:
        return f"simulation {self.pk}"


# References without index or constraint: written by the hundred thousand, read by simulation.
_LIGHT: Any = {"on_delete": models.DO_NOTHING, "related_name": "+", "db_index": False, "db_constraint": False}


class SimulatedMove(models.Model):
    """A request that would go to another department. The zone and the rule in words, as they were: neither need exist.

    `by_person`, `at_work`: re-routing would leave it where it is, as a person chose its department or work has begun.
    `anyway`: deciding it again would move it just so without the change.
    """

    simulation = models.ForeignKey(
        Simulation, models.CASCADE, related_name="moves", db_index=False, verbose_name=_("simulation")
    )
    request = models.ForeignKey(ServiceRequest, **_LIGHT, verbose_name=_("request"))
    from_department = models.ForeignKey(Department, **_LIGHT, null=True, verbose_name=_("from"))
    to_department = models.ForeignKey(Department, **_LIGHT, null=True, verbose_name=_("to"))
    zone_code = models.CharField(_("zone"), max_length=60, blank=True)
    zone_name = models.CharField(_("name of the zone"), max_length=200, blank=True)
    rule_name = models.CharField(_("rule"), max_length=120, blank=True)
    doubtful = models.BooleanField(_("doubtful"))
    border_distance_m = models.FloatField(_("metres to the zone's border"), null=True)
    is_open = models.BooleanField(_("open"))
    in_period = models.BooleanField(_("received in the period"))
    by_person = models.BooleanField(_("chosen by a person"), default=False)
    at_work = models.BooleanField(_("work has begun"), default=False)
    anyway = models.BooleanField(_("without the change as well"), default=False)

    objects = MoveQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("simulated move"), _("simulated moves")
        indexes = [models.Index(fields=["simulation", "id"], name="simulatedmove_of")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.from_department_id} → {self.to_department_id}"
