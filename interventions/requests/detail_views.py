"""One request (`/demandes/<reference>/`): its page or panel, its map, its photos, and what is done to it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gisplatform.errors import MoveRefused, problem_json
from gisplatform.pages import SignedIn, requires
from interventions.requests import openings, services
from interventions.requests.correcting import correct, may_correct
from interventions.requests.detail import MADE, around, detail, photos_of, seen_m, surroundings
from interventions.requests.duplicates import CannotJoin
from interventions.requests.features import tracking_url
from interventions.requests.forms import ContactForm, MoveForm, NoteForm
from interventions.requests.lifecycle import MOVES, possible
from interventions.requests.models import Attachment, ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from interventions.requests.thumbnails import thumbnail

A_DAY = 24 * 3600


@requires("view_requests")
@require_safe
@never_cache
def show(request: SignedIn, reference: str) -> HttpResponse:
    visible = ServiceRequest.objects.visible_to(request.user)
    found = _found(visible, reference)
    if request.GET.get("format") == "geojson":
        told = surroundings(found, visible=visible, now=timezone.now())
        return JsonResponse(told, content_type="application/geo+json")
    return _page(request, found, visible)


@requires("view_requests")
@require_POST
def move(request: SignedIn, reference: str) -> HttpResponse:
    visible = ServiceRequest.objects.visible_to(request.user)
    found = _found(visible, reference)
    form = MoveForm(request.POST, visible=visible)
    name = request.POST.get("move", "")
    if name not in MOVES:
        raise Http404
    if not request.user.may(MOVES[name].permission):
        raise PermissionDenied
    if not form.is_valid():
        return _refused(request, found, visible, _first_error(form), status=422, field=next(iter(form.errors)))
    try:
        services.move(
            request_id=found.pk,
            name=name,
            actor=request.user,
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
            department=form.cleaned_data["department"],
            joins=form.cleaned_data["duplicate_of"] if name == "merge" else None,
            due_on=form.cleaned_data["due_on"],
        )
    except MoveRefused as refusal:
        field = "duplicate_of" if isinstance(refusal, CannotJoin) else ""
        found = _found(visible, reference)
        return _refused(request, found, visible, str(refusal), status=refusal.status, field=field)
    return _done(request, found, visible, sentence=str(MADE[name]))


@requires("log_request")
@require_POST
def note(request: SignedIn, reference: str) -> HttpResponse:
    visible = ServiceRequest.objects.visible_to(request.user)
    found = _found(visible, reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, visible, _first_error(form), status=422)
    services.note(request_id=found.pk, actor=request.user, text=form.cleaned_data["text"], now=timezone.now())
    return _done(request, found, visible, sentence="")


@requires("see_requester")
@require_POST
def contact(request: SignedIn, reference: str) -> HttpResponse:
    """How to reach who asked, corrected; a mistake is said at its field, and what was typed stays."""
    if not may_correct(request.user):
        raise PermissionDenied
    visible = ServiceRequest.objects.visible_to(request.user)
    found = _found(visible, reference)
    form = ContactForm(request.POST, requester=found.requester)
    if form.is_valid():
        correct(request_id=found.pk, changes=form.changes, actor=request.user, now=timezone.now())
        return _done(request, found, visible, sentence=_("Contact details saved."))
    if request.accepts("text/html"):
        form.focus(otherwise="name")
        return _page(request, found, visible, status=422, contact=form)
    said = {name: [str(each) for each in errors] for name, errors in form.errors.items() if name in form.fields}
    return problem_json(status=422, title=_first_error(form), errors=said)


@requires("view_requests")
@require_safe
def photo(request: SignedIn, reference: str, photo_id: int) -> HttpResponse | FileResponse:
    """The photo, or a small picture of it with `?size=small`, to those who may see its request."""
    found = _found(ServiceRequest.objects.visible_to(request.user), reference)
    attachment = get_object_or_404(photos_of(found), pk=photo_id)
    return picture(attachment, small=request.GET.get("size") == "small")


def picture(attachment: Attachment, *, small: bool) -> HttpResponse | FileResponse:
    """A photo, or a small picture of it, kept for a day by the browser of who may see it."""
    try:
        if small:
            answer: HttpResponse | FileResponse = HttpResponse(thumbnail(attachment), content_type="image/jpeg")
        else:
            answer = FileResponse(attachment.file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    answer.headers["Cache-Control"] = f"private, max-age={A_DAY}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _found(visible: ServiceRequestQuerySet, reference: str) -> ServiceRequest:
    """The request as it stands now; 404 for one that does not exist and for one they may not see, alike."""
    beside = ("decision__reason__layer_version__layer", "duplicate_of", "satisfaction")
    rows = visible.with_names().select_related(*beside).with_position()
    return get_object_or_404(rows.with_lateness(timezone.now()), reference=reference)


def _page(
    request: SignedIn, found: ServiceRequest, visible: ServiceRequestQuerySet, *, status: int = 200, **more: Any
) -> HttpResponse:
    openings.opened(request.user, found)
    context = {
        "detail": detail(found, user=request.user, visible=visible),
        # Who holds this address is taken for the requester.
        "tracking_url": tracking_url(found.tracking_token) if request.user.may("log_request") else None,
        "bounds": around(found, within_m=seen_m(found.decision)),
        "may_note": request.user.may("log_request"),
        "contact": ContactForm(requester=found.requester) if may_correct(request.user) else None,
        **more,
    }
    template = "requests/panel.html" if request.GET.get("format") == "panel" else "requests/detail.html"
    return render(request, template, context, status=status)


def _refused(
    request: SignedIn,
    found: ServiceRequest,
    visible: ServiceRequestQuerySet,
    sentence: str,
    *,
    status: int,
    field: str = "",
) -> HttpResponse:
    """The fresh page with what was typed still in it, the sentence at its `field`; to a script, the sentence alone."""
    if not request.accepts("text/html"):
        return problem_json(status=status, title=sentence, errors={field: [sentence]} if field else None)
    still_open = request.POST.get("move") in possible(state=found.state, may=request.user.may)
    refused = {"sentence": sentence, "field": field, "typed": request.POST, "move_still_open": still_open}
    return _page(request, found, visible, status=status, refused=refused)


def _done(request: SignedIn, found: ServiceRequest, visible: ServiceRequestQuerySet, *, sentence: str) -> HttpResponse:
    # Redirected to another authority, a request may leave the sight of who did it.
    still_there = visible.filter(pk=found.pk).exists()
    if not request.accepts("text/html"):
        return JsonResponse({"reference": found.reference, "sentence": sentence, "visible": still_there})
    if sentence:
        messages.success(request, f"{found.reference} – {sentence}")
    return redirect("request", reference=found.reference) if still_there else redirect("requests")


def _first_error(form: Form) -> str:
    return next(str(errors[0]) for errors in form.errors.values())
