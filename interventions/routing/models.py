from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gisplatform.models import Department, User
from interventions.glossary.models import Category, Family
from interventions.routing.reasons import ReasonQuerySet, WrittenJSON
from layers.models import Layer, LayerVersion, Zone


class RoutingRule(models.Model):
    """For a category or a family, in the zones of a layer, from a date: this department answers."""

    code = models.SlugField(_("code"), max_length=120, unique=True)
    name = models.CharField(
        _("name"), max_length=120, help_text=_("As it is read in the reason, for example “Graffiti × hubs”.")
    )
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name=_("category"))
    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, verbose_name=_("family"))
    layer = models.ForeignKey(Layer, models.PROTECT, verbose_name=_("layer"))
    zone_codes = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("zones"),
        help_text=_("Codes of the zones it holds in; empty: all of them."),
    )  # fmt: skip
    department = models.ForeignKey(Department, models.PROTECT, verbose_name=_("department"))
    priority = models.PositiveSmallIntegerField(_("priority"), default=100, help_text=_("The smallest wins."))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until (excluded)"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("routing rule"), _("routing rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=True) ^ Q(family__isnull=True), name="rule_category_or_family"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reason(models.Model):
    """What was answered and why, as it was known then: found by its content, never changed, shared by all decisions
    that say the same (docs/adr/0008).

    `trace` holds the candidates in the order of the answer, with names as they were.
    """

    digest = models.UUIDField(primary_key=True, editable=False)
    department = models.ForeignKey(Department, models.PROTECT, null=True, verbose_name=_("department"))
    rule = models.ForeignKey(RoutingRule, models.PROTECT, null=True, verbose_name=_("rule"))
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, verbose_name=_("zone"))
    layer_version = models.ForeignKey(LayerVersion, models.PROTECT, null=True, verbose_name=_("layer version"))
    share = models.FloatField(_("share of the request inside the zone, 0 to 1"), null=True)
    doubtful = models.BooleanField(_("doubtful"), default=False)
    trace = WrittenJSON(_("reason"))

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("reason"), _("reasons")

    def __str__(self) -> str:
        return f"→ {self.department_id}"


class Decision(models.Model):
    """One answer to "who?", with its reason. Rows are only ever added; the request points to the current one."""

    request = models.ForeignKey(
        "interventions.ServiceRequest", models.PROTECT, related_name="decisions", verbose_name=_("request")
    )
    decided_at = models.DateTimeField(_("decided"))
    rules_of = models.DateField(_("by the rules of"))
    # Who is asked about a person is asked about their moves, which are events: no index here.
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("by"),
        help_text=_("Empty: by the rules."),
    )  # fmt: skip
    # No constraint: checked row by row it costs as much as writing the decisions, and the reason is written with them.
    reason = models.ForeignKey(
        Reason, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("reason")
    )
    border_distance_m = models.FloatField(_("metres to the zone's border"), null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("decision"), _("decisions")

    def __str__(self) -> str:
        return f"{self.request_id} → {self.reason_id}"
