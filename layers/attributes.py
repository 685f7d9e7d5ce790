"""The zones of a version as a table: all that their file said of them, page by page, by words anywhere in a row."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, F, Func, Q, TextField
from django.db.models.functions import Cast
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from layers.models import LayerVersion, Zone
from layers.queries import bearing
from layers.zones import ZoneQuerySet

PAGE = 100


@dataclass(frozen=True)
class Row:
    """`cells` are its attributes as text, in the order of `columns`."""

    code: str
    name: str
    area_m2: float
    cells: list[str]


def columns(version: LayerVersion) -> list[str]:
    """Names of the attributes, but for those that became code and name; kept, as zones of a version do not change."""
    key = f"layers.attributes.{version.pk}"
    names: list[str] | None = cache.get(key)
    if names is None:
        named = Func(F("attributes"), function="jsonb_object_keys", output_field=CharField())
        names = sorted(version.zones.values_list(named, flat=True).distinct().order_by(), key=str.casefold)
        cache.set(key, names, timeout=3600)
    told = {version.report.get("code_field"), version.report.get("name_field")}
    return [name for name in names if name not in told]


def matching(version: LayerVersion, *, words: str) -> ZoneQuerySet:
    """The zones that bear each of the words in their code, their name or an attribute; accents do not count."""
    if not words.strip():
        return Zone.objects.filter(version=version)
    values = Func(F("attributes"), function="jsonb_path_query_array", template="%(function)s(%(expressions)s, '$.*')")
    zones = Zone.objects.filter(version=version).annotate(facts=Cast(values, TextField()))
    return zones.filter(bearing(words, "code", "name__unaccent", "facts__unaccent"))


def page(
    zones: ZoneQuerySet, names: list[str], *, after: tuple[str, int] | None
) -> tuple[list[Row], tuple[str, int] | None]:
    """At most PAGE of these zones by code, beyond the zone `after` (code, id); and the last one when others follow."""
    if after:
        code, zone_id = after
        zones = zones.filter(Q(code__gt=code) | Q(code=code, pk__gt=zone_id))
    rows = list(zones.order_by("code", "pk").values_list("pk", "code", "name", "area_m2", "attributes")[: PAGE + 1])
    told = [
        Row(code, name, area_m2, [text(facts.get(each)) for each in names])
        for _pk, code, name, area_m2, facts in rows[:PAGE]
    ]
    return told, (rows[PAGE - 1][1], rows[PAGE - 1][0]) if len(rows) > PAGE else None


def text(value: Any) -> str:
    """An attribute as a person reads it."""
    match value:
        case None | "":
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case float():
            return number_format(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
