from django.db import models
from django.utils.translation import gettext_lazy as _

from gisplatform.models import User


class Event(models.Model):
    """Something that happened to a request. Rows are only ever added."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Logged")
        MOVED = "moved", _("Moved")
        NOTED = "noted", _("Note")
        TOLD = "told", _("Requester informed")
        UNREACHED = "unreached", _("Requester not reached")
        JOINED_BY = "joined_by", _("Another request joined")
        LEFT_BY = "left_by", _("Another request left")
        REJOINED = "rejoined", _("Joins another request")
        REROUTED = "rerouted", _("Given to another department by the rules")
        ADDED = "added", _("Precision of the requester")
        SHOWN = "shown", _("Photo shown to the requester")
        HIDDEN = "hidden", _("Photo no longer shown to the requester")
        WORKED = "worked", _("Intervention")
        CORRECTED = "corrected", _("Requester's contact details corrected")

    request = models.ForeignKey(
        "interventions.ServiceRequest", models.PROTECT, related_name="events", db_index=False, verbose_name=_("request")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    move = models.CharField(_("move"), max_length=10, blank=True)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("who"))
    from_state = models.CharField(_("from"), max_length=12, blank=True)
    to_state = models.CharField(_("to"), max_length=12, blank=True)
    # The announced date before and after, of an event that changes it.
    due_from = models.DateTimeField(_("announced before"), null=True, blank=True)
    due_to = models.DateTimeField(_("announced from then on"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    # What it joins, or who joined it or left it.
    other = models.ForeignKey(
        "interventions.ServiceRequest", models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("other request"),
    )  # fmt: skip
    # The pass that moved it; `text` then names both departments and the cause, as they were.
    rerouting = models.ForeignKey(
        "interventions.Rerouting", models.PROTECT, null=True, blank=True, db_index=False, related_name="events",
        verbose_name=_("re-routing"),
    )  # fmt: skip
    # The work whose move this is, or caused it.
    intervention = models.ForeignKey(
        "interventions.Intervention", models.PROTECT, null=True, blank=True, db_index=False, related_name="events",
        verbose_name=_("intervention"),
    )  # fmt: skip
    key = models.UUIDField(_("idempotency key"), null=True, blank=True, unique=True)
    public = models.BooleanField(_("shown to the requester"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("event"), _("events")
        indexes = [
            models.Index(fields=["request", "id"], name="event_of_request"),
            models.Index(
                fields=["rerouting", "request"], condition=models.Q(rerouting__isnull=False), name="event_of_rerouting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"
