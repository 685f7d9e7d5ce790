"""What comes back from the process that reads is not believed: neither its size, nor its words for a CRS."""

import numpy as np
import pytest
import shapely

from gisplatform.errors import UnreadableFile
from layers import crs as systems
from layers.models import Layer
from layers.reading import parcel
from layers.reading.plainness import harmless, plain_crs
from layers.reading.source import Source
from tests.layers.browsing import bring, plain, send
from tests.layers.files import box, feature, geojson

LAMBERT_ELSEWHERE = (
    'PROJCS["Mine",GEOGCS["GCS",DATUM["D",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["standard_parallel_1",49],'
    'PARAMETER["standard_parallel_2",44],PARAMETER["latitude_of_origin",46.5],PARAMETER["central_meridian",3],'
    'PARAMETER["false_easting",700000],PARAMETER["false_northing",6600000],UNIT["metre",1]{more}]'
)
BOUNDS = np.array([[450_000.0, 6_900_000.0, 451_000.0, 6_901_000.0]])


def source(count=1, **facts):
    shapes = np.array([box(n, 0, n + 1, 1) for n in range(count)], dtype=object)
    usual = {"format": "GeoJSON", "layer": "a", "crs": "EPSG:2154", "attributes": [{"code": "a"}] * count}
    return Source(geometries=shapes, **{**usual, **facts})


# --- Its size -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "most"), [("MOST_VERTICES", 9), ("MOST_TEXT_BYTES", 20), ("MOST_LINES", 1), ("MOST_BYTES", 100)]
)
def test_more_than_a_layer_is_given_is_refused_on_both_sides(tmp_path, monkeypatch, limit, most):
    parcel.send(source(2), tmp_path)
    monkeypatch.setattr(parcel, limit, most)
    with pytest.raises(UnreadableFile, match=r"trop lourde|plus de 1 lignes"):
        parcel.receive(tmp_path)
    with pytest.raises(UnreadableFile, match=r"trop lourde|plus de 1 lignes"):
        parcel.send(source(2), tmp_path)


def test_an_answer_too_large_is_not_even_opened(tmp_path):
    with (tmp_path / parcel.LAYER).open("wb") as answer:
        answer.truncate(parcel.MOST_BYTES + 1)
    with pytest.raises(UnreadableFile, match="trop lourde"):
        parcel.receive(tmp_path)


def test_a_refusal_longer_than_a_sentence_is_none_of_ours(tmp_path):
    (tmp_path / parcel.REFUSAL).write_text('{"message": "' + "a" * parcel.MOST_REFUSAL_BYTES + '"}')
    assert parcel.receive(tmp_path) is None


def test_what_fits_comes_back_as_it_was(tmp_path):
    parcel.send(source(3), tmp_path)
    back = parcel.receive(tmp_path)
    assert shapely.equals_exact(back.geometries, source(3).geometries).all()
    assert back.attributes == [{"code": "a"}] * 3


# --- Its words for a CRS --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "+proj=longlat +nadgrids=/etc/passwd",
        "https://example.org/crs.json",
        "urn:ogc:def:crs:EPSG::2154",
        "/etc/passwd",
        '{"type": "ProjectedCRS"}',
        LAMBERT_ELSEWHERE.format(more=',EXTENSION["PROJ4","+proj=lcc +nadgrids=/tmp/grid"]'),
        'GEOGCRS["a",METHOD["PROJ-based operation method: +proj=hgridshift +grids=@a"]]',
        'BOUNDCRS[SOURCECRS[a],TARGETCRS[b],ABRIDGEDTRANSFORMATION["NTv2",PARAMETERFILE["grid","/tmp/grid.gsb"]]]',
        "GEOGCRS[" * 40 + "]" * 40,
        "EPSG:2154\n+proj=longlat",
    ],
)
def test_what_may_lead_elsewhere_never_reaches_proj(text, monkeypatch):
    assert not harmless(text)
    monkeypatch.setattr(systems.CRS, "from_user_input", lambda _text: pytest.fail("PROJ was asked"))
    assert systems.named(text) == ""
    with pytest.raises(systems.OwnerMustSay):
        systems.file_crs(None, wanted=text, bounds=np.full((1, 4), np.nan))


def test_a_system_of_its_own_is_taken_where_it_leads_nowhere():
    assert plain_crs("EPSG:2154") == "EPSG:2154"
    written = plain_crs(LAMBERT_ELSEWHERE.format(more="").replace("700000", "700001"))
    assert harmless(written)
    facts, _notes = systems.file_crs(written, bounds=BOUNDS)
    assert (facts.label, facts.srid) == ("Mine", 0)


def test_a_file_that_names_a_grid_of_ours_is_asked_for_its_crs(analyst, tmp_path):
    grid = "+proj=lcc +lat_1=49 +lat_2=44 +lat_0=46.5 +lon_0=3 +nadgrids=/etc/passwd +units=m +type=crs"
    assert plain_crs(grid) == grid[:80]
    file = geojson(tmp_path / "a.geojson", feature(box(0, 0, 900, 900), code="a"), crs=grid)
    question = analyst.get(bring(analyst, file).url).context["question"]
    assert question["wish"] == "crs"
    assert "EPSG:2154" in [each["value"] for each in question["choices"]]


# --- Where it comes from --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_source_producer_and_licence_are_said_at_the_import(analyst, sectors, command):
    send(analyst, sectors, source="PLU 2026", producer="Urbanisme", licence="Licence Ouverte")
    layer = Layer.objects.get(code="secteurs-de-collecte")
    assert (layer.source, layer.producer, layer.licence) == ("PLU 2026", "Urbanisme", "Licence Ouverte")
    page = plain(analyst.get("/couches/importer/", {"layer": layer.code}))
    assert all(f'placeholder="{said}"' in page for said in ("PLU 2026", "Urbanisme", "Licence Ouverte"))
    send(analyst, sectors, layer=layer.code, producer="Voirie")
    command("import_layer", sectors, layer=layer.code, licence="ODbL")
    layer.refresh_from_db()
    assert (layer.source, layer.producer, layer.licence) == ("PLU 2026", "Voirie", "ODbL")
    command("import_layer", sectors, layer=layer.code, producer="SIG")
    layer.refresh_from_db()
    assert layer.producer == "SIG"
