"""How old a request is, as short as a dense list needs it."""

import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

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
        return _("%(count)d d") % {"count": days}
    local = timezone.localtime(moment)
    return formatted(local, "j N" if local.year == timezone.localdate(now).year else "j N Y")
