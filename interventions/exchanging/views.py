"""The requests of a list as a file (`/demandes/exporter/`), under the same filters as the list."""

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform.exporting import ExportForm, download
from gisplatform.pages import SignedIn, requires
from interventions.exchanging import exports
from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest

# What the form adds to the address of the list.
OWN = ("as", "crs", "personal")


class RequestsExportForm(ExportForm):
    personal = forms.BooleanField(
        label=_("With who asked"), required=False, help_text=_("Name, e-mail, telephone: keep such a file safe.")
    )


@requires("view_requests")
@require_safe
@never_cache
def export(request: SignedIn) -> HttpResponse | FileResponse:
    """The form; with `as` in the address, the file. Who asked is told only to those who may see it, when they ask."""
    visible = ServiceRequest.objects.visible_to(request.user)
    asked = RequestFilter(request.GET, queryset=visible, request=request)
    form = RequestsExportForm(request.GET if "as" in request.GET else None)
    if not request.user.may("see_requester"):
        del form.fields["personal"]
    wanted = asked.qs if asked.form.is_valid() else visible.none()
    if form.is_bound and form.is_valid() and not asked.form.errors:
        found = form.cleaned_data
        content = exports.frame(wanted, srid=found["crs"], personal=bool(found.get("personal")))
        name = f"demandes-{timezone.localdate().isoformat()}"
        return download(content, as_=found["as"], name=name, short=exports.SHORT)
    return render(
        request,
        "requests/export.html",
        {
            "form": form,
            "count": wanted.count(),
            "errors": asked.form.errors,
            "kept": [(name, value) for name, values in request.GET.lists() if name not in OWN for value in values],
        },
        status=400 if form.errors or asked.form.errors else 200,
    )
