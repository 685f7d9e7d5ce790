"""Rules and versions of layers as they would stand: the change is really made, they are read, and it is undone.

It is undone after a few milliseconds, before anything is played through: nobody else waits for it or sees it.
"""

import datetime
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from gisplatform import sql
from interventions.routing.models import RoutingRule
from layers.models import Layer, LayerVersion
from layers.publishing import put_in_force

COLUMNS = [field for field in RoutingRule._meta.concrete_fields if not field.primary_key]
DATES = {"valid_from", "valid_to"}


@dataclass(frozen=True)
class Standing:
    """All rules, and the versions with their dates, as JSON."""

    rules: str
    versions: str

    def as_parameters(self) -> dict[str, Any]:
        return asdict(self)


def as_it_is() -> Standing:
    return _after(lambda: None)


def with_version(version: LayerVersion, *, day: datetime.date, today: datetime.date) -> Standing:
    """With this version published for `day`, its zones not looked at; as it is, where that was done already."""

    def publish() -> None:
        Layer.objects.select_for_update(no_key=True).get(pk=version.layer_id)  # as a publication does: one at a time
        found = LayerVersion.objects.select_related("layer").get(pk=version.pk)
        if found.status not in LayerVersion.IN_FORCE:
            put_in_force(found, day=day, today=today)

    return _after(publish)


def with_rule(columns: dict[str, Any]) -> Standing:
    """With the rule of this code changed to these columns, or added."""
    rule = rule_of(columns)
    rule.pk = RoutingRule.objects.filter(code=rule.code).values_list("pk", flat=True).first()
    return _after(rule.save)


def columns_of(rule: RoutingRule) -> dict[str, Any]:
    """A rule, saved or not, as what can be kept of it."""
    return {field.attname: getattr(rule, field.attname) for field in COLUMNS}


def rule_of(columns: dict[str, Any]) -> RoutingRule:
    """The rule of what was kept, not saved."""
    return RoutingRule(**{field.attname: field.to_python(columns[field.attname]) for field in COLUMNS})


def first_day(rule: RoutingRule, *, today: datetime.date) -> datetime.date:
    """The first day, today or later, on which this rule answers otherwise than the saved one of its code."""
    before = RoutingRule.objects.filter(code=rule.code).first()
    if before is None:
        return max(today, rule.valid_from)
    sooner, later = columns_of(before), columns_of(rule)
    if any(sooner[name] != later[name] for name in sooner.keys() - DATES):
        return max(today, rule.valid_from)
    if before.valid_from != rule.valid_from:
        return max(today, min(before.valid_from, rule.valid_from))
    ends = [each.valid_to for each in (before, rule) if each.valid_to]
    return max(today, min(ends)) if before.valid_to != rule.valid_to else max(today, rule.valid_from)


def _after(change: Callable[[], object]) -> Standing:
    with transaction.atomic():
        change()
        (row,) = sql.rows(sql.load("interventions.simulating", "standing"), {})
        transaction.set_rollback(True)
    return Standing(**row)
