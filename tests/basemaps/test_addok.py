"""A real addok, on this machine: the same client code as for the national service.

Needs redis-server and addok: `pip install addok` in an environment of its own, then either its `bin` on the PATH or
GISPLATFORM_TEST_ADDOK=/where/it/is/bin/addok. Skipped aloud where they are not.
"""

import csv
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.cache import cache

from basemaps.addresses import look_up, reverse
from basemaps.loading import load_background
from basemaps.models import Landmark
from basemaps.schematic import write_schematic_addresses
from gisplatform import geo

ADDOK = os.environ.get("GISPLATFORM_TEST_ADDOK") or shutil.which("addok")
REDIS = shutil.which("redis-server")
MISSING = [name for name, found in (("addok", ADDOK), ("redis-server", REDIS)) if not found]
pytestmark = [
    pytest.mark.addok,
    pytest.mark.skipif(bool(MISSING), reason=f"no {' and no '.join(MISSING)} here: see tests/basemaps/test_addok.py"),
]
PATIENCE_S = 20


@pytest.fixture
def addok(db, tmp_path, settings):
    """The demo's addresses in an addok, and nothing of them in our own tables."""
    load_background(project.BASE_DIR / "fixtures/background.geojson")
    write_schematic_addresses(tmp_path / "bal.csv", city="Caen", citycode="14118")
    count = documents(tmp_path / "bal.csv", tmp_path / "addok.json")
    Landmark.objects.all().delete()
    environment = {**os.environ, "REDIS_SOCKET": str(tmp_path / "redis"), "ADDOK_LOG_DIR": str(tmp_path)}
    port = free_port()
    running = []
    with (tmp_path / "log").open("wb") as log:

        def start(*command: str) -> None:
            running.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=tmp_path))

        try:
            start(str(REDIS), "--port", "0", "--unixsocket", environment["REDIS_SOCKET"], "--save", "")
            wait_for(lambda: connects(socket.AF_UNIX, environment["REDIS_SOCKET"]))
            for words in (["batch", str(tmp_path / "addok.json")], ["ngrams"]):
                subprocess.run([str(ADDOK), *words], check=True, stdout=log, stderr=log, env=environment, cwd=tmp_path)
            start(str(ADDOK), "serve", "--port", str(port))
            wait_for(lambda: connects(socket.AF_INET, ("127.0.0.1", port)))
            settings.ADDRESS_URL, settings.ADDRESS_TIMEOUT_MS = f"http://127.0.0.1:{port}", 5000
            cache.clear()
            yield count
        finally:
            cache.clear()
            for process in reversed(running):
                process.terminate()
                process.wait(timeout=PATIENCE_S)


def documents(bal: Path, target: Path) -> int:
    """The addresses of a BAL as addok reads them, a street a line; how many addresses they hold."""
    streets: dict[str, dict] = {}
    with bal.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source, delimiter=";"):
            where = {"lat": float(row["lat"]), "lon": float(row["long"])}
            street = streets.setdefault(row["voie_nom"], {
                "id": f"14118_{len(streets):04}", "type": "street", "name": row["voie_nom"], "postcode": "14000",
                "citycode": "14118", "city": "Caen", "importance": 0.5, "housenumbers": {}, **where,
            })  # fmt: skip
            street["housenumbers"][f"{row['numero']} {row['suffixe']}".strip()] = where
    target.write_text("\n".join(json.dumps(each) for each in streets.values()))
    return sum(len(each["housenumbers"]) for each in streets.values())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def connects(family: int, address: object) -> bool:
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0  # type: ignore[arg-type]


def wait_for(ready) -> None:
    until = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < until, "a server did not start: see its log"
        time.sleep(0.05)


def test_it_answers_through_the_same_client(addok):
    assert addok == 2200
    numbered = look_up(text="13 rue saint-pierre caen")
    assert not numbered.unanswered
    found = numbered.addresses[0]
    assert (found.label, found.number, found.street, found.postcode, found.citycode, found.approximate) == (
        "13 Rue Saint-Pierre, Caen", "13", "Rue Saint-Pierre", "14000", "14118", False,
    )  # fmt: skip
    street = look_up(text="boulevard marechal lecl").addresses[0]
    assert (street.label, street.kind, street.approximate) == ("Boulevard Maréchal Leclerc, Caen", "street", True)
    there = reverse(geom=geo.point(found.lon, found.lat))
    assert (there.label, round(there.away_m)) == ("13 Rue Saint-Pierre, Caen", 0)
    assert reverse(geom=geo.point(0.0, 49.0)) is None
    assert look_up(text="zzzzzz qqqqq") == look_up(text="zzzzzz qqqqq")
    assert not look_up(text="zzzzzz qqqqq").unanswered
