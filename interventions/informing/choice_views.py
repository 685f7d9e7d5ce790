"""The page where a requester says how to be told, or not to be; the address stands in their messages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gisplatform.pages import public
from interventions.informing import choices
from interventions.informing.views import secret
from interventions.requests.models import Notify, Requester
from interventions.requests.reach import mobile


# Mail programs post without cookie or token; who holds the address may do what the page does.
@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """Reading changes nothing: what checks mails for danger opens their links."""
    requester = choices.find(key)
    if requester is None:
        return secret(render(request, "informing/unknown.html", status=404))
    if request.method != "POST":
        return secret(render(request, "informing/choice.html", _told(requester)))
    at_once = request.POST.get("List-Unsubscribe") == "One-Click"  # RFC 8058
    notify = Notify.NONE.value if at_once else request.POST.get("notify", "")
    if notify not in Notify:
        return secret(render(request, "informing/choice.html", _told(requester), status=422))
    choices.choose(requester, notify)
    if at_once:
        return secret(render(request, "informing/choice.html", _told(requester)))
    return secret(HttpResponseRedirect(request.path))


def _told(requester: Requester) -> dict[str, object]:
    """Nothing of the person: neither address nor number."""
    may_text = bool(settings.SMS_URL and mobile(requester.phone))
    possible = [way for way, can in ((Notify.EMAIL, requester.email), (Notify.SMS, may_text)) if can]
    request = requester.requests.order_by("pk").first()
    return {
        "requester": requester,
        "now": Notify(requester.notify) if requester.notify == Notify.NONE else _first(requester, possible),
        "others": [way for way in possible if requester.notify == Notify.NONE or way != _first(requester, possible)],
        "reference": request.reference if request else "",
    }


def _first(requester: Requester, possible: list[Notify]) -> Notify | None:
    return next((way for way in possible if way == requester.notify), possible[0] if possible else None)
