"""How old a request is, as short as a dense list needs it."""

import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform import moments

register = template.Library()

DAYS_COUNTED = 14


@register.filter
def age(moment: datetime.datetime) -> str:
    """« 12 min », « 5 h », « 3 j »; two weeks and more ago, the day: « 3 nov. »."""
    return in_short(moment, now=timezone.now())


def in_short(moment: datetime.datetime, *, now: datetime.datetime) -> str:
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 60:
        return _("%(count)d min") % {"count": minutes}
    days = (timezone.localdate(now) - timezone.localdate(moment)).days
    if minutes < 24 * 60:
        return _("%(count)d h") % {"count": minutes // 60}
    if days < DAYS_COUNTED:
        # The longest day of the year has 25 hours.
        return _("%(count)d d") % {"count": max(days, 1)}
    this_year = timezone.localtime(moment).year == timezone.localdate(now).year
    return moments.day(moment, "j N" if this_year else "j N Y")
