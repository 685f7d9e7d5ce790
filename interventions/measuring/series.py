"""Received and closed, step by step of a period: what a chart draws and its table tells."""

from dataclasses import dataclass

from interventions.measuring.period import Period

WIDTH, HEIGHT = 600, 120  # of the drawing, in its own units
GAP = 0.25  # of a step, between two


@dataclass(frozen=True)
class Step:
    """One day, week, month or year; `bars` are what to draw: class, x, y, width, height."""

    period: Period
    received: int
    closed: int
    bars: list[tuple[str, float, float, float, float]]


def series(received: list[int], closed: list[int], *, period: Period) -> tuple[list[Step], int]:
    """The steps of the period, from the counts of each, and the highest count among them."""
    steps, counted = period.steps(), list(zip(received, closed, strict=True))
    most = max((max(pair) for pair in counted), default=0)
    return [
        Step(each, *pair, _bars(number, len(steps), pair, most))
        for number, (each, pair) in enumerate(zip(steps, counted, strict=True))
    ], most


def _bars(number: int, steps: int, pair: tuple[int, int], most: int) -> list[tuple[str, float, float, float, float]]:
    step = WIDTH / steps
    width = step * (1 - GAP) / 2
    left = number * step + step * GAP / 2
    heights = [HEIGHT * value / most if most else 0 for value in pair]
    return [
        (name, round(left + place * width, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2))
        for place, (name, height) in enumerate(zip(("received", "closed"), heights, strict=True))
    ]
