"""Simulations: asking for one of a version, reading one, asking again."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gisplatform.errors import PlatformError
from gisplatform.pages import SignedIn, requires
from interventions.requests.paging import told
from interventions.simulating import files
from interventions.simulating.asking import Asked, page
from interventions.simulating.forms import SimulationForm
from interventions.simulating.models import SimulatedMove, Simulation
from interventions.simulating.moves import KINDS, SETS, MoveQuerySet
from interventions.simulating.queries import matrix, table
from interventions.simulating.services import again, order
from layers import tiles
from layers.models import LayerVersion

SHOWN = 10  # earlier simulations on a page
DRAWN_AT_MOST = 2_000


@requires("manage_layers")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_version(request: SignedIn, code: str, number: int) -> HttpResponse:
    """The form, and what was asked before of this version; sent, it leads to the page of the result."""
    versions = LayerVersion.objects.select_related("layer")
    version = get_object_or_404(versions, layer__code=code, number=number)
    today = timezone.localdate()
    initial = {"day": max(version.valid_from or today, today)}
    form = SimulationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = order(by=request.user, now=timezone.now(), version=version, **form.facts(today=today))
        except PlatformError as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("simulation", args=[made.pk]))
    context = {"version": version, "layer": version.layer, "form": form, "earlier": _earlier(version=version)}
    return render(request, "simulating/ask.html", context, status=422 if form.errors else 200)


@requires("view_layers")
@never_cache
@require_safe
def simulation(request: SignedIn, simulation_id: int) -> HttpResponseBase:
    """What would move, of the requests this person may see; `?format=json` tells how far it is."""
    found = _found(simulation_id)
    if request.GET.get("format") == "json":
        return JsonResponse({"state": found.state, "done": found.done, "total": found.total})
    asked = Asked.of(request.GET)
    moves = SimulatedMove.objects.filter(simulation=found).visible_to(request.user)
    match request.GET.get("format"):
        case "csv":
            return files.as_csv(asked.chosen(moves), name=f"essai-{found.pk}.csv")
        case "geojson":
            at_most = DRAWN_AT_MOST if "drawn" in request.GET else None
            return files.as_geojson(asked.chosen(moves), name=f"essai-{found.pk}.geojson", at_most=at_most)
    return _page(request, found, SimulationForm(initial={"day": found.day}), moves, asked)


@requires("manage_layers")
@require_POST
def replay(request: SignedIn, simulation_id: int) -> HttpResponse:
    """The same change again: from another day, or over another period."""
    found, form = _found(simulation_id), SimulationForm(request.POST)
    if form.is_valid():
        now = timezone.now()
        try:
            made = again(found, by=request.user, now=now, **form.facts(today=timezone.localdate(now)))
        except PlatformError as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("simulation", args=[made.pk]))
    moves = SimulatedMove.objects.filter(simulation=found).visible_to(request.user)
    return _page(request, found, form, moves, Asked(), status=422)


def _found(simulation_id: int) -> Simulation:
    found = Simulation.objects.select_related("version__layer", "requested_by")
    return get_object_or_404(found, pk=simulation_id)


def _earlier(**facts: Any) -> QuerySet[Simulation]:
    return Simulation.objects.filter(**facts).select_related("requested_by").order_by("-pk")[:SHOWN]


def _page(
    request: SignedIn,
    found: Simulation,
    form: SimulationForm,
    moves: MoveQuerySet,
    asked: Asked,
    *,
    status: int = 200,
) -> HttpResponse:
    version = found.version
    context: dict[str, Any] = {
        "simulation": found,
        "states": Simulation.State,
        "version": version,
        "form": form if request.user.may("manage_layers") else None,
        "may_administer": request.user.is_superuser,
        "asked": asked,
        "earlier": _earlier(version=version, rule_code=found.rule_code, pk__lt=found.pk),
    }
    if found.state == Simulation.State.READY:
        context |= _result(request, moves, asked)
    if version is not None:
        context |= {"tiles": f"{version.layer.code}@{version.number}", "bounds": tiles.bounds_of(version)}
    return render(request, "simulating/page.html", context, status=status)


def _result(request: SignedIn, moves: MoveQuerySet, asked: Asked) -> dict[str, Any]:
    """Counts, matrix and a page of moves: three queries."""
    counts = moves.filter(SETS[asked.among]).counts()
    cells = matrix(Asked(among=asked.among, kind=asked.kind, by=asked.by).chosen(moves), by=asked.by)
    laid = table(cells)
    rows = page(moves, asked, query=request.GET)
    chosen = sum(
        cell.requests for cell in cells if asked.before in ("", cell.before.key) and asked.after in ("", cell.after.key)
    )
    return {
        "counts": [(kind, counts[kind], asked.address(kind=kind, before="", after="")) for kind in KINDS],
        "matrix": {
            **laid,
            "rows": [
                (one, [(cell, cell and asked.address(before=one.key, after=cell.after.key)) for cell in row], total)
                for one, row, total in laid["rows"]
            ],
        },
        "page": rows,
        "chosen": told(chosen),
        "filtered": asked.before or asked.after,
        "addresses": {
            "any": asked.address(before="", after=""),
            "csv": asked.address(format="csv"),
            "geojson": asked.address(format="geojson"),
            "drawn": asked.address(format="geojson", drawn=1),
        },
        "bys": [(by, asked.address(by=by, before="", after="")) for by in ("department", "authority")],
        "amongs": [(one, asked.address(among=one, before="", after="")) for one in ("open", "period")],
        "undrawn": chosen > DRAWN_AT_MOST,
    }
