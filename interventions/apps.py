from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterventionsConfig(AppConfig):
    name = "interventions"
    verbose_name = _("Interventions")

    def ready(self) -> None:
        from interventions.noticing import seeing  # noqa: F401
        from interventions.rerouting import publications, sections  # noqa: F401 (they register themselves)
