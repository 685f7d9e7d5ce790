"""The list of interventions, for those who order and validate them (`/interventions/`) and for the companies that
carry them out (`/prestataire/`): the same page through two doors, each showing what its reader may see."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gisplatform.errors import MoveRefused, UnreadableFile
from gisplatform.pages import SignedIn, requires
from interventions.requests import paging, photos
from interventions.requests.detail_views import picture
from interventions.requests.models import Attachment
from interventions.work import services
from interventions.work.cards import cards
from interventions.work.forms import MoveForm
from interventions.work.lifecycle import MOVES, TO_COME, State
from interventions.work.models import Intervention

ORDERS = {
    "due": paging.Order("due_at", descending=False, index="intervention_due", nullable=True),
    "ended": paging.Order("ended_at", descending=True, index="intervention_ended"),
}


@dataclass(frozen=True)
class Tab:
    code: str
    label: Any
    states: tuple[State, ...]
    empty: Any


TO_VALIDATE = Tab("to_validate", _("To validate"), (State.TO_VALIDATE,), _("No work awaits a manager."))
TO_DO = Tab("to_do", _("To do"), TO_COME, _("No work is waiting. What is validated appears here at once."))
DONE = Tab("done", _("Finished"), (State.DONE,), _("Nothing is done yet."))


@dataclass(frozen=True)
class Door:
    """One way in: its address, and the lists behind it."""

    name: str
    tabs: tuple[Tab, ...]

    @property
    def url(self) -> str:
        return reverse(self.name)


STAFF = Door("work", (TO_VALIDATE, TO_DO, DONE))
COMPANY = Door("contractor", (TO_DO, DONE))


@requires("work_request")
@require_safe
@never_cache
def index(request: SignedIn) -> HttpResponse:
    return _page(request, STAFF)


@requires("company_work")
@require_safe
@never_cache
def company(request: SignedIn) -> HttpResponse:
    return _page(request, COMPANY)


@requires("work_request")
@require_POST
def move(request: SignedIn, reference: str) -> HttpResponse:
    return _move(request, reference, STAFF)


@requires("company_work")
@require_POST
def company_move(request: SignedIn, reference: str) -> HttpResponse:
    return _move(request, reference, COMPANY)


@requires("work_request")
@require_safe
def photo(request: SignedIn, reference: str, photo_id: int) -> HttpResponse | FileResponse:
    return _photo(request, reference, photo_id)


@requires("company_work")
@require_safe
def company_photo(request: SignedIn, reference: str, photo_id: int) -> HttpResponse | FileResponse:
    return _photo(request, reference, photo_id)


def _photo(request: SignedIn, reference: str, photo_id: int) -> HttpResponse | FileResponse:
    """A photo of the place or of the work, to those who may see the intervention."""
    found = get_object_or_404(Intervention.objects.visible_to(request.user), reference=reference)
    shown = Attachment.objects.filter(request__interventions=found) | found.photos.all()
    return picture(get_object_or_404(shown.distinct(), pk=photo_id), small=request.GET.get("size") == "small")


def _move(request: SignedIn, reference: str, door: Door) -> HttpResponse:
    found = get_object_or_404(Intervention.objects.visible_to(request.user), reference=reference)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, door, status=422, refused=(reference, _first_error(form)))
    name, key = form.cleaned_data["move"], form.cleaned_data["key"]
    if not any(map(request.user.may, MOVES[name].permissions)):
        raise PermissionDenied
    try:
        for upload in request.FILES.getlist("photos") if key else []:
            photos.receive(upload=upload, key=key, uploaded_by=request.user)
        services.move(
            intervention_id=found.pk,
            name=name,
            actor=request.user,
            now=timezone.now(),
            text=form.cleaned_data["text"],
            photos_key=key,
        )
    except (MoveRefused, UnreadableFile) as refusal:
        kept = {reference: key} if key else {}
        return _page(request, door, status=refusal.status, refused=(reference, str(refusal)), keys=kept)
    messages.success(request, f"{reference} – {DONE_BY[name]}")
    return redirect(f"{door.url}?show={request.POST.get('show', '')}")


DONE_BY = {
    "validate": _("Validated: the company sees it now."),
    "start": _("Begun."),
    "finish": _("Recorded as done."),
    "cancel": _("Taken back."),
}


def _page(
    request: SignedIn,
    door: Door,
    *,
    status: int = 200,
    refused: tuple[str, str] | None = None,
    keys: dict[str, UUID] | None = None,
) -> HttpResponse:
    visible = Intervention.objects.visible_to(request.user)
    held = visible.asked_for_by_state()
    counts = {
        tab.code: paging.told(sum(held.get(state, 0) for state in tab.states)) for tab in door.tabs if tab is not DONE
    }
    wanted = request.POST.get("show") or request.GET.get("show", "")
    usual = (
        TO_VALIDATE if door is STAFF and counts["to_validate"].number and request.user.may("validate_work") else TO_DO
    )
    tab = next((each for each in door.tabs if each.code == wanted), usual)
    rows = visible.filter(state__in=tab.states)
    page = paging.page(
        (rows if tab is DONE else rows.still_asked_for(one_by_one=True)).with_names().with_lateness(timezone.now()),
        order="ended" if tab is DONE else "due",
        orders=ORDERS,
        cursor=request.GET.get("cursor", ""),
    )
    context = {
        "door": door,
        "tab": tab,
        "tabs": [(each, counts.get(each.code)) for each in door.tabs],
        "cards": cards(page.rows, user=request.user, keys=keys),
        "page": page,
        "refused": refused,
        "typed": request.POST,
        "staff": door is STAFF,
    }
    return render(request, "contractor/list.html", context, status=status)


def _first_error(form: MoveForm) -> str:
    return next(str(errors[0]) for errors in form.errors.values())
