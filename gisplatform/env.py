"""Typed readers of environment variables: the only way a setting enters the platform."""

import datetime
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class BadSetting(ValueError):
    """An environment variable holds something its setting cannot be."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r}: {wanted} expected")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise BadSetting(name, value, "0 or 1")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise BadSetting(name, value, "a whole number") from None


def web_address(name: str) -> str:
    """An address of http or https without its last slash, "" when unset."""
    value = os.environ.get(name, "").strip().rstrip("/")
    if value and not (value.startswith(("http://", "https://")) and urlsplit(value).hostname):
        raise BadSetting(name, value, "an address that begins with https:// or http://")
    return value


def mail_address(name: str) -> str:
    """`name@domain`, "" when unset."""
    value = os.environ.get(name, "").strip()
    local, at, domain = value.rpartition("@")
    if (value and not (local and at and domain)) or "<" in value:
        raise BadSetting(name, value, "an e-mail address, without a name")
    return value


def hours(name: str, default: str) -> tuple[datetime.time, datetime.time] | None:
    """`21:00-08:00`: from when until when, over midnight too; None for an empty one."""
    value = os.environ.get(name, default).strip()
    if not value:
        return None
    try:
        begin, end = (datetime.time.fromisoformat(each.strip()) for each in value.split("-"))
    except ValueError:
        raise BadSetting(name, value, "hours as in 21:00-08:00") from None
    return begin, end


def hour(name: str, default: str) -> datetime.time:
    """`07:30`."""
    value = os.environ.get(name, default).strip()
    try:
        return datetime.time.fromisoformat(value)
    except ValueError:
        raise BadSetting(name, value, "an hour as in 07:30") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks around and between are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def path(name: str, default: Path) -> Path:
    value = os.environ.get(name, "")
    return Path(value) if value else default


def kept_secret(file: Path) -> str:
    """The secret in `file`, drawn at random and written there (readable by its owner only) the first time."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text().strip()
