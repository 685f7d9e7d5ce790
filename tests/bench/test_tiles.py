"""Tiles of requests, at every zoom, over HTTP from a server process as the demo runs it."""

import pytest
from django.db import connection
from django.utils import timezone

from gisplatform.models import Department, User
from interventions.importing.seeding import seed
from interventions.requests.tiles import services
from interventions.requests.tiles.grid import FINEST, POINTS_FROM, SPOT_BITS
from tests.bench import town_of_500_zones
from tests.bench.conftest import SIZES, best
from tests.bench.server import Visitor, served

pytestmark = pytest.mark.bench
ZOOMS = range(6, 19)
TIMES = 40  # short, and the best counts: enough to meet a quiet moment
# What a tile of counts cannot do without: the rows of its cells, added up and written as a tile.
CELLS = """
    SELECT ST_AsMVT(cell, 'requests-cells') FROM (
        SELECT sum(count), ST_MakePoint(sum(sum_x) / sum(count), sum(sum_y) / sum(count))
        FROM interventions_mapcell
        WHERE NOT by_category AND level = {level}
          AND x = ANY(ARRAY(SELECT generate_series({x}, {to_x}))) AND y BETWEEN {y} AND {to_y}
        GROUP BY x, y
    ) AS cell
"""
# And a tile of requests: what lies in its square, placed and written.
POINTS = """
    SELECT ST_AsMVT(point, 'requests') FROM (
        SELECT request.id, reference, state, category.name,
               ST_AsMVTGeom(geom_3857, ST_TileEnvelope({z}, {x}, {y}))
        FROM interventions_servicerequest AS request
        JOIN interventions_category AS category ON category.id = request.category_id
        WHERE geom && ST_Transform(ST_TileEnvelope({z}, {x}, {y}), 2154)
    ) AS point
"""
FULLEST = """
    SELECT spot_x >> {bits} AS x, spot_y >> {bits} AS y
    FROM interventions_servicerequest GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1
"""


@pytest.fixture
def town(transactional_db):
    """`town(count)`: so many requests on the map, and somebody who sees those of an authority."""
    from django.contrib.auth.models import Group

    def make(count: int) -> User:
        town_of_500_zones.build()
        seed(count=count, now=timezone.now())
        services.rebuild()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        manager = User.objects.create_user("manager", department=Department.objects.first())
        manager.groups.add(Group.objects.get(name="manager"))
        return manager

    return make


def run(statement: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def bare(z: int, x: int, y: int) -> str:
    if z >= POINTS_FROM:
        return POINTS.format(z=z, x=x, y=y)
    level = min(max(z + 4, 8), FINEST)
    finer = level - z
    return CELLS.format(
        level=level, x=x << finer, to_x=((x + 1) << finer) - 1, y=y << finer, to_y=((y + 1) << finer) - 1
    )


@pytest.mark.parametrize("size", SIZES)
def test_tiles_of_every_zoom(ledger, town, size, tmp_path, free_port):
    manager = town(size)
    with served(free_port, tmp_path / "server.log"):
        visitor = Visitor(free_port, manager)
        for z in ZOOMS:
            x, y = run(FULLEST.format(bits=SPOT_BITS - z))
            statement, address = bare(z, x, y), f"/tiles/requests/{z}/{x}/{y}.mvt"
            assert len(visitor.get(address)) > 50
            # In turn, so that all three see the same neighbours on the machine.
            rounds = [
                (
                    best(lambda address=address: visitor.get(address), repeats=1),
                    best(lambda statement=statement: run(statement), repeats=1),
                    best(lambda: visitor.get("/empty"), repeats=1),
                )
                for _time in range(TIMES)
            ]
            ours, floor, empty = (min(each) for each in zip(*rounds, strict=True))
            ledger.add(
                f"{size:,} requests: the fullest tile of zoom {z}", value=ours * 1000, unit="ms", bar=3,
                limit_name="its bare SQL + an empty answer", limit_value=(floor + empty) * 1000,
            )  # fmt: skip
