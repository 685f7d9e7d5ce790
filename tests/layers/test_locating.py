"""`locate`: the file comes back as it was, with the zone of each row."""

import datetime
import gzip
import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from layers.zonesearch import NONE, ZoneSearch
from tests.town import BORDER, CORNER, FAR_AWAY, FOUNTAIN, GAP, NOW, STALL, X, Y, degrees

ON = NOW.date().isoformat()
HEAD = "id,lon,lat,note\n"


def row(number: int, place: tuple[float, float], note: str = "") -> str:
    lon, lat = degrees(place)
    return f"{number},{lon!r},{lat!r},{note}\n"


@pytest.fixture
def located(town, tmp_path, capsys):
    """The text that `locate` makes of a text, and its report."""

    def run(text: str | bytes, *options: str, layer: str = "squares", name: str = "out.csv") -> tuple[str, dict]:
        source, target = tmp_path / "in.csv", tmp_path / name
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        capsys.readouterr()
        call_command("locate", str(source), "--layer", layer, "--on", ON, "--output", str(target), "--json", *options)
        written = target.read_bytes()
        run.bytes = written  # type: ignore[attr-defined]
        text_back = gzip.decompress(written).decode() if name.endswith(".gz") else written.decode("utf-8", "replace")
        return text_back, json.loads(capsys.readouterr().out)

    return run


def codes(text: str) -> list[str]:
    return [line.split(",")[4] for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("place", "code"),
    [(FOUNTAIN, "WEST"), (STALL, "SOUTH"), (GAP, ""), (FAR_AWAY, ""), ((2500, 100), "ISLAND")],
)
def test_each_place_has_its_zone(located, place, code):
    text, told = located(HEAD + row(1, place))
    assert codes(text) == [code]
    assert (told["rows"], told["located"], told["outside"]) == (1, int(bool(code)), int(not code))


def test_the_row_comes_back_as_it_was_with_code_and_name(located):
    text, _told = located(HEAD + row(7, FOUNTAIN, '"a ""quoted"", cell"'))
    head, only = text.splitlines()
    assert head == "id,lon,lat,note,zone_code,zone_name"
    assert only == row(7, FOUNTAIN, '"a ""quoted"", cell"').strip() + ",WEST,West"


def test_in_an_overlap_the_smaller_zone_is_named(located, town):
    town.publish("market", {"SMALL": (900, 400, 1000, 600), "BIG": (500, 400, 1100, 600)},
                 valid_from=NOW.date())  # fmt: skip
    assert codes(located(HEAD + row(1, (950, 500)) + row(2, (600, 500)), layer="market")[0]) == ["SMALL", "BIG"]


def test_a_border_is_inside_and_has_one_zone(town):
    places = [BORDER, CORNER, (0, 500), (3020, 2000), (3021, 2000), GAP]
    search = ZoneSearch(town.layers["squares"].versions.get())
    found = search.find([float(X + x) for x, _y in places], [float(Y + y) for _x, y in places])
    codes = [None if zone == NONE else search.names[zone][0] for zone in found]
    assert codes == ["NORTH", "NORTH", "WEST", "ISLAND", None, None]  # the smaller, then the older, as in routing


def test_points_are_found_whatever_their_order(town):
    search = ZoneSearch(town.layers["squares"].versions.get())
    places = [(x, y) for x in range(-100, 3200, 97) for y in range(-100, 2200, 97)]
    turned = sorted(places, key=lambda place: (place[0] * 31 + place[1] * 17) % 101)

    def found(asked: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
        return dict(zip(asked, search.find([float(X + x) for x, _y in asked], [float(Y + y) for _x, y in asked]),
                        strict=True))  # fmt: skip

    assert found(turned) == found(places)
    assert len(set(found(places).values())) > 3


def test_the_version_in_force_that_day_decides(located, town):
    town.publish("squares", {"NEW": (0, 0, 3020, 2000)}, valid_from=NOW.date() + datetime.timedelta(days=3))
    assert codes(located(HEAD + row(1, FOUNTAIN))[0]) == ["WEST"]
    later = (NOW.date() + datetime.timedelta(days=3)).isoformat()
    text, told = located(HEAD + row(1, FOUNTAIN), "--on", later)
    assert codes(text) == ["NEW"]
    assert told["version"] == 2


@pytest.mark.parametrize(
    ("lon", "lat", "reason"),
    [
        ("", "49.1", "position"),
        ("x", "49.1", "« x »"),
        ("200", "49.1", "200"),
        ("nan", "1", "nan"),
        ("1_0", "1", "1_0"),
    ],
)
def test_a_row_without_a_position_stays_and_is_counted(located, lon, lat, reason):
    text, told = located(HEAD + f"1,{lon},{lat},kept\n" + row(2, FOUNTAIN))
    assert text.splitlines()[1] == f"1,{lon},{lat},kept,,"
    assert codes(text)[1] == "WEST"
    assert (told["rows"], told["located"], told["unreadable"]) == (2, 1, 1)
    assert told["examples"][0]["line"] == 2
    assert reason in told["examples"][0]["reason"]


def test_a_short_row_is_filled_up_and_a_blank_line_stays(located):
    text, told = located(HEAD + "1,2\n\n" + row(2, FOUNTAIN))
    assert text.splitlines()[1:3] == ["1,2,,,,", ""]
    assert (told["rows"], told["unreadable"], told["located"]) == (2, 1, 1)


def test_exchanged_coordinates_are_noticed(located, capsys):
    lon, lat = degrees(FOUNTAIN)
    text, told = located(HEAD + f"1,{lat},{lon},\n")
    assert codes(text) == [""]
    assert told["swapped"] == 1


def test_encoding_separator_and_line_ends_are_kept(located):
    lon, lat = (str(each).replace(".", ",") for each in degrees(FOUNTAIN))
    source = f"nom;lon;lat\r\nÉté;{lon};{lat}\r\n".encode("cp1252")
    _text, told = located(source)
    assert located.bytes == f"nom;lon;lat;zone_code;zone_name\r\nÉté;{lon};{lat};WEST;West\r\n".encode("cp1252")
    assert told["recognised"] == {"encoding": "cp1252", "separator": ";"}


def test_a_file_without_a_last_line_end_and_with_a_mark_stays_so(located):
    text, _told = located("\ufeff" + HEAD + row(1, FOUNTAIN).strip())
    assert text.startswith("\ufeffid,")
    assert text.endswith(",WEST,West")


def test_gzip_is_read_and_written(located):
    text, _told = located(gzip.compress((HEAD + row(1, FOUNTAIN)).encode()), name="out.csv.gz")
    assert codes(text) == ["WEST"]


def test_more_rows_than_memory_holds_at_once_come_in_their_order(located, monkeypatch):
    monkeypatch.setattr("layers.locating.CHUNK", 3)
    places = [FOUNTAIN, STALL, GAP, (2500, 100)] * 4
    text, told = located(HEAD + "".join(row(number, place) for number, place in enumerate(places)))
    assert codes(text) == ["WEST", "SOUTH", "", "ISLAND"] * 4
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == [str(number) for number in range(16)]
    assert (told["rows"], told["located"], told["outside"]) == (16, 12, 4)


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        (HEAD, ["--layer", "nothing"], "squares"),
        (HEAD, ["--on", "1999-01-01"], "1999-01-01"),
        (HEAD, ["--lon", "x"], "colonne"),
        ("lon,lat,zone_code\n", [], "zone_code"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_no_file(town, tmp_path, text, options, sentence):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        call_command("locate", str(source), "--layer", "squares", "--on", ON, "--output", str(target), *options)
    assert list(tmp_path.iterdir()) == [source]


def test_a_person_reads_what_became_of_the_rows(town, tmp_path, capsys):
    source = tmp_path / "in.csv"
    source.write_text(HEAD + row(1, FOUNTAIN) + row(2, GAP) + "3,x,1,\n")
    call_command("locate", str(source), "--layer", "squares", "--on", ON, "--output", str(tmp_path / "out.csv"))
    told = capsys.readouterr().err
    assert "Ligne 4" in told
    assert "3 lignes" in told


def test_a_pipe_goes_through(town, tmp_path, monkeypatch, capfdbinary):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((HEAD + row(1, FOUNTAIN)).encode())))
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    call_command("locate", "-", "--layer", "squares", "--on", ON, "--output", "-")
    monkeypatch.undo()
    assert codes(out.buffer.getvalue().decode()) == ["WEST"]  # type: ignore[attr-defined]
