"""Figures for managers (`/pilotage/`): the page, what its map draws, its table as a file, and the stand-alone map."""

from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform.errors import problem_json
from gisplatform.pages import SignedIn, requires
from interventions.measuring import queries, shades, table
from interventions.measuring.asking import MEASURED, Asked
from interventions.measuring.period import PRESETS, Period
from interventions.measuring.queries import MEASURES, Row
from interventions.measuring.report import report
from interventions.measuring.satisfaction import answers
from interventions.measuring.series import HEIGHT, WIDTH, series
from interventions.measuring.sums import closed_by_step, sums
from interventions.requests import listing, paging
from interventions.requests.models import Channel
from interventions.work.models import Intervention
from layers.models import Layer, Zone

BREAKDOWNS = {
    "authority": gettext_lazy("Authority"),
    "department": gettext_lazy("Department"),
    "family": gettext_lazy("Family"),
    "category": gettext_lazy("Category"),
    "zone": gettext_lazy("Zone"),
    "state": gettext_lazy("State"),
}
MEASURE_LABELS = {
    "received": pgettext_lazy("figure", "Received"),
    "open": pgettext_lazy("figure", "Open"),
    "late": pgettext_lazy("figure", "Late"),
    "closed": pgettext_lazy("figure", "Closed"),
}
USUAL_LAYER = "poles"


@requires("view_figures")
@require_safe
@never_cache
def overview(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    asked = Asked.of(request, today=timezone.localdate(now))
    layers = _layers()
    by, layer = _by(request), _layer(request, layers)
    if request.GET.get("format") in table.KINDS:
        return _file(asked, _rows(asked, by=by, layer=layer), by=by, as_=request.GET["format"])
    told = sums(asked.requests(asked.period.with_before), period=asked.period, by=by, now=now)
    rows = _rows(asked, by=by, layer=layer) if by == "zone" else _with_nobody(told.rows, by=by)
    closed = closed_by_step(asked.requests(column="closed"), period=asked.period)
    steps, most = series(told.received, closed, period=asked.period)
    context = {
        "asked": asked,
        "errors": asked.errors,
        "found": told.found,
        "before": told.before,
        "answers": answers(asked.requests()),
        "cards": _cards(asked, told.found, told.before),
        "rows": [(row, asked.row_urls(row, by=by, layer=layer)) for row in rows],
        "by": by,
        "breakdowns": [(code, label, asked.address(by=code, layer=layer)) for code, label in BREAKDOWNS.items()],
        "layer": layer,
        "layers": layers,
        "steps": [(step, _step_urls(asked, step.period)) for step in steps],
        "most": most,
        "width": WIDTH,
        "height": HEIGHT,
        "presets": _presets(asked, today=timezone.localdate(now)),
        "measures": MEASURE_LABELS,
        "kept": _kept(asked, by=by),
        "to_validate": _to_validate(request),
        "addresses": _addresses(asked, by=by, layer=layer),
        **_choices(asked),
    }
    return render(request, "overview/page.html", context, status=400 if asked.errors else 200)


@requires("view_figures")
@require_safe
@never_cache
def zones(request: SignedIn) -> HttpResponse:
    """The counts of each zone of `layer`, and for each measure the least count of each shade."""
    layer = _layer(request, _layers())
    rows = [row for row in _rows(_asked(request), by="zone", layer=layer) if row.key is not None]
    most = {measure: max((getattr(row, measure) for row in rows), default=0) for measure in MEASURES}
    return JsonResponse({
        "rows": [vars(row) for row in rows],
        "steps": {measure: shades.steps(count) for measure, count in most.items()},
        "tiles": reverse("tilejson-zones", args=[layer]) if layer else "",
    })  # fmt: skip


@requires("view_figures")
@require_safe
@never_cache
def stand_alone(request: SignedIn) -> HttpResponse:
    """The same requests as one file to be sent and opened without network."""
    asked, layers = _asked(request), _layers()
    if asked.errors:
        return problem_json(status=400, title=asked.errors[0])
    layer = _layer(request, layers)
    measure = request.GET.get("measure", "received")
    page = report(
        asked,
        layer=layer,
        layer_name=dict(layers).get(layer, ""),
        measure=measure if measure in MEASURES else "received",
        label=str(MEASURE_LABELS.get(measure, MEASURE_LABELS["received"])),
        now=timezone.now(),
    )
    name = f"carte-{asked.period.start.isoformat()}-{asked.period.end.isoformat()}.html"
    return HttpResponse(page, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _kept(asked: Asked, *, by: str) -> list[tuple[str, str]]:
    """What a form of its own must bring along."""
    words = asked.with_words({**asked.period.as_filter("received"), "by": by})
    return [(name, value) for name, values in words.lists() for value in values]


def _file(asked: Asked, rows: list[Row], *, by: str, as_: str) -> HttpResponse:
    if asked.errors:
        return problem_json(status=400, title=asked.errors[0])
    title = str(BREAKDOWNS[by])
    heading = [_("Code"), title, *(str(label) for label in MEASURE_LABELS.values())]
    name = f"pilotage-{by}-{asked.period.start.isoformat()}-{asked.period.end.isoformat()}.{as_}"
    return HttpResponse(
        table.as_file(rows, heading=heading, title=title, as_=as_),
        content_type=table.KINDS[as_],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: SignedIn) -> Asked:
    return Asked.of(request, today=timezone.localdate())


def _layers() -> list[tuple[str, str]]:
    """Code and name of each layer in force today."""
    zones = Zone.objects.in_force(timezone.localdate())
    found = Layer.objects.filter(Exists(zones.filter(version__layer=OuterRef("pk"))))
    return list(found.order_by("name", "code").values_list("code", "name"))


def _layer(request: SignedIn, layers: list[tuple[str, str]]) -> str:
    codes = [code for code, _name in layers]
    wanted = [request.GET.get("layer", ""), USUAL_LAYER, *codes]
    return next((code for code in wanted if code in codes), "")


def _by(request: SignedIn) -> str:
    by = request.GET.get("by", "")
    return by if by in BREAKDOWNS else "department"


def _rows(asked: Asked, *, by: str, layer: str) -> list[Row]:
    now = timezone.now()
    if by == "zone":
        found = queries.by_zone(asked.requests(), layer=layer, on=timezone.localdate(now), now=now)
    else:
        found = queries.breakdown(asked.requests(), by=by, now=now)
    return _with_nobody(found, by=by)


def _with_nobody(rows: list[Row], *, by: str) -> list[Row]:
    """The row without key gets a name."""
    nobody = _("In none of these zones") if by == "zone" else _("Nobody yet")
    return [row if row.key is not None else replace(row, name=nobody) for row in rows]


def _cards(asked: Asked, found: queries.Figures, before: queries.Figures) -> list[dict[str, Any]]:
    return [
        {
            "measure": measure,
            "label": MEASURE_LABELS[measure],
            "value": getattr(found, measure),
            "change": getattr(found, measure) - getattr(before, measure),
            "before": getattr(before, measure),
            "url": asked.list_url(measure=measure),
        }
        for measure in MEASURED
    ]


def _step_urls(asked: Asked, period: Period) -> dict[str, str]:
    lists = reverse("requests")
    received, closed = (asked.with_words(period.as_filter(column)).urlencode() for column in ("received", "closed"))
    return {"received": f"{lists}?{received}", "closed": f"{lists}?{closed}"}


def _presets(asked: Asked, *, today: Any) -> list[tuple[int, str, bool]]:
    """Days, address, and whether it is the period shown."""
    found = []
    for days in PRESETS:
        period = Period.last(days, today=today)
        found.append((days, asked.address(**period.as_filter("received")), period == asked.period))
    return found


def _to_validate(request: SignedIn) -> paging.Count | None:
    if not request.user.may("validate_work"):
        return None
    return paging.count(Intervention.objects.visible_to(request.user).awaiting_validation())


def _addresses(asked: Asked, *, by: str, layer: str) -> dict[str, str]:
    here = asked.address(by=by, layer=layer)
    # What cannot be read counts nothing on the map either.
    drawn = f"?{asked.request.GET.urlencode()}" if asked.errors else asked.address()
    return {
        "heat": "" if asked.errors else reverse("tilejson-requests") + asked.address(cells="64"),
        "zones": reverse("overview-zones") + drawn,
        "stand_alone": reverse("overview-map") + asked.address(layer=layer),
        "csv": here + "&format=csv",
        "xlsx": here + "&format=xlsx",
        "export": reverse("requests-export") + asked.address(),
    }


def _choices(asked: Asked) -> dict[str, Any]:
    names = ("family", "category", "authority", "department", "zone", "channel")
    chosen = {name: asked.query.getlist(name) for name in names}
    families, authorities = listing.categories(), listing.departments()
    return {
        "categories": families,
        "families": [heading for heading, _under in families],
        "departments": authorities,
        "authorities": [heading for heading, _under in authorities],
        "zones": listing.zones(timezone.localdate()),
        "channels": Channel.choices,
        "chosen": chosen,
        "extra": [
            (name, value) for name in asked.query for value in asked.query.getlist(name)[1 if name in names else 0 :]
        ],
    }
