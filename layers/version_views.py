"""One version of a layer: what its import said, what its check found, and putting it in force."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gisplatform.pages import SignedIn, requires
from layers import beside, quality, reports
from layers.finding_views import SHOWN, Summary
from layers.forms import PublishForm
from layers.models import LayerVersion
from layers.publishing import PublicationRefused, PublicationStopped, publish
from layers.queries import UNPUBLISHED
from layers.restoring import restore
from layers.views import shown_zones


@requires("view_layers")
@never_cache
@require_safe
def version(request: SignedIn, code: str, number: int) -> HttpResponse:
    return _page(request, _version(code, number))


@requires("manage_layers")
@require_POST
def check(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Look for its faults now; they are told on its page."""
    found = _version(code, number)
    findings = quality.check_and_note(found, on=found.valid_from or timezone.localdate())
    messages.info(request, reports.of_check(findings)[0])
    return HttpResponseRedirect(reverse("layer-version", args=[code, number]))


@requires("manage_layers")
@require_POST
def put_in_force(request: SignedIn, code: str, number: int) -> HttpResponse:
    found, now = _version(code, number), timezone.now()
    form = PublishForm(request.POST, warnings=_warnings(found))
    if not form.is_valid():
        return _page(request, found, form, status=422)
    wanted = form.cleaned_data
    try:
        publish(found, valid_from=wanted["valid_from"], by=request.user, now=now, reason=wanted["reason"])
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
    messages.success(request, reports.of_publication(found))
    return HttpResponseRedirect(reverse("layer-version", args=[code, number]))


@requires("manage_layers")
@require_POST
def take_up_again(request: SignedIn, code: str, number: int) -> HttpResponse:
    """A draft with the zones of a version that is over: it is read and published on its own page."""
    found = _version(code, number)
    try:
        draft = restore(found, by=request.user, now=timezone.now())
    except PublicationRefused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("layer-version", args=[code, number]))
    messages.info(request, _("Here are the zones of version %(n)s: publish them to put them in force.") % {"n": number})
    return HttpResponseRedirect(reverse("layer-version", args=[code, draft.number]))


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
        day = found.valid_from or timezone.localdate()
        form = PublishForm(initial={"valid_from": day, "reason": _usual_reason(found)}, warnings=_warnings(found))
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
    }
    return render(request, "layers/version.html", {**context, **shown_zones(request, found)}, status=status)


def _usual_reason(found: LayerVersion) -> str:
    """What is proposed as the reason to publish it."""
    restored = found.report.get("restores")
    return _("Version %(n)s in force again.") % {"n": restored} if restored else ""
