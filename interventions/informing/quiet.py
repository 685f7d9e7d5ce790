"""When no SMS is sent: at night, and unless it is allowed on Sundays and public holidays. Local days and hours."""

import datetime

from django.conf import settings
from django.utils import timezone

# Month and day of the public holidays that have one; in Alsace and Moselle there are two more.
FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
MIDNIGHT = datetime.time.min


def until(now: datetime.datetime) -> datetime.datetime | None:
    """When the quiet time that `now` lies in ends; None when it lies in none."""
    local = timezone.localtime(now)
    at = local
    while (end := _end(at)) is not None:
        at = end
    return None if at == local else at


def _end(local: datetime.datetime) -> datetime.datetime | None:
    """The end of this night, or of this day of rest; None for neither."""
    day = local.date()
    if not settings.SMS_SUNDAYS and (day.isoweekday() == 7 or is_holiday(day)):
        return _at(day + datetime.timedelta(days=1), MIDNIGHT)
    if settings.SMS_QUIET is None:
        return None
    begin, end = settings.SMS_QUIET
    time = local.time()
    if begin <= end:
        return _at(day, end) if begin <= time < end else None
    if time >= begin:
        return _at(day + datetime.timedelta(days=1), end)
    return _at(day, end) if time < end else None


def _at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def is_holiday(day: datetime.date) -> bool:
    """Whether it is a public holiday in all of France."""
    if (day.month, day.day) in FIXED:
        return True
    return day in {easter(day.year) + datetime.timedelta(days=after) for after in AFTER_EASTER}


def easter(year: int) -> datetime.date:
    """Easter Sunday: the one after the first full moon of spring, by the church's table."""
    golden, century = year % 19, year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - moon // 28 * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    since_march = moon - weekday
    month = 3 + (since_march + 40) // 44
    return datetime.date(year, month, since_march + 28 - 31 * (month // 4))
