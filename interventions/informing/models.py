from django.db import models
from django.utils.translation import gettext_lazy as _

from interventions.events.models import Event
from interventions.requests.models import ServiceRequest


class Message(models.Model):
    """One mail to one requester about one event: the outbox.

    `request` is the one whose requester reads it: the event's own, or one that joined it. That an event and a request
    stand together once is what keeps a mail from going twice.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="messages", verbose_name=_("event"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="messages", verbose_name=_("request"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        constraints = [models.UniqueConstraint(fields=["event", "request"], name="a_message_once_per_requester")]

    def __str__(self) -> str:
        return f"message {self.pk}"


class WrongTokens(models.Model):
    """How often somebody asked for a tracking page that does not exist: a count that every process sees.

    `client` is made from their network address and does not give it back; rows older than a day are deleted.
    """

    client = models.CharField(_("client"), max_length=64, primary_key=True)
    begun_at = models.DateTimeField(_("first"))
    count = models.PositiveIntegerField(_("wrong addresses"), default=1)

    class Meta:
        verbose_name, verbose_name_plural = _("wrong tracking addresses"), _("wrong tracking addresses")

    def __str__(self) -> str:
        return f"{self.count} wrong"
