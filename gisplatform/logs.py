"""One line per record: message, then its facts as key=value. Facts are ids and counts, never personal data."""

import logging
import re

STANDARD = set(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "taskName"}


# Addresses that are secrets: whoever reads the log must not be able to open them. What follows names the page alone.
SECRET = re.compile(r"(/suivi/|/prevenir/)[^/\s?#\"']+")


class LineFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        plain = (str, int, float, bool)
        facts = {k: v for k, v in record.__dict__.items() if k not in STANDARD and isinstance(v, plain)}
        return SECRET.sub(r"\1…", " ".join([line, *(f"{key}={value}" for key, value in facts.items())]))
