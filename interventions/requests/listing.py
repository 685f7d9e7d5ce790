"""What the list of requests offers: its choices, its export, its dots on the map."""

import datetime
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.conf import settings
from django.db.models import CharField, Count, DateTimeField, F, FloatField, Func, Value, Window

from gisplatform import spreadsheets, sql
from gisplatform.models import Department
from gisplatform.spreadsheets import plain
from interventions.glossary.models import Category
from interventions.requests.lifecycle import AWAITED, State
from interventions.requests.models import Channel, ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from layers.models import Zone

Choice = tuple[str, str]  # code, name
Grouped = list[tuple[Choice, list[Choice]]]  # a heading and what stands under it

ZONES_AT_MOST = 200  # a layer of more zones is no list to choose from

EXPORTED = (
    "reference", "submitted_at", "category", "category_name", "family", "state", "state_name", "department",
    "department_name", "authority", "address", "description", "channel", "due_at", "closed_at", "lon", "lat",
)  # fmt: skip
INSTANTS = {"submitted_text": "submitted_at", "due_text": "due_at", "closed_text": "closed_at"}


def categories() -> Grouped:
    """Families and their categories. One query."""
    rows = (
        Category.objects.filter(retired_on=None)
        .order_by("family__position", "family__code", "name")
        .values_list("family__code", "family__name", "code", "name")
    )
    return _grouped(rows)


def departments() -> Grouped:
    """Authorities and the departments of theirs that may answer. One query."""
    rows = (
        Department.objects.filter(retired_on=None)
        .order_by("authority__name", "authority__code", "name")
        .values_list("authority__code", "authority__name", "code", "name")
    )
    return _grouped(rows)


def zones(on: datetime.date) -> Grouped:
    """Layers in force and their zones, coded `layer:zone`. One query."""
    rows = (
        Zone.objects.in_force(on)
        .annotate(of_layer=Window(Count("id"), partition_by=F("version_id")))
        .filter(of_layer__lte=ZONES_AT_MOST)
        .order_by("version__layer__name", "version__layer__code", "name", "code")
        .values_list("version__layer__code", "version__layer__name", "code", "name")
    )
    return _grouped((layer, layer_name, f"{layer}:{code}", name) for layer, layer_name, code, name in rows)


def _grouped(rows: Iterable[tuple[str, str, str, str]]) -> Grouped:
    return [
        (heading, [(code, name) for _code, _name, code, name in under])
        for heading, under in groupby(rows, key=lambda row: (row[0], row[1]))
    ]


def dots(requests: Iterable[ServiceRequest], *, now: datetime.datetime) -> str:
    """These requests as a GeoJSON FeatureCollection, rendered by the database."""
    parameters = {"ids": [each.pk for each in requests], "now": now, "awaited": [*AWAITED]}
    (row,) = sql.rows(sql.load("interventions.requests", "dots"), parameters)
    return row["collection"]


def as_csv(requests: ServiceRequestQuerySet) -> Iterator[str]:
    """The requests as lines of CSV, the latest first, nothing of who asked; read from the database as they are sent."""
    return spreadsheets.lines(EXPORTED, _rows(requests))


def _rows(requests: ServiceRequestQuerySet) -> Iterator[list[str]]:
    states, channels = ({code: str(label) for code, label in each.choices} for each in (State, Channel))
    # Instants and places are put into words by the database: row by row in Python they cost ten times the rest.
    rows = (
        requests.order_by("-submitted_at", "-id")
        .with_position()
        .annotate(
            **{name: _local_minute(column) for name, column in INSTANTS.items()},
            lon=Func("position", function="ST_X", output_field=FloatField()),
            lat=Func("position", function="ST_Y", output_field=FloatField()),
        )
        .values_list(
            "reference", "submitted_text", "category__code", "category__name", "category__family__code", "state",
            "department__code", "department__name", "department__authority__code", "address", "description", "channel",
            "due_text", "closed_text", "lon", "lat",
        )
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        reference, submitted, *what, state, code, name, authority, address, text, channel, due, closed, lon, lat = row
        yield [
            reference, submitted, *map(plain, what), state, states[state], code, plain(name), authority,
            plain(address), plain(text), channels[channel], due, closed, f"{lon:.6f}", f"{lat:.6f}",
        ]  # fmt: skip


def _local_minute(column: str) -> Func:
    """An instant as `2026-03-02 10:30`, where the platform is; null stays null."""
    local = Func(Value(settings.TIME_ZONE), F(column), function="timezone", output_field=DateTimeField())
    return Func(local, Value("YYYY-MM-DD HH24:MI"), function="to_char", output_field=CharField())
