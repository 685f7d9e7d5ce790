"""The interventions of a list as a file (`/interventions/exporter/`)."""

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform.exporting import ExportForm, download
from gisplatform.pages import SignedIn, requires
from interventions.exchanging import work
from interventions.requests import paging
from interventions.work.lifecycle import State
from interventions.work.models import Intervention


class WorkExportForm(ExportForm):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *State.choices])


@requires("work_request")
@require_safe
@never_cache
def export(request: SignedIn) -> HttpResponse | FileResponse:
    """The form; with `as` in the address, the file: what this person may see, nothing of who asked."""
    form = WorkExportForm(request.GET if "as" in request.GET else None)
    visible = Intervention.objects.visible_to(request.user)
    if form.is_bound and form.is_valid():
        found = form.cleaned_data
        wanted = visible.filter(state=found["state"]) if found["state"] else visible
        name = f"interventions-{timezone.localdate().isoformat()}"
        return download(work.frame(wanted, srid=found["crs"]), as_=found["as"], name=name, short=work.SHORT)
    context = {"form": form, "count": paging.count(visible)}
    return render(request, "contractor/export.html", context, status=400 if form.errors else 200)
