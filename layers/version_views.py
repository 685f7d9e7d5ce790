"""One version of a layer: what its import said, what its check found, and putting it in force."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gisplatform.pages import SignedIn, requires
from layers import beside, checking, reports
from layers.finding_views import SHOWN, Summary
from layers.forms import PublishForm
from layers.models import LayerCheck, LayerVersion
from layers.publishing import PublicationRefused, PublicationStopped, publish
from layers.queries import UNPUBLISHED
from layers.restoring import restore
from layers.views import shown_zones

TYPED = "publication"  # in the session: what was typed for the last one refused


@requires("view_layers")
@never_cache
@require_safe
def version(request: SignedIn, code: str, number: int) -> HttpResponse:
    return _page(request, _version(code, number))


@requires("manage_layers")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Look for its faults; they are told on its page, which says how far that is when it takes long."""
    found = _version(code, number)
    if request.method != "POST":
        return _to(found)
    now = timezone.now()
    day = found.valid_from or timezone.localdate(now)
    if checking.check(found, day=day, by=request.user, now=now) is None:
        messages.info(request, reports.of_check(list(found.findings.told()))[0])
    return _to(found)


@requires("view_layers")
@never_cache
@require_safe
def how_far(request: SignedIn, code: str, number: int) -> HttpResponse:  # noqa: ARG001 (every view has one)
    """How far its check is, for the page that shows it."""
    last = checking.latest(_version(code, number), now=timezone.now())
    if last is None:
        return JsonResponse({"state": LayerCheck.State.READY})
    return JsonResponse({"state": last.state, "done": last.done, "total": last.total})


@requires("manage_layers")
@require_http_methods(["GET", "HEAD", "POST"])
def put_in_force(request: SignedIn, code: str, number: int) -> HttpResponse:
    """From a later day, or today; refused, what was typed is there again when its page is asked for."""
    found, now = _version(code, number), timezone.now()
    if request.method != "POST":
        return _to(found)
    form = PublishForm(request.POST, warnings=_warnings(found))
    request.session[TYPED] = {"version": found.pk, "form": {each: request.POST.get(each, "") for each in form.fields}}
    if not form.is_valid():
        return _page(request, found, form, status=422)
    wanted = form.cleaned_data
    day, by = wanted["valid_from"], request.user
    try:
        if checking.needed_before_publishing(found, day=day, by=by, now=now):
            messages.info(request, _("It is being checked for that day: read what is found, then publish it."))
            return _to(found)
        publish(found, valid_from=day, by=by, now=now, reason=wanted["reason"], by_its_check=True)
    except PublicationStopped as stop:
        # The check has just been made anew: its findings are the page's.
        form = PublishForm(request.POST, warnings=_warnings(found))
        form.add_error("reason" if form.warnings else None, str(stop))
        return _page(request, found, form, status=stop.status)
    except PublicationRefused as refusal:
        form.add_error("valid_from", str(refusal))
        if found.status not in UNPUBLISHED:  # published meanwhile: the page has no form any more to say it in
            messages.error(request, str(refusal))
        return _page(request, found, form, status=refusal.status)
    del request.session[TYPED]
    messages.success(request, reports.of_publication(found))
    return _to(found)


@requires("manage_layers")
@require_http_methods(["GET", "HEAD", "POST"])
def take_up_again(request: SignedIn, code: str, number: int) -> HttpResponse:
    """A draft with the zones of a version that is over: it is read and published on its own page."""
    found = _version(code, number)
    if request.method != "POST":
        return _to(found)
    try:
        draft = restore(found, by=request.user, now=timezone.now())
    except PublicationRefused as refusal:
        messages.error(request, str(refusal))
        return _to(found)
    messages.info(request, _("Here are the zones of version %(n)s: publish them to put them in force.") % {"n": number})
    return _to(draft)


def _to(version: LayerVersion) -> HttpResponse:
    """To its page, from where it is done and for whoever comes back to an address that only does something."""
    return HttpResponseRedirect(reverse("layer-version", args=[version.layer.code, version.number]))


def _version(code: str, number: int) -> LayerVersion:
    versions = LayerVersion.objects.select_related("layer", "imported_by")
    return get_object_or_404(versions, layer__code=code, number=number)


def _warnings(found: LayerVersion) -> int:
    """How many warnings its last check gave; 0 where errors stand before them, or without a check."""
    summary = Summary.of(found)
    return 0 if summary.errors else summary.warnings


def _page(
    request: SignedIn, found: LayerVersion, form: PublishForm | None = None, *, status: int = 200
) -> HttpResponse:
    may_manage, standing = request.user.may("manage_layers"), found.standing(timezone.localdate())
    if form is None:
        usual = {"valid_from": found.valid_from or timezone.localdate(), "reason": _usual_reason(found)}
        form = PublishForm(initial={**usual, **_typed(request, found)}, warnings=_warnings(found))
    rows, _following = found.findings.page(after=0, size=SHOWN)
    context: dict[str, Any] = {
        "version": found,
        "layer": found.layer,
        "report": found.report,
        "summary": Summary.of(found),
        "rows": rows,
        "form": form if may_manage and found.status in UNPUBLISHED else None,
        "may_manage": may_manage,
        "may_try": may_manage and standing not in ("in_force", "over"),
        "may_restore": may_manage and standing == "over",
        "beside": beside.sections(request, found),
        "check": checking.latest(found, now=timezone.now()),
        "answers": status != 200,
    }
    return render(request, "layers/version.html", {**context, **shown_zones(request, found)}, status=status)


def _typed(request: SignedIn, found: LayerVersion) -> dict[str, str]:
    """What this person gave for its publication the last time, when that was refused."""
    kept = request.session.get(TYPED, {})
    return {name: text for name, text in kept["form"].items() if text} if kept.get("version") == found.pk else {}


def _usual_reason(found: LayerVersion) -> str:
    """What is proposed as the reason to publish it."""
    restored = found.report.get("restores")
    return _("Version %(n)s in force again.") % {"n": restored} if restored else ""
