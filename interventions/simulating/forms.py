"""What a simulation is asked: from which day the change would hold, and how far back requests are replayed."""

import calendar
import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gisplatform.fields import DayField

MONTHS = {
    "0": _("Open requests only"),
    "1": _("and those of the last month"),
    "3": _("and those of the last 3 months"),
    "6": _("and those of the last 6 months"),
    "12": _("and those of the last 12 months"),
}


class SimulationForm(forms.Form):
    day = DayField(
        label=_("From day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Give the first day in force."), "invalid": _("This is no day: choose one.")},
    )
    months = forms.ChoiceField(label=_("Requests replayed"), choices=list(MONTHS.items()), initial="3")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def facts(self, *, today: datetime.date) -> dict[str, Any]:
        """`day` and `since`, as `services.order` takes them."""
        months = int(self.cleaned_data["months"])
        return {"day": self.cleaned_data["day"], "since": months_before(today, months) if months else None}


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day of an earlier month, or the last one there where it has fewer."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
