"""The model town after some work: enough requests to fill a list, without logging each."""

import copy
import datetime
from collections.abc import Callable
from uuid import uuid4

from interventions.requests.models import ServiceRequest
from interventions.requests.reference import compose
from tests.town import NOW, Town, point


def copies(first: ServiceRequest, count: int, **facts: Callable[[int], object]) -> list[ServiceRequest]:
    """`count` copies of a request, each a minute later than the one before; `facts` give a column from its number."""
    made = [copy.copy(first) for _ in range(count)]
    for number, each in enumerate(made, start=1):
        each.pk, each.key, each.tracking_token = None, uuid4(), f"{first.pk}-{number}"
        each.reference = compose(2026, first.pk * 1000 + number)
        each.submitted_at = NOW + datetime.timedelta(minutes=number)
        for name, value in facts.items():
            setattr(each, name, value(number))
    return ServiceRequest.objects.bulk_create(made)


def work(town: Town) -> ServiceRequest:
    """57 requests in a grid of 200 m, of every fourth state in turn; returns the oldest.

    It is at "3 rue Écuyère" and to evaluate; "parks" might answer too, and "regulateur" handles them all.
    """
    town.rule("cleaning")
    town.department("parks")
    town.person("regulator", username="regulateur")
    oldest = town.request((100, 100), address="3 rue Écuyère", description="Un tag rouge.")
    copies(
        oldest,
        56,
        geom=lambda number: point((100 + 200 * (number % 8), 100 + 200 * (number // 8))),
        state=lambda number: ("to_evaluate", "accepted", "in_progress", "done")[number % 4],
        channel=lambda number: ("phone", "technician")[number % 2],
        address=lambda number: f"{number} avenue Modèle",
    )
    return oldest
