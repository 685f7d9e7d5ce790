"""The requests of a list as a file (`/demandes/exporter/`), under the same filters as the list."""

from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gisplatform.exporting import ExportForm, download
from gisplatform.pages import SignedIn, requires
from interventions.exchanging import exports, jobs
from interventions.exchanging.models import Export
from interventions.requests import paging
from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest

# What the form adds to the address of the list.
OWN = ("as", "crs", "personal")
AT_ONCE = 5_000  # requests in a file that is answered while somebody waits


class RequestsExportForm(ExportForm):
    personal = forms.BooleanField(
        label=_("With who asked"), required=False, help_text=_("Name, e-mail, telephone: keep such a file safe.")
    )


@requires("view_requests")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def export(request: SignedIn) -> HttpResponse | FileResponse:
    """The form; with `as` in the address, the file. Who asked is told only to those who may see it, when they ask.

    More than AT_ONCE requests are ordered by POST, and made by the worker.
    """
    visible = ServiceRequest.objects.visible_to(request.user)
    asked = RequestFilter(request.GET, queryset=visible, request=request)
    sent = request.POST if request.method == "POST" else request.GET
    form = RequestsExportForm(sent if "as" in sent else None)
    if not request.user.may("see_requester"):
        del form.fields["personal"]
    wanted = asked.qs if asked.form.is_valid() else visible.none()
    count = paging.count(wanted)
    large = count.number > AT_ONCE
    if form.is_bound and form.is_valid() and not asked.form.errors and (not large or request.method == "POST"):
        found = form.cleaned_data
        if large:
            return _ordered(request, found, count.number if count.end else wanted.count())
        content = exports.frame(wanted, srid=found["crs"], personal=bool(found.get("personal")))
        name = f"demandes-{timezone.localdate().isoformat()}"
        return download(content, as_=found["as"], name=name, short=exports.SHORT)
    return render(
        request,
        "requests/export.html",
        {
            "form": form,
            "count": count,
            "large": large,
            "address": request.get_full_path(),
            "errors": asked.form.errors,
            "kept": [(name, value) for name, values in request.GET.lists() if name not in OWN for value in values],
        },
        status=400 if form.errors or asked.form.errors else 200,
    )


@requires("view_requests")
@require_safe
@never_cache
def ordered(request: SignedIn, export_id: int) -> HttpResponse:
    """How far a large export is, to who asked for it; `?format=json` for the page that waits."""
    found = get_object_or_404(Export, pk=export_id, requested_by=request.user)
    if request.GET.get("format") == "json":
        return JsonResponse({"state": found.state, "done": found.done, "total": found.total})
    return render(request, "requests/ordered.html", {"export": found, "states": Export.State})


@requires("view_requests")
@require_safe
@never_cache
def fetch(request: SignedIn, export_id: int) -> FileResponse:
    found = get_object_or_404(Export, pk=export_id, requested_by=request.user, state=Export.State.READY)
    path = jobs.path_of(found)
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def _ordered(request: SignedIn, found: dict[str, Any], count: int) -> HttpResponse:
    export = jobs.order(
        by=request.user,
        now=timezone.now(),
        query=request.GET.urlencode(),
        format=found["as"],
        srid=found["crs"],
        personal=bool(found.get("personal")),
        total=count,
    )
    return redirect("requests-export-ordered", export.pk)
