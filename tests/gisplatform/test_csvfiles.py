"""CSV files in any clothes: what is recognised, what is refused in words, and which line is told."""

import gzip

import pytest

from gisplatform.csvfiles import MissingColumn, number, open_csv
from gisplatform.errors import UnreadableFile

PLAIN = "nom;lon;lat\nÉpron;-0,37;49,22\n"


@pytest.fixture
def written(tmp_path):
    def write(content, encoding="utf-8", name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.mark.parametrize(
    ("encoding", "recognised"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encodings_are_recognised(written, encoding, recognised):
    file = open_csv(written(PLAIN, encoding))
    assert (file.encoding, file.separator, file.columns) == (recognised, ";", ["nom", "lon", "lat"])
    assert list(file) == [(2, ["Épron", "-0,37", "49,22"])]


def test_an_accent_far_down_decides_the_encoding(written):
    rows = "a,b\n" + "x,y\n" * 600_000
    file = open_csv(written(rows.encode() + "é,1\n".encode("cp1252")))
    assert file.encoding == "cp1252"
    assert max(file) == (600_002, ["é", "1"])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_recognised(written, separator):
    rows = [["nom", "note"], ['"a, b; c"', "1"], ["d", "2"]]
    file = open_csv(written("".join(separator.join(row) + "\r\n" for row in rows)))
    assert file.separator == separator
    assert [cells for _line, cells in file] == [["a, b; c", "1"], ["d", "2"]]


def test_a_single_column_needs_no_separator(written):
    assert [cells for _line, cells in open_csv(written("nom\nÉpron\n"))] == [["Épron"]]


def test_the_separator_may_be_said_by_the_file(written):
    file = open_csv(written("sep=|\nnom|a;b\nÉpron|2\n"))
    assert (file.separator, file.columns, list(file)) == ("|", ["nom", "a;b"], [(3, ["Épron", "2"])])


def test_a_gzip_is_known_by_its_bytes(written):
    file = open_csv(written(gzip.compress(PLAIN.encode()), name="table.csv"))
    assert [cells for _line, cells in file] == [["Épron", "-0,37", "49,22"]]


def test_lines_are_those_of_the_file(written):
    file = open_csv(written('a,b\n"1\n1",2\n\n3,4\n'))
    assert list(file) == [(2, ["1\n1", "2"]), (5, ["3", "4"])]
    assert [raw for _line, raw, _cells in file.records()] == ['"1\n1",2\n', "\n", "3,4\n"]


def test_a_file_may_be_read_again_and_tells_how_far(written):
    file = open_csv(written(PLAIN))
    assert list(file) == list(file)
    assert file.share_read == 1
    next(iter(file))
    assert 0 < file.share_read <= 1


def test_a_row_too_short_is_told(written):
    file = open_csv(written("a,b\n1,2\n3\n"))
    assert [file.uneven(cells) for _line, cells in file] == [
        "",
        "1 cellules au lieu des 2 colonnes de la première ligne.",
    ]


def test_a_column_that_is_not_there_names_those_that_are(written):
    file = open_csv(written(PLAIN))
    assert (file.column("lat"), file.column("LAT")) == (2, 2)
    with pytest.raises(MissingColumn, match=r"colonne « longitude ».*nom, lon, lat"):
        file.column("longitude")


def test_bytes_that_are_no_text_are_refused_with_their_line(written):
    path = written("nom,note\nÉpron,été\n".encode() + b"Caen,\xff\n")
    with pytest.raises(UnreadableFile, match=r"La ligne 3.*utf-8"):
        open_csv(path)
    assert list(open_csv(path, faithful=True))[-1] == (3, ["Caen", "\udcff"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\n\n", "vide"),
        (b"PK\x03\x04\x00\x00\x00\x00\x80", "pas du texte"),
        (gzip.compress(PLAIN.encode() * 9000)[:-40], "abîmé"),
    ],
)
def test_what_is_no_table_is_refused_in_words(written, content, said):
    with pytest.raises(UnreadableFile, match=said):
        list(open_csv(written(content)))


def test_a_quotation_mark_never_closed_is_told_with_its_line(written):
    with pytest.raises(UnreadableFile, match="Ligne 3 : un guillemet"):
        list(open_csv(written('a,b\n1,2\n"3,4\n' + "5,6\n" * 400_000)))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UnreadableFile, match="ne peut pas être ouvert"):
        open_csv(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "value"),
    [("2,35", 2.35), (" -0.37 ", -0.37), ("1e-3", 0.001), ("", None), ("nan", None), ("1_0", None), ("1,2,3", None)],
)
def test_numbers_are_read_as_written_here_or_elsewhere(text, value):
    assert number(text) == value
