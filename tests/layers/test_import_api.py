"""A file of zones brought by a program."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from layers.models import Layer, LayerVersion
from tests.layers.files import box, feature, geojson, vector, zipped
from tests.machine import Machine, plain

pytestmark = pytest.mark.usefixtures("still_clock")
TO = "layers/secteurs/versions"


@pytest.fixture
def analyst(town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return Machine(town.person("analyst"))


def sent(*paths, **fields):
    return {"file": [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths], **fields}


def test_a_file_becomes_a_draft_and_its_report(analyst, tmp_path, sectors):
    answer = analyst.post_form(sent(sectors, name="Secteurs", source="Service déchets"), to=TO)
    assert answer.status_code == 201
    told = answer.json()
    assert {name: told[name] for name in ("layer", "version", "zones", "refused", "repaired", "crs", "code_field")} == {
        "layer": "secteurs", "version": 1, "zones": 2, "refused": [], "repaired": [], "crs": "EPSG:2154",
        "code_field": "code",
    }  # fmt: skip
    assert answer["Location"].endswith("/couches/secteurs/versions/1/")
    layer = Layer.objects.get(code="secteurs")
    assert (layer.name, layer.source, layer.versions.in_force(timezone.localdate()).count()) == (
        "Secteurs", "Service déchets", 0,
    )  # fmt: skip
    assert list((tmp_path / "media/imports").iterdir()) == []


def test_a_call_sent_again_makes_no_second_version(analyst, sectors):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = analyst.post_form(sent(sectors), to=TO, **key)
    again = analyst.post_form(sent(sectors), to=TO, **key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert LayerVersion.objects.filter(layer__code="secteurs").count() == 1
    assert analyst.post_form(sent(sectors), to=TO).json()["version"] == 2


def test_somebody_elses_key_is_refused(analyst, town, sectors):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    analyst.post_form(sent(sectors), to=TO, **key)
    other = Machine(town.person("analyst", username="other"))
    assert other.post_form(sent(sectors), to=TO, **key).status_code == 409


def test_what_the_file_leaves_open_is_asked(analyst, tmp_path):
    file = zipped(tmp_path / "a.zip", vector(tmp_path / "a.shp", [box(0, 0, 9, 9)], None), without=(".prj",))
    refused = analyst.post_form(sent(file), to=TO)
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert "ne dit pas dans quel système" in plain(refused.json()["title"])
    assert refused.json()["errors"] == {"crs": ["EPSG:2154"]}
    assert list((tmp_path / "media/imports").iterdir()) == []
    assert analyst.post_form(sent(file, crs="EPSG:2154"), to=TO).json()["zones"] == 1


def test_the_parts_of_a_shapefile_come_together(analyst, tmp_path):
    vector(tmp_path / "z.shp", [box(0, 0, 9, 9)])
    parts = [tmp_path / f"z.{suffix}" for suffix in ("shp", "dbf", "shx", "prj")]
    assert analyst.post_form(sent(*parts), to=TO).json()["zones"] == 1


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"valid_from": "31/02/2026"}, 400, "valid_from"),
        ({"schematic": "perhaps"}, 400, "schematic"),
        ({"code_field": "insee"}, 422, "code_field"),
    ],
)
def test_a_wrong_field_is_named(analyst, sectors, fields, status, field):
    refused = analyst.post_form(sent(sectors, **fields), to=TO)
    assert (refused.status_code, list(refused.json()["errors"])) == (status, [field])


def test_without_a_file_or_without_the_right_nothing_is_made(analyst, town, tmp_path, sectors):
    assert list(analyst.post_form({"name": "x"}, to=TO).json()["errors"]) == ["file"]
    assert Machine(town.person("agent")).post_form(sent(sectors), to=TO).status_code == 403
    point = geojson(tmp_path / "p.geojson", feature({"type": "Point", "coordinates": [0, 49]}), crs=None)
    assert analyst.post_form(sent(point), to=TO).status_code == 422
    assert analyst.post_form(sent(sectors), to="layers/requests/versions").status_code == 422
    assert not Layer.objects.filter(code="secteurs").exists()
