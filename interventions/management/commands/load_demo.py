from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from gisplatform.models import Authority
from interventions.demo import Demo


class Command(BaseCommand):
    help = "Charge le territoire de démonstration dans une base vide ; une base déjà remplie reste telle quelle."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if Authority.objects.exists():
            self.stdout.write("La base contient déjà des données : elle reste telle quelle.")
            return
        self.stdout.write("Chargement du territoire de démonstration :")
        Demo(settings.BASE_DIR / "fixtures", now=timezone.now(), say=self.stdout.write).load()
        self.stdout.write("Territoire de démonstration chargé.")
