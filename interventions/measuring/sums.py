"""All that the page of figures counts, from one reading of the requests: those of a period, told apart by a key and by
the steps of the chart, and those of as many days before."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Q, Value

from gisplatform.models import Department
from interventions.glossary.models import Category
from interventions.measuring.period import Period
from interventions.measuring.queries import MEASURES, Figures, Row, counts, in_order, median_days
from interventions.requests.filters import midnight
from interventions.requests.lifecycle import State
from interventions.requests.queries import ServiceRequestQuerySet

# The column that tells requests apart while they are read; and where codes and names are found afterwards.
COLUMNS = {
    "authority": "department", "department": "department", "family": "category", "category": "category",
    "state": "state",
}  # fmt: skip


@dataclass(frozen=True)
class Sums:
    """`rows` are those of `queries.breakdown`; `received` has a number for each step of the period."""

    found: Figures
    before: Figures
    rows: list[Row]
    received: list[int]


def sums(requests: ServiceRequestQuerySet, *, period: Period, by: str, now: datetime.datetime) -> Sums:
    """`requests` were received in the period or in `period.before`; `by` is one of COLUMNS, else there are no rows.

    Three queries: the counts, the times to close, the names. The two first read the index request_spots alone.
    """
    starts, key = _starts(period), F(COLUMNS[by]) if by in COLUMNS else Value("")
    counted = list(requests.order_by().values(step=_step("submitted_at", starts), told=key).annotate(**counts(now)))
    before, within = ([row for row in counted if bool(row["step"]) == inside] for inside in (False, True))
    received = Counter[int]()
    for row in within:
        received[row["step"]] += row["received"]
    in_period = Q(submitted_at__gte=starts[0])
    ended = requests.filter(closed_at__isnull=False).order_by()
    took = ended.aggregate(found=median_days(in_period), before=median_days(~in_period))
    return Sums(
        found=Figures(**_added(within), days_to_close=took["found"]),
        before=Figures(**_added(before), days_to_close=took["before"]),
        rows=_rows(within, by=by) if by in COLUMNS else [],
        received=[received[number] for number in range(1, len(starts) + 1)],
    )


def closed_by_step(closed: ServiceRequestQuerySet, *, period: Period) -> list[int]:
    """How many of these, closed in the period, in each of its steps. One query, of the index request_closed alone."""
    starts = _starts(period)
    rows = closed.order_by().values(step=_step("closed_at", starts)).annotate(held=Count("*"))
    held = dict(rows.values_list("step", "held"))
    return [held.get(number, 0) for number in range(1, len(starts) + 1)]


def _starts(period: Period) -> list[datetime.datetime]:
    return [midnight(step.start) for step in period.steps()]


def _step(column: str, starts: list[datetime.datetime]) -> Func:
    """The number of the step an instant lies in, from 1; 0 before the first."""
    bounds = Value(starts, output_field=ArrayField(DateTimeField()))
    return Func(F(column), bounds, function="width_bucket", output_field=IntegerField())


def _added(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    together = dict.fromkeys(MEASURES, 0)
    for row in rows:
        for measure in MEASURES:
            together[measure] += row[measure]
    return together


def _rows(counted: list[dict[str, Any]], *, by: str) -> list[Row]:
    names, alike = _names(by), dict[tuple[str | None, str], list[dict[str, Any]]]()
    for row in counted:
        alike.setdefault(names.get(row["told"], (None, "")), []).append(row)
    return in_order(Row(key=key, name=name, **_added(rows)) for (key, name), rows in alike.items())


def _names(by: str) -> dict[Any, tuple[str, str]]:
    """Code and name of each value of the column. One query, none for states."""
    if by == "state":
        return {state.value: (state.value, str(state.label)) for state in State}
    model = Department if COLUMNS[by] == "department" else Category
    path = "" if by == COLUMNS[by] else f"{by}__"
    rows = model.objects.values_list("pk", f"{path}code", f"{path}name")
    return {pk: (code, name) for pk, code, name in rows}
