"""The evaluation queue (`/regulation/`): one request at a time, large, with those that wait behind it."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gisplatform.errors import MoveRefused
from gisplatform.pages import SignedIn, requires
from interventions.requests import openings, paging
from interventions.requests.detail import MADE, around, detail, seen_m
from interventions.requests.duplicates import CannotJoin
from interventions.requests.lifecycle import UNDECIDED, possible
from interventions.requests.models import ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from interventions.requests.services import move as move_request
from interventions.work import services
from interventions.work.desk.forms import EvaluationForm
from interventions.work.queries import companies_of

SHOWN = 60


@requires("evaluate_request")
@require_safe
@never_cache
def queue(request: SignedIn) -> HttpResponse:
    """The oldest request that waits, or the one the address names while it still waits."""
    return _page(request, wanted=request.GET.get("request", ""))


@requires("evaluate_request")
@require_POST
def evaluate(request: SignedIn, reference: str) -> HttpResponse:
    visible = ServiceRequest.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("department"), reference=reference)
    form = EvaluationForm(request.POST, visible=visible)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        return _page(request, wanted=reference, refused=str(errors[0]), field=field, status=422)
    asked = form.cleaned_data
    facts: dict[str, Any] = {"request_id": found.pk, "actor": request.user, "now": timezone.now()}
    try:
        if asked["move"] == "accept":
            by = asked["executed_by"]
            if by is not None and by not in companies_of(found.department):
                raise MoveRefused(_("This company does not work for the department that answers."))
            services.accept(**facts, executed_by=by, reason=asked["reason"], instructions=asked["instructions"])
        else:
            to = asked["department"] if asked["move"] == "redirect" else None
            joins = asked["duplicate_of"] if asked["move"] == "merge" else None
            move_request(**facts, name=asked["move"], reason=asked["reason"], department=to, joins=joins)
    except MoveRefused as refusal:
        field = "duplicate_of" if isinstance(refusal, CannotJoin) else ""
        return _page(request, wanted=reference, refused=str(refusal), field=field, status=refusal.status)
    messages.success(request, f"{reference} – {MADE[asked['move']]}")
    return redirect("desk")


def _page(request: SignedIn, *, wanted: str, refused: str = "", field: str = "", status: int = 200) -> HttpResponse:
    visible = ServiceRequest.objects.visible_to(request.user)
    waiting = visible.filter(state__in=UNDECIDED)
    now = timezone.now()
    rows = list(_in_turn(waiting).with_lateness(now).with_callers()[:SHOWN])
    current = _current(visible, wanted or (rows[0].reference if rows else ""))
    context: dict[str, Any] = {
        "rows": rows,
        "count": paging.count(waiting) if len(rows) == SHOWN else paging.Count(len(rows), end=True),
        "refused": {"sentence": refused, "field": field, "typed": request.POST} if refused else None,
        "typed": request.POST,
    }
    if current is not None:
        openings.opened(request.user, current)
        context |= {
            "current": current,
            "detail": detail(current, user=request.user, visible=visible),
            "bounds": around(current, within_m=seen_m(current.decision)),
            "companies": companies_of(current.department),
            "open_moves": possible(state=current.state, may=request.user.may),
            "following": _after(rows, current),
        }
    return render(request, "desk/page.html", context, status=status)


def _in_turn(requests: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
    """First what is announced soonest, then what came first; what announces nothing comes last."""
    return (
        requests.select_related("category", "department")
        .defer("geom", "geom_3857", "description")
        .order_by(F("due_at").asc(nulls_last=True), "submitted_at", "id")
    )


def _current(visible: ServiceRequestQuerySet, reference: str) -> ServiceRequest | None:
    if not reference:
        return None
    rows = visible.with_names().select_related("decision__reason__layer_version__layer", "duplicate_of").with_position()
    return get_object_or_404(rows.with_lateness(timezone.now()), reference=reference)


def _after(rows: list[ServiceRequest], current: ServiceRequest) -> ServiceRequest | None:
    """The one to pass on to: the next of the queue, round to the first."""
    others = [row.reference for row in rows]
    if current.reference not in others:
        return rows[0] if rows else None
    place = others.index(current.reference) + 1
    return rows[place % len(rows)] if len(rows) > 1 else None
