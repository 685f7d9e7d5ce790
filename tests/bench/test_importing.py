"""A file of requests, read, routed and stored with its events."""

import csv
import os
import subprocess
import sys

import numpy as np
import pytest
from django.db import connection
from pyproj import Transformer

from interventions.importing.rows import Fields
from interventions.importing.services import import_requests
from interventions.requests.models import ServiceRequest
from tests.bench import town_of_500_zones
from tests.bench.conftest import ROOT, SIZES, best
from tests.bench.territory import SOUTH, WEST
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
NAMED = Fields(lon="lon", lat="lat", category="category", opened="day", id="id")
READ = """
import resource, sys, django
django.setup()
from gisplatform.csvfiles import open_csv
for _line, _cells in open_csv(sys.argv[1]): pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.fixture
def file(tmp_path):
    def write(count: int):
        dice = np.random.default_rng(5)
        side = town_of_500_zones.SIDE_M
        xy = dice.uniform((WEST, SOUTH), (WEST + side, SOUTH + side), (count, 2))
        lons, lats = Transformer.from_crs(2154, 4326, always_xy=True).transform(xy[:, 0], xy[:, 1])
        path = tmp_path / "requests.csv"
        with path.open("w", newline="") as target:
            rows = csv.writer(target)
            rows.writerow(["id", "lon", "lat", "category", "day"])
            for number in range(count):
                day = f"2025-{1 + number % 12:02}-{1 + number % 28:02}"
                rows.writerow([number, lons[number], lats[number], f"c{number % 30}", day])
        return path

    return write


@pytest.mark.parametrize("size", SIZES)
def test_an_import(ledger, file, size):
    town_of_500_zones.build()
    path = file(size)
    imported = best(lambda: import_requests(path=path, source="bench", named=NAMED, now=NOW), repeats=1)
    assert ServiceRequest.objects.count() == size
    columns = (
        "reference, key, tracking_token, state, nature, category_id, description, address, geom, place_source, channel,"
        " submitted_at, updated_at"
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_requests (LIKE interventions_servicerequest INCLUDING ALL)")
        with cursor.copy(f"COPY (SELECT {columns} FROM interventions_servicerequest) TO STDOUT") as copy:
            blocks = [bytes(block) for block in copy]

        def bare() -> None:
            with cursor.copy(f"COPY bench_requests ({columns}) FROM STDIN") as copy:
                for block in blocks:
                    copy.write(block)

        limit = best(bare, before=lambda: cursor.execute("TRUNCATE bench_requests"))
    ledger.add(
        f"{size:,} rows of CSV imported: routed, with decisions and events", value=imported, bar=8,
        limit_name="COPY of the same requests into the same table", limit_value=limit,
    )  # fmt: skip


def test_reading_takes_no_more_memory_for_more_rows(ledger, file):
    def peak(count: int) -> float:
        command = [sys.executable, "-c", READ, str(file(count))]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gisplatform.settings"}
        return float(subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True).stdout)

    small, large = peak(1_000), peak(200_000)
    ledger.add("memory to read 200,000 rows of CSV", value=large, unit="MiB", bar=1.5,
               limit_name="1,000 rows", limit_value=small)  # fmt: skip
