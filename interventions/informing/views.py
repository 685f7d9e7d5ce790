"""The page a requester follows their request on; its address is a secret they were sent."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gisplatform.errors import PlatformError
from gisplatform.live.opening import begin
from gisplatform.pages import public
from gisplatform.views import no_news
from interventions.informing import forms, guessing, saying, tracking, words
from interventions.informing.tracking import Tracked
from interventions.requests.detail import around
from interventions.requests.detail_views import picture
from interventions.requests.models import Satisfaction

# What is sent: its form, and where the page answers.
FORMS = {"precision": forms.PrecisionForm, "reopen": forms.NotRepairedForm}


# Whoever holds the address may write here; nothing a browser brings along by itself (a cookie, a session) opens it, so
# there is nothing another site could make it do. No token of a form, no cookie.
@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    begin(request)
    tracked = None if _is_refused(request, token) else tracking.find(token, now=now)
    if tracked is None:
        return secret(_unknown(request))
    if request.method != "POST":
        return secret(_page(request, tracked))
    return secret(_said(request, tracked))


@public
@require_safe
def photo(request: HttpRequest, token: str, photo_id: int) -> HttpResponseBase:
    """A photo of the page, or a small picture of it with `?size=small`; asked for again, it is looked up again."""
    found = None if _is_refused(request, token) else tracking.request_of(token)
    if found is None:
        return secret(_unknown(request))
    shown = tracking.photos_for(found, found.duplicate_of or found).filter(pk=photo_id).first()
    if shown is None:
        return secret(_not_here(request))
    small = request.GET.get("size") == "small"
    etag = f'"{shown.digest[:32]}{"-small" if small else ""}"'
    unchanged = get_conditional_response(request, etag=etag)
    answer = unchanged or picture(shown, small=small)
    answer.headers["ETag"] = etag
    # Taken back, it must be gone: a browser asks each time.
    del answer.headers["Cache-Control"]
    patch_cache_control(answer, private=True, no_cache=True)
    return secret(answer)


@public
@require_safe
def follow(_request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001
    """News of this page are answered by `gisplatform.asgi`, before any page is looked for."""
    return secret(no_news())


def secret(response: Any) -> Any:
    """Neither search engines nor the sites a visitor goes to next may learn the address."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _is_refused(request: HttpRequest, token: str) -> bool:
    """Who is told to wait is not looked up for longer than it takes to see that the token is wrong."""
    return guessing.wait_s(request, now=timezone.now()) > 0 and not tracking.is_known(token)


def _unknown(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    wait_s = guessing.wait_s(request, now=now) or guessing.wrong(request, now=now)
    if not wait_s:
        return _not_here(request)
    page = guessing.refusal(get_language() or settings.LANGUAGE_CODE)
    response = HttpResponse(page, status=429, headers={"Retry-After": str(wait_s)})
    add_never_cache_headers(response)
    return response


def _not_here(request: HttpRequest) -> HttpResponse:
    response = render(request, "tracking/unknown.html", status=404)
    add_never_cache_headers(response)
    return response


def _said(request: HttpRequest, tracked: Tracked) -> HttpResponse:
    what = request.POST.get("say", "")
    now = tracked.now
    if what == "satisfaction":
        rated = forms.SatisfactionForm(request.POST)
        if not (tracked.is_mended and rated.is_valid()):
            return _page(request, tracked, status=422)
        saying.rate(request_id=tracked.request.pk, now=now, **rated.cleaned_data)
        return _back(request, "satisfaction")
    if what not in FORMS:
        return _page(request, tracked, status=400)
    form = FORMS[what](request.POST, request.FILES, tracked=tracked)
    if form.is_valid():
        said = form.cleaned_data
        facts = {"tracked": tracked, "text": said["text"], "pictures": said["photos"], "key": said["key"], "now": now}
        try:
            (saying.add if what == "precision" else saying.not_repaired)(**facts)
        except PlatformError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(request, what)
    if tracked.may_add if what == "precision" else tracked.may_reopen:
        return _page(request, tracked, status=422, **{what: form})
    if not tracked.may_add:
        return _page(request, tracked, status=422, unsent=form)
    # Somebody has reopened it while they typed: the same words are a precision now.
    again = forms.PrecisionForm(request.POST, request.FILES)
    again.add_error(None, _("Your request is open again already: send this as a precision."))
    return _page(request, tracked, status=422, precision=again)


def _back(request: HttpRequest, done: str) -> HttpResponse:
    # Not to a place on it: on a slow network a browser goes there late, and takes the focus from who types already.
    return redirect(f"{request.path}?dit={done}")


def _page(request: HttpRequest, tracked: Tracked, *, status: int = 200, **sent: Any) -> HttpResponse:
    context = {
        "tracked": tracked,
        "contact": words.reached(tracked.told.department),
        "bounds": around(tracked.request, within_m=250),
        "done": request.GET.get("dit", "") if request.method != "POST" else "",
        "precision": sent.get("precision") or forms.PrecisionForm(),
        "reopen": sent.get("reopen") or forms.NotRepairedForm(),
        "unsent": sent.get("unsent"),
        "limits": {"words": saying.WORDS_MAX, "photos": saying.PHOTOS_AT_ONCE, "comment": saying.COMMENT_MAX},
        "marks": Satisfaction.Mark.choices,
        "reopen_days": settings.REOPEN_DAYS,
    }
    return render(request, "tracking/page.html", context, status=status)
