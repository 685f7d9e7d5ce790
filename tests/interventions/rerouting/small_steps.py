"""The platform's own worker, with so many requests a step: `python -m tests.interventions.rerouting.small_steps 40`."""

import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from interventions.rerouting import services

    services.AT_ONCE = int(sys.argv[1])
    call_command("procrastinate", "worker")
