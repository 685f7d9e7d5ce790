"""The pages of the telephone: its shell, what it asks for while it is used, and what makes it installable."""

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from gisplatform import geo
from gisplatform.errors import InvalidGeometry
from gisplatform.pages import SignedIn, requires
from interventions.requests import photos
from interventions.requests.field import queries, shell
from interventions.requests.models import ServiceRequest

# Drawn from app.svg, which not every telephone can put among its applications.
ICONS_PX = (192, 512)


@requires("capture_in_field")
@require_safe
@never_cache
def field(request: SignedIn) -> HttpResponse:
    """The whole application in one page: what needs the server comes by the addresses below."""
    return render(
        request,
        "field/page.html",
        {
            "families": queries.families(timezone.localdate()),
            "photos_at_most": photos.PER_REQUEST,
            "photo_pixels_at_most": photos.MAX_PIXELS,
            "natures": ServiceRequest.Nature.choices,
        },
    )


@requires("capture_in_field")
@require_GET
@never_cache
def usual(request: SignedIn) -> JsonResponse:
    """Categories this person used last, and those most asked for around `lon`, `lat`."""
    try:
        here = geo.point(float(request.GET["lon"]), float(request.GET["lat"]))
    except (KeyError, ValueError, InvalidGeometry):
        here = None
    now = timezone.now()
    frequent = queries.frequent_here(here, user=request.user, now=now) if here else []
    return JsonResponse({"recent": queries.recent(request.user, now=now), "frequent": frequent})


@requires("capture_in_field")
@require_GET
@never_cache
def captures(request: SignedIn) -> HttpResponse:
    """What this person captured lately, as rows for the page."""
    return render(request, "field/sent.html", {"rows": queries.captures(request.user)})


@requires("capture_in_field")
@require_GET
@never_cache
def ticket(request: SignedIn) -> JsonResponse:
    """A fresh token for forms, and whose it is: the shell may be older than the session."""
    return JsonResponse({"token": get_token(request), "user": request.user.pk})


@requires("capture_in_field")
@require_GET
def manifest(_request: SignedIn) -> JsonResponse:
    """Web Application Manifest (W3C)."""
    return JsonResponse(
        {
            "id": reverse("field"),
            "name": _("gisplatform – field"),
            "short_name": _("Field"),
            "start_url": reverse("field"),
            "scope": reverse("field"),
            "display": "standalone",
            "orientation": "portrait",
            "lang": "fr",
            "background_color": "#f3f6f7",
            "theme_color": "#0b5568",
            "icons": [
                _icon("app.svg", "image/svg+xml", "any"),
                *(_icon(f"app-{n}.png", "image/png", f"{n}x{n}") for n in ICONS_PX),
            ],
        },
        content_type="application/manifest+json",
    )


def _icon(name: str, media_type: str, sizes: str) -> dict[str, str]:
    return {"src": static(f"gisplatform/{name}"), "type": media_type, "sizes": sizes, "purpose": "any maskable"}


@requires("capture_in_field")
@require_GET
@never_cache
def worker(_request: SignedIn) -> HttpResponse:
    """The service worker: it must be served from under the address it looks after."""
    return HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8")
