"""The zone of each row of a file, beside what people do without us."""

import geopandas
import pandas
import pytest
import shapely
from django.db import connection

from layers.locating import locate
from tests.bench import town_of_500_zones
from tests.bench.conftest import SIZES, best
from tests.bench.files import csv_of_requests
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
ZONES = """
    SELECT zone.code, zone.name, ST_AsBinary(zone.geom)
    FROM layers_zone AS zone
    JOIN layers_layerversion AS version ON version.id = zone.version_id
    JOIN layers_layer AS layer ON layer.id = version.layer_id
    WHERE layer.code = 'fine'
"""


@pytest.mark.parametrize("size", SIZES)
def test_locate(ledger, tmp_path, size):
    town_of_500_zones.build()
    path, ours, theirs = csv_of_requests(tmp_path, size), tmp_path / "ours.csv", tmp_path / "theirs.csv"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE layers_zone")

    def located() -> None:
        with ours.open("wb") as target:
            locate(path=path, target=target, layer="fine", on=NOW.date())

    def joined() -> None:
        with connection.cursor() as cursor:
            cursor.execute(ZONES)
            codes, names, shapes = zip(*cursor.fetchall(), strict=True)
        zones = geopandas.GeoDataFrame(
            {"zone_code": codes, "zone_name": names},
            geometry=shapely.from_wkb([bytes(each) for each in shapes]),
            crs=2154,
        )
        rows = pandas.read_csv(path)
        points = geopandas.GeoDataFrame(rows, geometry=geopandas.points_from_xy(rows.lon, rows.lat), crs=4326)
        found = geopandas.sjoin(points.to_crs(2154), zones, how="left", predicate="intersects")
        found.drop(columns=["geometry", "index_right"]).to_csv(theirs, index=False)

    cost, limit = best(located), best(joined)
    assert pandas.read_csv(ours).equals(pandas.read_csv(theirs))
    ledger.add(
        f"{size:,} rows of CSV located in 500 zones, from file to file", value=cost, bar=1,
        limit_name="geopandas: read_csv, sjoin, to_csv", limit_value=limit,
    )  # fmt: skip
