"""Dates and times as people say them: « hier 14 h 05 », « jeudi 26 novembre », « dans 20 min ».

`gisplatform/static/gisplatform/js/time.js` says the same in the browser; tests/pages/moments.json holds both to it.
"""

import datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def in_words(moment: datetime.datetime | datetime.date, *, now: datetime.datetime) -> str:
    """The moment as said at `now`: its distance under an hour, the time for days next to today, else the day."""
    today = timezone.localdate(now)
    if not isinstance(moment, datetime.datetime):
        return _near_day(moment, today) or _day(moment, today)
    local = timezone.localtime(moment)
    seconds = (moment - now).total_seconds()
    if abs(seconds) < 3600:
        return _distance(seconds)
    near = _near_day(local.date(), today)
    return f"{near} {_time(local)}" if near else _day(local.date(), today)


def in_full(moment: datetime.datetime | datetime.date) -> str:
    """Weekday, day, month, year, and the time if there is one."""
    if not isinstance(moment, datetime.datetime):
        return f"{formatted(moment, 'l')} {_number(moment)} {formatted(moment, 'F Y')}"
    local = timezone.localtime(moment)
    return _("{day} at {time}").format(day=in_full(local.date()), time=_time(local))


def hour(moment: datetime.datetime) -> str:
    """« 14 h 05 », where the platform is."""
    return _time(timezone.localtime(moment))


def day(moment: datetime.datetime | datetime.date, shape: str) -> str:
    """The day in the letters of Django's `date`, the first of a month as people say it: « dimanche 1er mars »."""
    local = timezone.localtime(moment) if isinstance(moment, datetime.datetime) else moment
    return _number(local).join(formatted(local, piece) for piece in shape.split("j"))


def _distance(seconds: float) -> str:
    size = abs(int(seconds))
    length = _("{n} min").format(n=size // 60) if size >= 60 else _("{n} s").format(n=size)
    return (_("in {length}") if seconds > 0 else _("{length} ago")).format(length=length)


def _near_day(day: datetime.date, today: datetime.date) -> str:
    return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get((day - today).days, "")


def _day(day: datetime.date, today: datetime.date) -> str:
    """With the weekday inside the week around today, with the year outside this one."""
    if abs((day - today).days) < 7:
        return f"{formatted(day, 'l')} {_number(day)} {formatted(day, 'F')}"
    return f"{_number(day)} {formatted(day, 'F' if day.year == today.year else 'F Y')}"


def _number(day: datetime.date) -> str:
    return pgettext("first day of the month", "1") if day.day == 1 else str(day.day)


def _time(local: datetime.datetime) -> str:
    if local.minute == 0:
        return _("{hour}:00").format(hour=local.hour)
    return _("{hour}:{minute}").format(hour=local.hour, minute=f"{local.minute:02}")
