"""A file of zones brought by a person (`/couches/importer/`)."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gisplatform.errors import PlatformError, UnreadableFile
from gisplatform.pages import SignedIn, requires
from layers import uploads
from layers.import_forms import ImportForm
from layers.importing import LayerRefused
from layers.reading import OwnerMustSay

# What a CRS is called by those who have files in it.
KNOWN_CRS = {
    "EPSG:2154": "Lambert-93",
    "EPSG:3949": "RGF93 CC49",
    "EPSG:4326": "WGS 84",
    "EPSG:27572": "NTF Lambert II étendu",
    "EPSG:3857": "Web Mercator",
}


@requires("manage_layers")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_layer(request: SignedIn) -> HttpResponse:
    """The form; when it is sent, a new version, looked at on its own page. A file once received is not asked again."""
    if request.method != "POST":
        return _page(request, ImportForm(initial={"layer": request.GET.get("layer", "")}), None)
    now = timezone.now()
    form = ImportForm(request.POST, request.FILES)
    try:
        kept = _received(request, now=now)
    except UnreadableFile as error:
        form.add_error("upload", str(error))
        return _page(request, form, None, status=422)
    if kept is None:
        again = _("The file is no longer there: choose it again.") if request.POST.get("kept") else ""
        form.add_error("upload", again or _("Choose the file to import."))
    if kept is None or not form.is_valid():
        return _page(request, form, kept, status=422)
    try:
        version = uploads.take(
            kept,
            target=form.target(),
            wishes=form.wishes(),
            by=request.user,
            now=now,
            valid_from=form.cleaned_data["valid_from"],
        )
    except PlatformError as error:
        _tell(form, error)
        return _page(request, form, kept, status=422)
    messages.success(
        request, _("Version %(number)s is here. Read its report, then publish it.") % {"number": version.number}
    )
    return HttpResponseRedirect(reverse("layer-version", args=[version.layer.code, version.number]))


def _received(request: SignedIn, *, now: datetime.datetime) -> uploads.Kept | None:
    """The files just sent, else those that wait under the form's token."""
    files = request.FILES.getlist("upload")
    if files:
        return uploads.keep(files, by=request.user, now=now)
    return uploads.find(request.POST.get("kept", ""), by=request.user, now=now)


def _tell(form: ImportForm, error: PlatformError) -> None:
    """The sentence at the field it is about."""
    match error:
        case OwnerMustSay():
            form.add_error(error.wish, str(error))
            form.offer(error.wish, error.choices)
        case LayerRefused():
            form.add_error("layer" if form.cleaned_data["layer"] else "code", str(error))
        case _:
            form.add_error("upload", str(error))


def _page(request: SignedIn, form: ImportForm, kept: uploads.Kept | None, *, status: int = 200) -> HttpResponse:
    return render(
        request,
        "layers/import.html",
        {
            "form": form,
            "kept": kept,
            "known_crs": KNOWN_CRS,
            "max_mb": settings.LAYER_MAX_BYTES // 1024 // 1024,
        },
        status=status,
    )
