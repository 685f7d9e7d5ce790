from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interventions.events.models import Event
from interventions.requests.models import Notify, ServiceRequest

WAYS = [(each.value, each.label) for each in Notify if each != Notify.NONE]


class Message(models.Model):
    """One mail or SMS to one requester about one event: the outbox.

    `request` is the one whose requester reads it: the event's own, or one that joined it. Of one event a request has
    at most one message that may still arrive; a second one exists only where the first was refused.
    """

    class Outcome(models.TextChoices):
        SENT = "sent", _("Sent")
        OVERTAKEN = "overtaken", _("A later one went instead")
        REFUSED = "refused", _("Refused for good")
        GIVEN_UP = "given_up", _("Given up")
        UNWANTED = "unwanted", _("No longer wanted")

    # What may still arrive, or has been answered by another message of the same kind.
    COUNTS = ("", Outcome.SENT, Outcome.OVERTAKEN)

    event = models.ForeignKey(Event, models.PROTECT, related_name="messages", db_index=False, verbose_name=_("event"))
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="messages", verbose_name=_("request"))
    channel = models.CharField(_("way"), max_length=5, choices=WAYS, default=Notify.EMAIL)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Committed before the mail server or the gateway is spoken to. Still set with no outcome when the next attempt
    # begins: whoever tried died before hearing the answer, and nobody knows it.
    sending_at = models.DateTimeField(_("being sent"), null=True, blank=True)
    sending_by = models.CharField(_("sent by"), max_length=80, blank=True)
    doubtful = models.BooleanField(_("may have arrived twice"), default=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # A mail server elsewhere says that it still tries.
    delayed_at = models.DateTimeField(_("delayed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    refusal = models.CharField(_("code of the refusal"), max_length=40, blank=True)
    overtaken_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("overtaken by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        constraints = [
            models.UniqueConstraint(fields=["event", "request", "channel"], name="a_message_once_each_way"),
            models.UniqueConstraint(
                fields=["event", "request"],
                condition=Q(outcome__in=["", "sent", "overtaken"]),
                name="a_message_once_per_requester",
            ),
        ]

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
