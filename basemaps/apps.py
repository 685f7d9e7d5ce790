"""What lies beneath: the offline background, and where an address is."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class BasemapsConfig(AppConfig):
    name = "basemaps"
    verbose_name = _("Basemaps")

    def ready(self) -> None:
        from basemaps import catalogue  # reads the settings, which must be complete

        directives: dict[str, Any] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        for name in ("img-src", "connect-src"):
            directives[name] = [*directives[name], *catalogue.hosts()]
