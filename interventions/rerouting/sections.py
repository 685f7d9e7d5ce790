"""What this room shows on the page of a layer's version: what publishing will look at, and what it has moved."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from interventions.requests import paging
from interventions.rerouting.queries import looked_at, told
from layers.beside import Spot, on_version_page
from layers.models import LayerVersion
from layers.queries import UNPUBLISHED


@on_version_page(Spot.PUBLISHING)
def before_publishing(request: HttpRequest, version: LayerVersion) -> str:
    if version.status not in UNPUBLISHED:
        return ""
    return render_to_string("rerouting/before.html", {"count": paging.count(looked_at())}, request)


@on_version_page(Spot.HEAD)
def passes_of(request: HttpRequest, version: LayerVersion) -> str:
    if version.status in UNPUBLISHED:
        return ""
    passes = version.reroutings.select_related("ordered_by", "version__layer").order_by("-pk")
    context = {"passes": told(passes, on=timezone.localdate())}
    return render_to_string("rerouting/section.html", context, request) if context["passes"] else ""
