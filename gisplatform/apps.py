from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GisplatformConfig(AppConfig):
    name = "gisplatform"
    verbose_name = _("People and departments")

    def ready(self) -> None:
        from gisplatform import checks, roles  # noqa: F401 (checks register themselves)

        post_migrate.connect(roles.write_groups, sender=self)
