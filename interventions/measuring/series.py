"""Received and closed, step by step of a period: what a chart draws and its table tells."""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncDate

from interventions.measuring.period import Period
from interventions.requests.queries import ServiceRequestQuerySet

WIDTH, HEIGHT = 600, 120  # of the drawing, in its own units
GAP = 0.25  # of a step, between two


@dataclass(frozen=True)
class Step:
    """One day, week, month or year; `bars` are what to draw: class, x, y, width, height."""

    period: Period
    received: int
    closed: int
    bars: list[tuple[str, float, float, float, float]]


def series(
    received: ServiceRequestQuerySet, closed: ServiceRequestQuerySet, *, period: Period
) -> tuple[list[Step], int]:
    """The steps of the period and the highest count among them. Two queries."""
    came, went = _by_day(received, "submitted_at"), _by_day(closed, "closed_at")
    steps = period.steps()
    counted = [(_within(came, each), _within(went, each)) for each in steps]
    most = max((max(pair) for pair in counted), default=0)
    return [
        Step(each, *pair, _bars(number, len(steps), pair, most))
        for number, (each, pair) in enumerate(zip(steps, counted, strict=True))
    ], most


def _by_day(requests: ServiceRequestQuerySet, column: str) -> dict[datetime.date, int]:
    days = requests.order_by().annotate(day=TruncDate(column)).values("day").annotate(counted=Count("pk"))
    return dict(days.values_list("day", "counted"))


def _within(days: dict[datetime.date, int], period: Period) -> int:
    return sum(counted for day, counted in days.items() if period.start <= day <= period.end)


def _bars(number: int, steps: int, pair: tuple[int, int], most: int) -> list[tuple[str, float, float, float, float]]:
    step = WIDTH / steps
    width = step * (1 - GAP) / 2
    left = number * step + step * GAP / 2
    heights = [HEIGHT * value / most if most else 0 for value in pair]
    return [
        (name, round(left + place * width, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2))
        for place, (name, height) in enumerate(zip(("received", "closed"), heights, strict=True))
    ]
