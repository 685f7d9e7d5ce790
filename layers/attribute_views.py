"""The table of a version's zones: what their file said of each, with a search, page by page and as a file."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform import cursors, geofiles
from gisplatform.exporting import download
from gisplatform.geo import WGS84
from gisplatform.pages import SignedIn, requires
from layers import attributes, exports, tiles
from layers.forms import AttributeFilter

OFFERED = ("csv", "xlsx", "geojson", "gpkg")


@requires("view_layers")
@never_cache
@require_safe
def zones(request: SignedIn, code: str, number: int) -> HttpResponse | FileResponse:
    """`q` are words of a row, `after` is a cursor; `format` asks for all of these zones as a file."""
    version = tiles.version_of(code, number)
    form = AttributeFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else AttributeFilter.NOTHING
    found = attributes.matching(version, words=asked["q"])
    if asked["format"] in OFFERED:
        return download(exports.zones(found, srid=WGS84), as_=asked["format"], name=f"{code}-{number}-zones")
    names = attributes.columns(version)
    rows, last = attributes.page(found, names, after=asked["after"])
    return render(
        request,
        "layers/attributes.html",
        {
            "version": version,
            "layer": version.layer,
            "columns": names,
            "rows": rows,
            "count": found.count(),
            "following": cursors.write(list(last)) if last else "",
            "words": asked["q"],
            "begun": asked["after"] is None,
            "files": [(each, geofiles.FORMATS[each].label) for each in OFFERED],
        },
    )
