"""The notification centre (`/notifications/`): the list, what is read, and how one wants to hear."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gisplatform.pages import SignedIn, for_everyone_signed_in
from interventions.noticing import services
from interventions.noticing.bell import unread
from interventions.noticing.forms import ChoicesForm, FilterForm
from interventions.noticing.kinds import Kind, kinds_for
from interventions.noticing.models import Notification
from interventions.noticing.queries import NotificationQuerySet, waiting
from interventions.noticing.words import Line, lines, target
from interventions.requests import paging

ORDERS = {"latest": paging.Order("at", descending=True, index="notification_latest")}
PAGE = 40


@for_everyone_signed_in
@require_safe
@never_cache
def index(request: SignedIn) -> HttpResponse:
    mine = Notification.objects.visible_to(request.user)
    asked = FilterForm(request.GET, kinds=kinds_for(request.user)).asked()
    rows = _filtered(mine, asked)
    page = paging.page(rows.with_names(), orders=ORDERS, cursor=request.GET.get("cursor", ""), size=PAGE)
    context = {
        "days": _by_day(lines(page.rows)),
        "asked": asked,
        "kinds": [kind for kind in kinds_for(request.user) if kind != Kind.WAITING],
        "waiting": waiting(request.user, now=timezone.now()),
        "until": mine.aggregate(last=Max("pk"))["last"] or 0,
        "here": urlencode(asked),
        "all_url": _address({**asked, "unread": ""}),
        "unread_url": _address({**asked, "unread": "1"}),
        "before_url": _address({**asked, "cursor": page.before}) if page.before else "",
        "after_url": _address({**asked, "cursor": page.after}) if page.after else "",
    }
    return render(request, "noticing/page.html", context)


@for_everyone_signed_in
@require_safe
@never_cache
def count(request: SignedIn) -> JsonResponse:
    """For the bell of a page that stays open."""
    return JsonResponse({"unread": unread(request.user)})


@for_everyone_signed_in
@require_safe
@never_cache
def follow(request: SignedIn, notification_id: int) -> HttpResponseRedirect:
    """To what it is about, which marks it read, with all that was told of the same thing."""
    mine = Notification.objects.visible_to(request.user)
    found = get_object_or_404(mine.select_related("request", "intervention", "rerouting"), pk=notification_id)
    same: NotificationQuerySet = mine.filter(pk=found.pk)
    if found.request_id is not None:
        same = mine.filter(request=found.request_id)
    elif found.intervention_id is not None:
        same = mine.filter(request=None, intervention=found.intervention_id)
    services.mark_read(same, now=timezone.now())
    return redirect(target(found, request.user))


@for_everyone_signed_in
@require_POST
def read_one(request: SignedIn, notification_id: int) -> HttpResponseRedirect:
    found = get_object_or_404(Notification.objects.visible_to(request.user).only("pk"), pk=notification_id)
    services.mark_read(Notification.objects.filter(pk=found.pk), now=timezone.now())
    return _back(request)


@for_everyone_signed_in
@require_POST
def read_all(request: SignedIn) -> HttpResponseRedirect:
    """Those that were on the page when the button was pressed, of the kind that was looked at."""
    asked = FilterForm(request.POST, kinds=kinds_for(request.user)).asked()
    rows = _filtered(Notification.objects.filter(person=request.user), {**asked, "unread": ""})
    until = request.POST.get("until", "")
    if until.isdecimal() and len(until) < 19:
        rows = rows.filter(pk__lte=int(until))
    services.mark_read(rows, now=timezone.now())
    messages.success(request, _("All marked as read."))
    return _back(request)


@for_everyone_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choices(request: SignedIn) -> HttpResponse:
    chosen = services.choices_of(request.user)
    form = ChoicesForm(request.POST if request.method == "POST" else None, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        services.choose(person=request.user, chosen=form.chosen)
        messages.success(request, _("Your choices are saved."))
        return redirect("notice-settings")
    context = {"form": form, "urgent_hours": settings.URGENT_HOURS}
    return render(request, "noticing/settings.html", context, status=422 if form.is_bound else 200)


def _filtered(rows: NotificationQuerySet, asked: dict[str, str]) -> NotificationQuerySet:
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    return rows.unread() if asked["unread"] else rows


def _address(asked: dict[str, str]) -> str:
    said = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('notifications')}?{said}" if said else reverse("notifications")


def _back(request: SignedIn) -> HttpResponseRedirect:
    asked = FilterForm(request.POST, kinds=kinds_for(request.user)).asked()
    return HttpResponseRedirect(_address({**asked, "cursor": request.POST.get("cursor", "")}))


def _by_day(told: list[Line]) -> list[tuple[Any, list[Line]]]:
    return [
        (day, list(under)) for day, under in groupby(told, key=lambda each: timezone.localdate(each.notification.at))
    ]
