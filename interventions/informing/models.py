from django.db import models
from django.utils.translation import gettext_lazy as _

from interventions.events.models import Event


class Message(models.Model):
    """One mail to one requester about one event: the outbox. The unique event is what keeps it from going twice."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="message", verbose_name=_("event"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")

    def __str__(self) -> str:
        return f"message {self.pk}"
