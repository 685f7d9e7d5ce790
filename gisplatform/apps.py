from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GisplatformConfig(AppConfig):
    name = "gisplatform"

    def ready(self) -> None:
        from gisplatform import checks, roles  # noqa: F401 (checks register themselves)

        post_migrate.connect(roles.write_groups, sender=self)
