"""The days that are looked at, and how finely they are told."""

import datetime
from dataclasses import dataclass
from typing import Self

USUAL_DAYS = 30
PRESETS = (7, 30, 90, 365)
BY_DAY_UP_TO, BY_WEEK_UP_TO, BY_MONTH_UP_TO = 31, 184, 3 * 366


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    start: datetime.date
    end: datetime.date

    @classmethod
    def last(cls, days: int, *, today: datetime.date) -> Self:
        return cls(today - datetime.timedelta(days=days - 1), today)

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> "Period":
        """As many days, up to the day before."""
        return Period(self.start - datetime.timedelta(days=self.days), self.start - datetime.timedelta(days=1))

    @property
    def with_before(self) -> "Period":
        return Period(self.before.start, self.end)

    @property
    def step(self) -> str:
        """What one bar of a chart stands for: day, week, month or year."""
        limits = {"day": BY_DAY_UP_TO, "week": BY_WEEK_UP_TO, "month": BY_MONTH_UP_TO}
        return next((step for step, limit in limits.items() if self.days <= limit), "year")

    def steps(self) -> list["Period"]:
        """The days, weeks, months or years of it, the first and the last cut where it begins and ends."""
        found, start = [], self.start
        while start <= self.end:
            end = min(_last_day(start, self.step), self.end)
            found.append(Period(start, end))
            start = end + datetime.timedelta(days=1)
        return found

    def as_filter(self, column: str) -> dict[str, str]:
        """The words of an address that keep the list to it: `as_filter("received")`."""
        return {f"{column}_from": self.start.isoformat(), f"{column}_to": self.end.isoformat()}


def _last_day(day: datetime.date, step: str) -> datetime.date:
    if step == "day":
        return day
    if step == "week":
        return day + datetime.timedelta(days=6 - day.weekday())
    if step == "year":
        return day.replace(month=12, day=31)
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
