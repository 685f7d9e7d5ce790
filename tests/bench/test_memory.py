"""What a whole command takes of memory, for a number of rows (or of zones) and for ten times as many."""

import os
import subprocess
import sys

import pytest
from django.utils import timezone

from interventions.importing.seeding import seed
from layers.models import LayerVersion
from tests.bench import town_of_500_zones
from tests.bench.conftest import ROOT, SIZES
from tests.bench.files import csv_of_requests
from tests.bench.server import database_url

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
SMALL, LARGE = max(SIZES) // 10, max(SIZES)
ROWS = f"{SMALL:,} rows", f"{LARGE:,} rows"
FEW_ZONES, MANY_ZONES = 500, 5_000
RUN = """
import sys, django
django.setup()
from django.core.management import call_command
call_command(*sys.argv[1:])
status = open("/proc/self/status").read()  # getrusage would tell the parent's peak where that was higher
print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""
FIELDS = ["--lon", "lon", "--lat", "lat", "--category-field", "category", "--id-field", "id", "--opened-field", "day"]


def peak_mib(*command: str) -> float:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gisplatform.settings", "DATABASE_URL": database_url()}
    made = subprocess.run(
        [sys.executable, "-c", RUN, *command], env=environment, cwd=ROOT, capture_output=True, check=True
    )
    return float(made.stdout.split()[-1])


def note(ledger, what: str, small: float, large: float, *, few: str = ROWS[0], many: str = ROWS[1]) -> None:
    ledger.add(f"memory {what} {many}", value=large, unit="MiB", bar=1.5, limit_name=few, limit_value=small)


def test_an_import_takes_no_more_memory_for_more_rows(ledger, tmp_path):
    town_of_500_zones.build()
    small, large = (
        peak_mib("import_requests", str(csv_of_requests(tmp_path, count)), "--source", f"bench {count}", *FIELDS)
        for count in (SMALL, LARGE)
    )
    note(ledger, "to import", small, large)


def test_locating_takes_no_more_memory_for_more_rows(ledger, tmp_path):
    town_of_500_zones.build()
    target = str(tmp_path / "out.csv")
    small, large = (
        peak_mib("locate", str(csv_of_requests(tmp_path, count)), "--layer", "fine", "--output", target)
        for count in (SMALL, LARGE)
    )
    note(ledger, "to locate", small, large)


def test_an_export_takes_no_more_memory_for_more_rows(ledger, tmp_path):
    town_of_500_zones.build()
    peaks: dict[str, list[float]] = {"csv": [], "gpkg": []}
    for count in (SMALL, LARGE):
        seed(count=count, now=timezone.now())
        for kind, found in peaks.items():
            file = str(tmp_path / f"out-{count}.{kind}")
            found.append(peak_mib("export", "requests", "--format", kind, "--output", file))
    for kind, (small, large) in peaks.items():
        note(ledger, f"to export as {kind}", small, large)


def test_a_simulation_takes_no_more_memory_for_more_rows(ledger):
    town_of_500_zones.build()
    town_of_500_zones.redrawn()
    peaks = []
    for count in (SMALL, LARGE):
        seed(count=count, now=timezone.now())
        peaks.append(peak_mib("simulate", "fine", "--version", "2", "--since", "2020-01-01"))
    note(ledger, "to play through", *peaks)


def test_a_check_takes_no_more_memory_for_more_zones(ledger):
    town_of_500_zones.layer("coarse", 30)  # the territory
    peaks = []
    for code, count in (("few", FEW_ZONES), ("many", MANY_ZONES)):
        version = LayerVersion.objects.get(layer=town_of_500_zones.layer(code, count))
        town_of_500_zones.spoil(version)
        peaks.append(peak_mib("check_layer", code, "--json"))
        assert version.findings.exists()
    note(ledger, "to check", *peaks, few=f"{FEW_ZONES:,} zones", many=f"{MANY_ZONES:,} zones")
