"""What lies beneath: the offline background, and where an address is."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BasemapsConfig(AppConfig):
    name = "basemaps"
    verbose_name = _("Basemaps")

    def ready(self) -> None:
        from basemaps import catalogue

        catalogue.presets()  # a setting that names what does not exist stops the start
