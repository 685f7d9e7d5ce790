"""The page a requester follows their request on; its address is a secret they were sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform.pages import public
from interventions.informing import tracking, words
from interventions.requests.detail import around


@public
@require_safe
@never_cache
def track(request: HttpRequest, token: str) -> HttpResponse:
    tracked = tracking.find(token, now=timezone.now())
    if tracked is None:
        response = render(request, "tracking/unknown.html", status=404)
    else:
        context = {
            "tracked": tracked,
            "contact": words.reached(tracked.told.department),
            "bounds": around(tracked.request, within_m=250),
        }
        response = render(request, "tracking/page.html", context)
    # Neither search engines nor the sites a visitor goes to next may learn the token.
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
