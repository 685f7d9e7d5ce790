"""A file of zones brought by a person (`/couches/importer/`): kept here, then looked at on a page of its own."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gisplatform.errors import UnreadableFile
from gisplatform.pages import SignedIn, requires
from layers import uploads
from layers.import_forms import ImportForm


@requires("manage_layers")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_layer(request: SignedIn) -> HttpResponse:
    """The form; when it is sent, what the file would become. A file once received is not asked again."""
    if request.method != "POST":
        return _page(request, ImportForm(initial={"layer": request.GET.get("layer", "")}), None)
    now = timezone.now()
    form = ImportForm(request.POST, request.FILES)
    kept = None
    try:
        files = request.FILES.getlist("upload")
        kept = uploads.keep(files, by=request.user, now=now) if files else _waiting(request)
        if kept is None:
            again = _("The file is no longer there: choose it again.") if request.POST.get("kept") else ""
            form.add_error("upload", again or _("Choose the file to import."))
        elif form.is_valid():
            uploads.look(kept, asked=form.typed(), wishes=form.wishes(), on=timezone.localdate(now))
    except UnreadableFile as error:
        form.add_error("upload", str(error))
        kept = None
    if kept is None or not form.is_valid():
        return _page(request, form, kept, status=422)
    return HttpResponseRedirect(reverse("layer-import-preview", args=[kept.token]))


def _waiting(request: SignedIn) -> uploads.Kept | None:
    return uploads.find(request.POST.get("kept", ""), by=request.user, now=timezone.now())


def _page(request: SignedIn, form: ImportForm, kept: uploads.Kept | None, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "kept": kept, "max_mb": settings.LAYER_MAX_BYTES // 1024 // 1024}
    return render(request, "layers/import.html", context, status=status)
