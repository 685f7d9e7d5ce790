"""The passes over open requests: all of them, and how far one is."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform.pages import SignedIn, requires
from interventions.rerouting.models import Rerouting
from interventions.rerouting.queries import told

SHOWN = 50  # of the list, the latest first


@requires("view_layers")
@never_cache
@require_safe
def index(request: SignedIn) -> HttpResponse:
    latest = Rerouting.objects.select_related("version__layer", "ordered_by").order_by("-pk")[:SHOWN]
    return render(request, "rerouting/list.html", {"passes": told(latest, on=timezone.localdate())})


@requires("view_layers")
@never_cache
@require_safe
def one(request: SignedIn, rerouting_id: int) -> HttpResponse:
    """Its page; `?format=json` for the page that waits."""
    found = get_object_or_404(Rerouting.objects.select_related("version__layer", "ordered_by"), pk=rerouting_id)
    (each,) = told([found], on=timezone.localdate())
    if request.GET.get("format") == "json":
        return JsonResponse({"state": each.standing, "done": found.looked_at, "total": found.total})
    return render(request, "rerouting/page.html", {"each": each})
