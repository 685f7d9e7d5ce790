"""Finding a category, by name or in a caller's own words."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from gisplatform import sql
from interventions.glossary.models import Category


@dataclass(frozen=True)
class Found:
    """A category that fits; `synonym` is the saying that matched, None when it was the name or the description."""

    code: str
    name: str
    family: str
    synonym: str | None
    score: float


def search(*, text: str, limit: int = 8, on: datetime.date | None = None) -> list[Found]:
    """Categories in use that fit `text`, the likeliest first; [] when nothing is close. One statement.

    `text` is a caller's sentence, without accents or with typing errors, perhaps unfinished.
    `on` is today when not given.
    """
    parameters = {"text": text, "limit": limit, "today": on or timezone.localdate()}
    return [Found(**row) for row in sql.rows(sql.load("interventions.glossary", "search"), parameters)]


def in_use(on: datetime.date) -> QuerySet[Category]:
    """Categories not retired by that day, with their families, in the order of the glossary."""
    return (
        Category.objects.filter(Q(retired_on=None) | Q(retired_on__gt=on))
        .filter(Q(family__retired_on=None) | Q(family__retired_on__gt=on))
        .select_related("family")
        .order_by("family__position", "family__name", "name")
    )
