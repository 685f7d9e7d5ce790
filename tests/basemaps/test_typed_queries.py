"""What people type finds what they mean: nineteen of twenty, over the streets and addresses of the demo."""

import pytest
from django.conf import settings

from basemaps.addresses import search
from basemaps.loading import load_background
from basemaps.schematic import load_schematic_addresses
from tests.basemaps import typed_queries


@pytest.fixture
def caen(db):
    load_background(settings.BASE_DIR / "fixtures/background.geojson")
    return load_schematic_addresses(city="Caen", citycode="14118")


def misses(table):
    found = {typed: search(text=typed, limit=5) for typed, _wanted in table}
    return [
        f"{typed!r}: {wanted!r} wanted, {[(each.label, each.score) for each in found[typed][:3]]} found"
        for typed, wanted in table
        if not found[typed] or found[typed][0].label != wanted
    ]


@pytest.mark.parametrize("table", ["TYPED", "HELD_OUT"])
def test_the_one_that_is_meant_comes_first(caen, table, record_property):
    queries = getattr(typed_queries, table)
    missed = misses(queries)
    first = len(queries) - len(missed)
    record_property("figure", f"addresses, {table}: {first} of {len(queries)} first ({first / len(queries):.1%})")
    assert len(missed) <= len(queries) * 0.05, "\n".join(missed)
