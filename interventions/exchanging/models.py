from django.db import models
from django.utils.translation import gettext_lazy as _

from gisplatform.models import User


class Export(models.Model):
    """A file that takes a while to make: who asked for what, how far it is. It is kept for a day."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    requested_by = models.ForeignKey(User, models.CASCADE, related_name="exports", verbose_name=_("asked for by"))
    query = models.TextField(_("filters"), blank=True)
    format = models.CharField(_("format"), max_length=10)
    srid = models.PositiveIntegerField(_("coordinates"))
    personal = models.BooleanField(_("with who asked"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(_("requests"))
    done = models.PositiveIntegerField(_("read"), default=0)
    file = models.CharField(_("file"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("asked for"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("export"), _("exports")

    def __str__(self) -> str:
        return f"export {self.pk}"
