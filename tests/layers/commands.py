"""Management commands as a machine runs them."""

import json
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError


class Told(dict):
    """The JSON report of a command; `refusal` is the sentence it ended with, "" when it exits 0."""

    refusal = ""


def run(name: str, /, *args: Any, **options: Any) -> Told:
    """Run a command with --json."""
    out, refusal = StringIO(), ""
    try:
        call_command(name, *map(str, args), json=True, stdout=out, **options)
    except CommandError as error:
        refusal = str(error)
    told = Told(json.loads(out.getvalue() or "{}"))
    told.refusal = refusal
    return told
