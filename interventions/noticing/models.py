from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gisplatform.models import User
from interventions.events.models import Event
from interventions.noticing.kinds import How, Kind
from interventions.noticing.queries import NotificationQuerySet
from interventions.requests.models import ServiceRequest
from interventions.work.models import Intervention

SORTED = [(each.value, each.label) for each in Kind if each != Kind.WAITING]


class NoticeMail(models.Model):
    """A mail to one person of staff or of a company: the outbox. `digest_on` is the day of a digest, one a day."""

    class Outcome(models.TextChoices):
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused for good")
        GIVEN_UP = "given_up", _("Given up")
        UNWANTED = "unwanted", _("No longer wanted")

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    digest_on = models.DateField(_("digest of"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    # Committed before the mail server is spoken to; see gisplatform/mailing/attempts.py.
    sending_at = models.DateTimeField(_("being sent"), null=True, blank=True)
    sending_by = models.CharField(_("sent by"), max_length=80, blank=True)
    doubtful = models.BooleanField(_("may have arrived twice"), default=False)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("mail of notifications"), _("mails of notifications")
        constraints = [models.UniqueConstraint(fields=["person", "digest_on"], name="a_digest_once_a_day")]

    def __str__(self) -> str:
        return f"notice mail {self.pk}"


class Notification(models.Model):
    """That one person is told of one event, or of one re-routing.

    It leads to `request`, or for who may not see that one to `intervention`. Of several about the same thing the last
    one counts: those before are `overtaken`.
    """

    person = models.ForeignKey(
        User, models.CASCADE, related_name="notifications", db_index=False, verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=SORTED)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("event")
    )
    rerouting = models.ForeignKey(
        "interventions.Rerouting", models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("re-routing"),
    )  # fmt: skip
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("request")
    )
    intervention = models.ForeignKey(
        Intervention, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("intervention")
    )
    at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read"), null=True)
    overtaken = models.BooleanField(_("overtaken"), default=False)
    how = models.CharField(_("how"), max_length=9, choices=How)
    mail = models.ForeignKey(
        NoticeMail, models.SET_NULL, null=True, related_name="notifications", verbose_name=_("mail")
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("notification"), _("notifications")
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notification_latest"),
            models.Index(fields=["person", "-at", "-id"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=["request", "person"], condition=Q(read_at=None), name="notification_of_request"),
            models.Index(
                fields=["person"], condition=Q(how="digest", mail=None, read_at=None), name="notification_for_digest"
            ),
            models.Index(fields=["at"], condition=Q(read_at__isnull=False), name="notification_read"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="a_notification_once_per_event"),
            models.UniqueConstraint(fields=["rerouting", "person"], name="a_notification_once_per_rerouting"),
            models.CheckConstraint(condition=Q(event=None) ^ Q(rerouting=None), name="a_notification_is_of_one_thing"),
        ]

    def __str__(self) -> str:
        return f"notification {self.pk}"


class NoticePreference(models.Model):
    """How one person wants to hear of one kind; without a row it is as usual for their roles."""

    person = models.ForeignKey(
        User, models.CASCADE, related_name="notice_preferences", db_index=False, verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    how = models.CharField(_("how"), max_length=9, choices=How)

    class Meta:
        verbose_name, verbose_name_plural = _("choice of notifications"), _("choices of notifications")
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="a_choice_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.how}"
