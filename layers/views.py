"""The pages of layers: all of them, one of them, and one as a file."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gisplatform.exporting import download
from gisplatform.pages import SignedIn, requires
from layers import exports, quality, queries, tiles
from layers.describing import describe
from layers.forms import STATES, CatalogueFilter, LayerExportForm, SettingsForm, ZoneFilter
from layers.models import Layer, LayerVersion

RETIRED = Q(retired_on__isnull=False)
AMONG = {
    "": ~RETIRED,
    "in_force": Q(number__isnull=False) & ~RETIRED,
    "coming": Q(next_number__isnull=False) & ~RETIRED,
    "waiting": Q(draft_number__isnull=False) & ~RETIRED,
    "empty": Q(number__isnull=True, next_number__isnull=True, draft_number__isnull=True) & ~RETIRED,
    "retired": RETIRED,
}


@requires("view_layers")
@never_cache
@require_safe
def catalogue(request: SignedIn) -> HttpResponse:
    asked = CatalogueFilter(request.GET)
    found = asked.cleaned_data if asked.is_valid() else {"q": "", "state": ""}
    layers: QuerySet[Layer] = queries.catalogue(timezone.localdate()).filter(AMONG[found["state"]])
    return render(
        request,
        "layers/catalogue.html",
        {
            "layers": list(queries.with_words(layers, found["q"])),
            "states": STATES,
            "state": found["state"],
            "words": found["q"],
            "filtered": bool(found["q"] or found["state"]),
            "may_manage": request.user.may("manage_layers"),
        },
    )


@requires("view_layers")
@never_cache
@require_safe
def layer(request: SignedIn, code: str) -> HttpResponse:
    return _layer(request, get_object_or_404(Layer, code=code))


@requires("manage_layers")
@require_POST
def settings(request: SignedIn, code: str) -> HttpResponse:
    """Where it comes from, and by what its versions are checked from now on."""
    found = get_object_or_404(Layer, code=code)
    form = SettingsForm(request.POST, instance=found)
    if not form.is_valid():
        found.refresh_from_db()  # the form has put on it what was sent
        return _layer(request, found, form, status=422)
    describe(found, **form.cleaned_data)
    messages.success(request, _("Saved. The next check goes by these limits."))
    return HttpResponseRedirect(reverse("layer", args=[code]))


def _layer(request: SignedIn, found: Layer, form: SettingsForm | None = None, *, status: int = 200) -> HttpResponse:
    """Its facts, its versions, and the zones in force beside their map; those of the latest version where none are."""
    today = timezone.localdate()
    versions = list(queries.versions_of(found))
    shown = next((each for each in versions if each.standing(today) == "in_force"), versions[0] if versions else None)
    may_manage = request.user.may("manage_layers")
    return render(
        request,
        "layers/layer.html",
        {
            "layer": found,
            "versions": versions,
            "in_force": shown is not None and shown.standing(today) == "in_force",
            "may_manage": may_manage,
            "limits": quality.Limits.of(found),
            "form": (form or SettingsForm(instance=found)) if may_manage else None,
            **shown_zones(request, shown),
        },
        status=status,
    )


def shown_zones(request: SignedIn, version: LayerVersion | None) -> dict[str, object]:
    """What the list of zones and its map are given."""
    if version is None:
        return {"shown": None}
    asked = ZoneFilter(request.GET)
    words = asked.cleaned_data["q"] if asked.is_valid() else ""
    return {
        "shown": version,
        "zones": queries.zones_of(version, words=words),
        "words": words,
        "at_most": queries.ZONES_AT_MOST,
        "measured": queries.measured(version),
        "version_tiles": f"{version.layer.code}@{version.number}",
        "bounds": tiles.bounds_of(version),
    }


@requires("view_layers")
@never_cache
@require_safe
def export(request: SignedIn, code: str) -> HttpResponse | FileResponse:
    """The form; with `as` in the address, the zones in force on the day asked for as a file."""
    found = get_object_or_404(Layer, code=code)
    today = timezone.localdate()
    form = LayerExportForm(request.GET if "as" in request.GET else None, initial={"on": today})
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data
        day = wanted["on"] or today
        content = exports.frame(found, on=day, srid=wanted["crs"])
        if len(content):
            return download(content, as_=wanted["as"], name=f"{found.code}-{day.isoformat()}")
        form.add_error("on", _("No version of this layer is in force on that day: choose another."))
    in_force = found.versions.in_force(today).first()
    return render(
        request,
        "layers/export.html",
        {
            "layer": found,
            "form": form,
            "version": in_force,
            "never": not in_force and not found.versions.filter(status__in=LayerVersion.IN_FORCE).exists(),
        },
        status=400 if form.errors else 200,
    )
