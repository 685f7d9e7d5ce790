"""A file of requests, read, routed and stored with its events."""

import pytest
from django.db import connection

from interventions.importing.rows import Fields
from interventions.importing.services import import_requests
from interventions.requests.models import ServiceRequest
from tests.bench import town_of_500_zones
from tests.bench.conftest import SIZES, best
from tests.bench.files import csv_of_requests
from tests.town import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
NAMED = Fields(lon="lon", lat="lat", category="category", opened="day", id="id")


@pytest.mark.parametrize("size", SIZES)
def test_an_import(ledger, tmp_path, size):
    town_of_500_zones.build()
    path = csv_of_requests(tmp_path, size)

    def bring() -> None:
        import_requests(path=path, source="bench", named=NAMED, now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as the end of its transactions would

    imported = best(bring, repeats=1)
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
