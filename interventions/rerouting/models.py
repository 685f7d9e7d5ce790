import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from gisplatform.models import Department, User
from layers.models import LayerVersion


class Rerouting(models.Model):
    """One pass over the requests, in the order of their ids: why, by the rules of which day, how far it is.

    It waits for its day, then for its turn (`begun_at`), and has looked at all requests up to `last_id`. What it found
    that would change is told by `moves`.
    """

    version = models.ForeignKey(
        LayerVersion, models.PROTECT, null=True, blank=True, related_name="reroutings", verbose_name=_("layer version"),
        help_text=_("Empty: by hand."),
    )  # fmt: skip
    with_ended = models.BooleanField(_("ended requests too"), default=False)
    ordered_at = models.DateTimeField(_("ordered"))
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    day = models.DateField(_("by the rules of"))
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    total = models.PositiveIntegerField(_("requests"), default=0)
    looked_at = models.PositiveIntegerField(_("looked at"), default=0)
    last_id = models.BigIntegerField(default=0)
    up_to_id = models.BigIntegerField(default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("re-routing"), _("re-routings")

    def __str__(self) -> str:
        return f"re-routing {self.pk}"

    def standing(self, on: datetime.date) -> str:
        """How far it is that day: `planned`, `waiting`, `working` or `ended`."""
        if self.ended_at is not None:
            return "ended"
        if self.begun_at is not None:
            return "working"
        return "planned" if self.day > on else "waiting"


class ReroutingMove(models.Model):
    """How many requests one pass brings from a department to another; None stands for nobody.

    `at_work` and `by_person` are those that the rules would have moved with them, and that stayed.
    """

    rerouting = models.ForeignKey(Rerouting, models.CASCADE, related_name="moves", verbose_name=_("re-routing"))
    from_department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("from")
    )
    to_department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("to")
    )
    moved = models.PositiveIntegerField(_("moved"), default=0)
    at_work = models.PositiveIntegerField(_("kept, work has begun"), default=0)
    by_person = models.PositiveIntegerField(_("kept, chosen by a person"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("move of a re-routing"), _("moves of re-routings")

    def __str__(self) -> str:
        return f"{self.from_department_id} → {self.to_department_id}"


class Notice(models.Model):
    """One mail to one person about one pass: the outbox. That both stand together once keeps it from going twice."""

    rerouting = models.ForeignKey(Rerouting, models.PROTECT, related_name="notices", verbose_name=_("re-routing"))
    person = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("person"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("notice"), _("notices")
        constraints = [models.UniqueConstraint(fields=["rerouting", "person"], name="a_notice_once_per_person")]

    def __str__(self) -> str:
        return f"notice {self.pk}"
