"""Django's administration in our frame, with the lists of our own rooms and no other."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.admin.apps import SimpleAdminConfig


class AdministrationConfig(SimpleAdminConfig):
    default_site = "gisplatform.administration.site.Administration"

    def ready(self) -> None:
        super().ready()
        # Other apps' lists stay out: roles are groups written by code, jobs belong to whoever runs the machines.
        for app in apps.get_app_configs():
            if Path(app.path).parent == settings.BASE_DIR and find_spec(f"{app.name}.admin"):
                import_module(f"{app.name}.admin")
