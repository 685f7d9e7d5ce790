"""The plain-text part of a mail: paragraphs, each on one line that the mail program breaks as its window wants."""

import re
from typing import Any

from django.template.loader import render_to_string

# A French sign never begins a line, wherever the mail program breaks it.
BEFORE_SIGN, AFTER_SIGN = re.compile(r" (?=[:;?!»](?:\s|$))"), re.compile(r"(?<=«) ")


def render(template: str, context: dict[str, Any]) -> str:
    """What a template leaves empty takes no room: one empty line between paragraphs."""
    text = render_to_string(template, context).replace("\r\n", "\n").strip()
    text = re.sub(r"\n\s*\n", "\n\n", text)
    return AFTER_SIGN.sub("\N{NO-BREAK SPACE}", BEFORE_SIGN.sub("\N{NO-BREAK SPACE}", text)) + "\n"
