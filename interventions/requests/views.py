"""The list of requests (`/demandes/`): a page, its rows alone, its dots and its export, all from one address."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform.errors import problem_json
from gisplatform.pages import SignedIn, requires
from interventions.requests import listing, paging
from interventions.requests.filters import GROUP_LABELS, RequestFilter
from interventions.requests.lifecycle import ENDED, State
from interventions.requests.models import Channel, ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet

# What the address of a list holds beside its filters.
ABOUT_THE_PAGE = ("cursor", "sort", "format")
# Filters that have one control in the page and may stand several times in the address.
LISTS = ("family", "category", "authority", "department", "zone", "channel")
# Those of them that are folded away.
MORE = ("family", "authority", "channel")
# Open together, then one by one; ended together, one by one only among the folded filters.
STATES = [
    (code, label, code in ENDED)
    for code, label in sorted((*GROUP_LABELS, *State.choices), key=lambda each: each[0] == "ended")
]
ENDED_STATES = {str(state) for state in ENDED}


@requires("view_requests")
@require_safe
@never_cache
def index(request: SignedIn) -> HttpResponse | StreamingHttpResponse:
    asked = RequestFilter(request.GET, queryset=ServiceRequest.objects.visible_to(request.user), request=request)
    wanted: ServiceRequestQuerySet = asked.qs if asked.form.is_valid() else asked.queryset.none()
    form = request.GET.get("format", "")
    if asked.form.errors and form in ("csv", "geojson"):
        # The page says it in place; a file would pass for an answer.
        return problem_json(status=400, title=next(str(errors[0]) for errors in asked.form.errors.values()))
    if form == "csv":
        return _csv(wanted)
    order = request.GET.get("sort", "")
    order = order if order in paging.ORDERS else "latest"
    now = timezone.now()
    rows = wanted.select_related("category", "department__authority").defer("geom", "geom_3857", "description")
    page = paging.page(
        rows.with_lateness(now).with_callers(),
        order=order,
        cursor=request.GET.get("cursor", ""),
        span=asked.span(order),
    )
    if form == "geojson":
        return HttpResponse(listing.dots(page.rows, now=now), content_type="application/geo+json")
    whole = not (page.after or request.GET.get("cursor"))
    context = {
        "filter": asked,
        "page": page,
        "count": paging.told(len(page.rows)) if whole else paging.count(wanted),
        "order": order,
        "filtered": any(request.GET.get(name) for name in asked.filters),
        "may_log": request.user.may("log_request"),
        **_addresses(request, page, order),
    }
    if form == "rows":
        return render(request, "requests/rows.html", context)
    return render(request, "requests/list.html", {**context, **_choices(request)})


def _csv(wanted: ServiceRequestQuerySet) -> StreamingHttpResponse:
    day = timezone.localdate().isoformat()
    return StreamingHttpResponse(
        listing.as_csv(wanted),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="demandes-{day}.csv"'},
    )


def _filters(request: SignedIn) -> str:
    """What the list is asked for, whatever its page and order."""
    query = request.GET.copy()
    for name in ABOUT_THE_PAGE:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else ""


def _addresses(request: SignedIn, page: paging.Page, order: str) -> dict[str, str]:
    """This list elsewhere: its neighbours, its other order, its map and its export. They begin with "?"."""

    def here(**changes: str) -> str:
        query = request.GET.copy()
        for name in ABOUT_THE_PAGE:
            query.pop(name, None)
        if order != "latest":
            query["sort"] = order
        for name, value in changes.items():
            query[name] = value
        return "?" + query.urlencode()

    return {
        "after_url": here(cursor=page.after) if page.after else "",
        "before_url": here(cursor=page.before) if page.before else "",
        "here_url": here(),
        "latest_url": here(sort="latest"),
        "due_url": here(sort="due"),
        "tiles_url": reverse("tilejson-requests") + _filters(request),
        "geojson_url": here(format="geojson", cursor=request.GET.get("cursor", "")),
        "csv_url": here(format="csv"),
        "export_url": reverse("requests-export") + here(),
    }


def _choices(request: SignedIn) -> dict[str, Any]:
    """What the filters offer, and what is chosen among it."""
    families = listing.categories()
    authorities = listing.departments()
    chosen = {name: [value for value in request.GET.getlist(name) if value] for name in (*LISTS, "state")}
    return {
        "states": STATES,
        "families": [heading for heading, _under in families],
        "categories": families,
        "authorities": [heading for heading, _under in authorities],
        "departments": authorities,
        "zones": listing.zones(timezone.localdate()),
        "channels": Channel.choices,
        "chosen": chosen,
        "closed_days": [
            (name, label, request.GET[name])
            for name, label in (("closed_from", _("Closed from")), ("closed_to", _("Closed until")))
            if request.GET.get(name)
        ],
        "more_chosen": sum(bool(chosen[name]) for name in MORE)
        + len(ENDED_STATES & {*chosen["state"]})
        + (request.GET.get("unreached") == "true"),
        "may_see_requesters": request.user.may("see_requester"),
        # A control shows one value; the others an address may bring stay as hidden fields.
        "extra": [(name, value) for name in LISTS for value in chosen[name][1:]],
    }
