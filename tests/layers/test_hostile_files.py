"""Files that mean harm, or do it by accident: refused in a sentence, they reach nothing and leave nothing behind."""

import functools
import http.server
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import pytest
import shapely
from django.conf import settings as platform

from layers.models import Layer
from layers.reading import apart, archives
from layers.reading.confined import landlock_version
from tests.layers.files import box, endless, feature, geojson, vector
from tests.town import X, Y

SQUARE = shapely.box(-0.4, 49.1, -0.3, 49.2)
RING = "49.1 -0.4 49.1 -0.3 49.2 -0.3 49.2 -0.4 49.1 -0.4"


@pytest.fixture(autouse=True)
def workplace(monkeypatch, tmp_path):
    """Where temporary files go; none stays."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert list(place.iterdir()) == []


@pytest.fixture
def elsewhere(tmp_path):
    """A server of this machine that a file would like to be answered by; what it was asked for."""
    asked = []

    class Page(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Page, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def readings() -> list[int]:
    """The processes that read a file at this moment."""
    reader = apart._running().process.pid
    children = Path(f"/proc/{reader}/task/{reader}/children").read_text().split()
    return [int(pid) for pid in children]


def test_a_file_without_end_is_stopped_and_told(command, tmp_path, settings):
    settings.LAYER_READ_S = 1
    refusal = command("import_layer", endless(tmp_path / "a.gpkg"), layer="a").refusal
    assert "n’a pas fini d’être lu au bout de 1 seconde" in refusal
    until = time.monotonic() + 10
    while readings() and time.monotonic() < until:
        time.sleep(0.02)
    assert readings() == []
    assert not Layer.objects.exists()


def test_others_read_while_one_hangs(command, tmp_path, settings):
    file = geojson(tmp_path / "b.geojson", feature(box(0, 0, 9, 9)))
    command("import_layer", file, layer="b")  # whatever has to be started is
    settings.LAYER_READ_S = 5
    refusals = []
    hanging = threading.Thread(target=lambda: refusals.append(refusal_of(endless(tmp_path / "a.gpkg"))))
    hanging.start()
    assert command("import_layer", file, layer="b")["zones"] == 1
    assert hanging.is_alive()
    hanging.join()
    assert "n’a pas fini d’être lu" in refusals[0]


def refusal_of(path: Path) -> str:
    from layers import reading

    try:
        reading.read(path)
    except reading.UnreadableFile as error:
        return str(error)
    return ""


def test_a_reading_that_is_killed_is_told(tmp_path):
    refusals = []
    thread = threading.Thread(target=lambda: refusals.append(refusal_of(endless(tmp_path / "a.gpkg"))))
    thread.start()
    until = time.monotonic() + 10
    while not (found := readings()) and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(found[0], signal.SIGSEGV)
    thread.join()
    assert "« a.gpkg » a interrompu sa lecture" in refusals[0]


def test_the_reader_has_one_thread_and_knows_no_secret(command, tmp_path):
    command("import_layer", geojson(tmp_path / "a.geojson", feature(box(0, 0, 9, 9))), layer="a")
    reader = Path(f"/proc/{apart._running().process.pid}")
    assert len(list((reader / "task").iterdir())) == 1
    environment = dict(each.split("=", 1) for each in (reader / "environ").read_text().split("\0") if each)
    assert (environment["GISPLATFORM_SECRET_KEY"], environment["DATABASE_URL"]) == (
        "unused", "postgresql://nobody@localhost/none",
    )  # fmt: skip


def test_a_reader_that_is_gone_is_replaced(command, tmp_path):
    file = geojson(tmp_path / "a.geojson", feature(box(0, 0, 9, 9)))
    command("import_layer", file, layer="a")
    gone = apart._running().process
    gone.kill()
    gone.wait()
    assert command("import_layer", file, layer="a")["zones"] == 1


def test_a_file_that_takes_too_much_memory_is_told(command, tmp_path, settings):
    settings.LAYER_READ_BYTES = 100 * 1024 * 1024
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": [' + "[]," * 3_000_000 + "[]]}")
    assert "demande plus de mémoire" in command("import_layer", tmp_path / "a.geojson", layer="a").refusal


def test_a_file_of_too_many_lines_is_told(command, tmp_path):
    (tmp_path / "a.csv").write_text("code;wkt\n" + "1;\n" * 200_001)
    assert "plus de 200000 lignes" in command("import_layer", tmp_path / "a.csv", layer="a").refusal


def test_collections_nested_without_end_reach_no_server(command, tmp_path):
    nested = (b"\x01\x07\x00\x00\x00\x01\x00\x00\x00" * 3_000 + shapely.to_wkb(SQUARE, byte_order=1)).hex()
    (tmp_path / "a.csv").write_text(f"code,wkb\ndeep,{nested}\nflat,{shapely.to_wkb(SQUARE).hex()}\n")
    report = command("import_layer", tmp_path / "a.csv", layer="a", crs="EPSG:4326")
    assert report["zones"] == 1
    assert report["refused"] == [{"line": 1, "reason": "ses collections s’emboîtent trop profondément"}]


def test_an_outline_that_would_be_repaired_for_hours_is_told(command, tmp_path, settings):
    command("import_layer", geojson(tmp_path / "b.geojson", feature(box(0, 0, 9, 9))), layer="b")  # the reader runs
    settings.LAYER_READ_S = 3
    there = random.Random(5)
    corners = [(X + there.uniform(0, 900), Y + there.uniform(0, 900)) for _corner in range(3_000)]
    file = geojson(tmp_path / "a.geojson", feature(shapely.Polygon(corners), code="1"))
    started = time.monotonic()
    assert "des lignes 1 à 1 se recoupent trop souvent" in command("import_layer", file, layer="a").refusal
    assert time.monotonic() - started < 20
    assert not Layer.objects.filter(code="a").exists()


def test_a_file_of_countless_fields_is_told(command, tmp_path):
    zones = [feature(box(10 * n, 0, 10 * n + 9, 9), **{f"f{n}_{i}": 1 for i in range(50)}) for n in range(21)]
    refusal = command("import_layer", geojson(tmp_path / "a.geojson", *zones), layer="a").refusal
    assert "La couche a 1050 champs, dont nous prenons 1000 au plus" in refusal


def gml(*, schema: str = "", geometry: str = "") -> str:
    ring = f"<gml:LinearRing><gml:posList>{RING}</gml:posList></gml:LinearRing>"
    polygon = f"<gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon>"
    return (
        '<?xml version="1.0"?><ogr:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xmlns:ogr="http://ogr/" {schema}><ogr:featureMember><ogr:zone gml:id="z1">'
        f'<ogr:geom srsName="urn:ogc:def:crs:EPSG::4326">{geometry or polygon}</ogr:geom><ogr:code>1</ogr:code>'
        "</ogr:zone></ogr:featureMember></ogr:FeatureCollection>"
    )


def kml(inside: str) -> str:
    coordinates = "-0.4,49.1 -0.3,49.1 -0.3,49.2 -0.4,49.2 -0.4,49.1"
    return (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}<Placemark><name>a</name><Polygon><outerBoundaryIs>'
        f"<LinearRing><coordinates>{coordinates}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        "</Document></kml>"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("schema.gml", lambda url: gml(schema=f'xsi:schemaLocation="http://ogr/ {url}/zones.xsd"')),
        ("curl.gml", lambda url: gml(schema=f'xsi:schemaLocation="http://ogr/ /vsicurl/{url}/zones.xsd"')),
        ("wfs.gml", lambda url: gml(
            schema=f'xsi:schemaLocation="http://ogr/ {url}/wfs?SERVICE=WFS&amp;REQUEST=DescribeFeatureType'
            '&amp;TYPENAME=zone"'
        )),
        ("link.gml", lambda url: gml(geometry=f'<gml:Polygon xlink:href="{url}/other.gml#p1"/>')),
        ("link.kml", lambda url: kml(f"<NetworkLink><Link><href>{url}/other.kml</href></Link></NetworkLink>")),
        ("style.kml", lambda url: kml(f"<Style><IconStyle><Icon><href>{url}/a.png</href></Icon></IconStyle></Style>")),
        ("a.geojson", lambda url: f'"/vsicurl/{url}/other.geojson"'),
        ("a.csv", lambda url: f"<OGRVRTDataSource>/vsicurl/{url}/other.csv</OGRVRTDataSource>"),
    ],
)  # fmt: skip
def test_nobody_elsewhere_is_asked(command, tmp_path, elsewhere, name, content):
    address, asked = elsewhere
    (tmp_path / name).write_text(content(address))
    told = command("import_layer", tmp_path / name, layer="a")
    assert bool(told.refusal) != bool(told["zones"])
    assert asked == []


@pytest.mark.parametrize("held", [True, False], ids=["as we set it", "as it comes"])
def test_gdal_as_we_set_it_asks_nobody(elsewhere, held):
    address, asked = elsewhere
    code = f"import pyogrio; pyogrio.read_info('/vsicurl/{address}/a.gpkg')"
    env = {**os.environ, **(apart.GDAL if held else {}), "no_proxy": "127.0.0.1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False)
    assert done.returncode
    assert (asked == []) == held


def test_a_seamless_table_leads_nowhere(command, tmp_path):
    """A MapInfo table may be made of others, wherever they lie."""
    secret = vector(tmp_path / "secret.tab", [box(0, 0, 9, 9)], driver="MapInfo File")
    index = vector(
        tmp_path / "index.tab", [box(0, 0, 9, 9)], driver="MapInfo File", columns={"Table": [str(secret)]},
        dtypes={"Table": object},
    )  # fmt: skip
    index.write_text(index.read_text(encoding="latin-1") + 'begin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata\n')
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in sorted(tmp_path.glob("index.*")):
            archive.write(part, part.name)
    assert "renvoie à d’autres fichiers" in command("import_layer", tmp_path / "a.zip", layer="a").refusal
    assert "renvoie à d’autres fichiers" in command("import_layer", index, layer="a").refusal


def test_a_link_in_an_archive_is_text(command, tmp_path):
    secret = geojson(tmp_path / "secret.geojson", feature(box(0, 0, 9, 9)))
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, str(secret))
    assert "n’est pas d’un format connu" in command("import_layer", tmp_path / "a.zip", layer="a").refusal


def test_an_archive_of_countless_entries_is_refused(command, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(archives.MAX_ENTRIES + 1):
            archive.writestr(f"{number}", b"")
    assert "dépasserait, décompressée" in command("import_layer", tmp_path / "a.zip", layer="a").refusal


def test_a_database_in_use_is_read_and_left_as_it_is(command, tmp_path):
    file = vector(tmp_path / "a.gpkg", [box(0, 0, 9, 9)])
    sqlite3.connect(file).execute("PRAGMA journal_mode=WAL").connection.close()
    before = file.read_bytes()
    assert command("import_layer", file, layer="a")["zones"] == 1
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("a.")] == ["a.gpkg"]
    assert file.read_bytes() == before


@pytest.mark.skipif(not landlock_version(), reason="this kernel has no Landlock")
def test_the_kernel_holds_a_reading_in_its_folder(tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "own").mkdir()
    listening = socket.create_server(("127.0.0.1", 0))
    code = f"""
import signal, socket, django
from pathlib import Path

django.setup()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from layers.reading.confined import confine, landlock_version

confine(readable=[], writable=Path({str(tmp_path / "own")!r}), cpu_s=9, memory_bytes=2**30, file_bytes=1000)
Path({str(tmp_path / "own/a")!r}).write_text("a")
for attempt in (
    lambda: Path({str(tmp_path / "secret")!r}).read_text(),
    lambda: Path({str(tmp_path / "other")!r}).write_text("b"),
    lambda: Path({str(tmp_path / "own/large")!r}).write_bytes(b"0" * 2000),
    lambda: landlock_version() < 4 or socket.create_connection({listening.getsockname()!r}),
):
    try:
        attempt()
        print("done")
    except OSError as error:
        print(type(error).__name__)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=platform.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    listening.close()
    refusals = [
        "PermissionError",
        "PermissionError",
        "OSError",
        "PermissionError" if landlock_version() >= 4 else "done",
    ]
    assert done.stdout.split() == refusals
    assert not (tmp_path / "other").exists()
