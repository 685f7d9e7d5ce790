"""Retiring instead of deleting: what serves no more keeps its history, and nothing may still rely on it.

A room above says what relies on a thing of a room below: `@relies_on(Department)` on a function of the thing and the
day, which gives the sentence that stands in the way, or None.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import ManyToOneRel, Model

Obstacle = Callable[[Any, datetime.date], str | None]
_obstacles: dict[type[Model], list[Obstacle]] = defaultdict(list)


def relies_on(*models: type[Model]) -> Callable[[Obstacle], Obstacle]:
    """Register a function that says what forbids retiring a row of these models on a day."""

    def register(obstacle: Obstacle) -> Obstacle:
        for model in models:
            _obstacles[model].append(obstacle)
        return obstacle

    return register


def obstacles(thing: Model, on: datetime.date) -> list[str]:
    """The sentences that stand in the way of retiring `thing` on that day; [] when nothing does."""
    return [sentence for obstacle in _obstacles[type(thing)] if (sentence := obstacle(thing, on))]


def referrers(thing: Model) -> list[str]:
    """The kinds of rows that refer to `thing` and would be lost or orphaned with it; [] when it may be deleted.

    One query for each kind that may.
    """
    kinds = []
    for relation in thing._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if isinstance(relation, ManyToOneRel) and model._base_manager.filter(**{relation.field.name: thing}).exists():
            kinds.append(str(model._meta.verbose_name_plural))
    return sorted(set(kinds))
