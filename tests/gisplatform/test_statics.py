"""The static files as production serves them: gathered, hashed, compressed."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template import Context, Template
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from gisplatform import statics


def immutable(url: str) -> bool:
    """The middleware's own word: a setting it reads otherwise than we mean would not show in ours."""
    return WhiteNoiseMiddleware(lambda _request: None).immutable_file_test("", url)


@pytest.fixture
def gathered(settings, tmp_path) -> Path:
    """The folder that collectstatic fills with the storage of production; other projects' big ones left out."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "gisplatform.statics.HashedExceptVendor"}}
    others = ["*-dev.mjs", "*-dev.mjs.map", "admin", "drf_spectacular_sidecar"]
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=others)
    return tmp_path


def test_what_collectstatic_gathers_is_complete(gathered):
    """One test, since gathering takes seconds."""
    here = gathered.resolve()

    def file(url: str) -> Path:
        return here / url.removeprefix("/static/")

    names = statics.import_map()
    assert {
        "#gisplatform/api",
        "#gisplatform/combobox",
        "#gisplatform/time",
        "idiomorph",
        "maplibre-gl",
    } <= names.keys()
    for name, url in names.items():
        assert file(url).is_file(), name
        assert immutable(url), f"{name} may change under the same address: {url}"

    assert names["maplibre-gl"] == "/static/vendor/maplibre-gl-6.17.0/maplibre-gl.mjs"
    for imported in re.findall(r"""from\s*["']\./([\w.-]+)["']""", file(names["maplibre-gl"]).read_text()):
        assert (file(names["maplibre-gl"]).parent / imported).is_file(), imported

    base = file(staticfiles_storage.url("gisplatform/css/base.css"))
    fonts = re.findall(r'url\("([^"]+)"\)', base.read_text())
    assert len(fonts) == 2
    for font in fonts:
        assert (base.parent / font).resolve().is_file(), font

    assert file(staticfiles_storage.url("gisplatform/icons.svg")).is_file()
    assert Path(f"{file(names['#gisplatform/api'])}.br").is_file(), "not compressed"


def test_our_modules_import_by_house_name_only(settings):
    """Hashing renames files, so a relative import would miss its target."""
    for file in settings.BASE_DIR.glob("*/static/*/js/**/*.js"):
        text = file.read_text(encoding="utf-8")
        imported = re.findall(r'^(?:import|export|\} from)\b[^;"]*"([^"]+)";', text, re.MULTILINE)
        assert set(imported) <= statics.import_map().keys(), file


def test_the_import_map_carries_the_nonce_of_the_page():
    request = RequestFactory().get("/")
    request.csp_nonce = "n0nce"  # type: ignore[attr-defined]
    html = Template("{% import_map %}").render(Context({"request": request}))
    found = re.fullmatch(r'<script type="importmap" nonce="n0nce">(.*)</script>', html)
    assert found
    assert json.loads(found[1])["imports"] == statics.import_map()


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/static/vendor/inter-5.3.0/inter-latin-wght-normal.woff2", True),
        ("/static/gisplatform/js/api.0123456789ab.js", True),
        ("/static/gisplatform/js/api.js", False),
        ("/static/staticfiles.json", False),
    ],
)
def test_browsers_keep_for_ever_what_never_changes_under_its_name(url, kept):
    assert immutable(url) is kept


def test_a_vendor_without_a_folder_is_an_error():
    with pytest.raises(LookupError):
        statics.vendor("jquery", "leaflet.js")
