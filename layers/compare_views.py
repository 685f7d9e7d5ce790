"""Two versions of a layer held against each other: the page, its ground on the map, its table as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform import spreadsheets
from gisplatform.pages import SignedIn, requires
from layers import reports, tiles
from layers.comparing import DRAWN_AT_MOST, Comparison, Place, compare, ground
from layers.forms import CompareForm
from layers.models import Layer, LayerVersion

PASSAGES_AT_MOST = 200  # of the table on the page; the file has all


@requires("view_layers")
@never_cache
@require_safe
def comparison(request: SignedIn, code: str) -> HttpResponse | StreamingHttpResponse:
    """`before` and `after` are numbers of versions; by default the latest, and what it follows."""
    layer = get_object_or_404(Layer, code=code)
    versions = LayerVersion.objects.filter(layer=layer).select_related("layer").order_by("-number")
    form = CompareForm(_asked(request, versions), versions=versions)
    found = compare(form.cleaned_data["before"], form.cleaned_data["after"]) if form.is_valid() else None
    match found, request.GET.get("format", ""):
        case Comparison(), "geojson":
            return JsonResponse(ground(found))
        case Comparison(), "csv":
            return _csv(found)
    context: dict[str, Any] = {"layer": layer, "form": form, "alone": len(versions) < 2, "found": found}
    if found:
        context |= {
            "counts": reports.of_changes(found),
            "changes": [(reports.CHANGES[change.kind], change) for change in found.changes],
            "passages": list(enumerate(found.passages[:PASSAGES_AT_MOST], 1)),
            "undrawn": len(found.passages) > DRAWN_AT_MOST,
            "bounds": tiles.bounds_of(found.after) or tiles.bounds_of(found.before),
            "after_tiles": f"{layer.code}@{found.after.number}",
        }
    return render(request, "layers/compare.html", context, status=400 if form.is_bound and not found else 200)


def _asked(request: SignedIn, versions: QuerySet[LayerVersion]) -> dict[str, Any] | None:
    """The versions of the address; where it names none, the usual two, None when there are not so many.

    What held on no day is proposed where there is nothing else.
    """
    if len(versions) < 2:
        return None
    today = timezone.localdate()
    usual = sorted(versions, key=lambda each: each.held_no_day)
    after = request.GET.get("after") or str(usual[0].number)
    others = [each for each in usual if str(each.number) != after]
    later = next((each.number for each in versions if str(each.number) == after), 0)
    sooner = [each for each in others if each.number < later]
    held = [each for each in sooner if each.standing(today) == "in_force"]
    before = request.GET.get("before") or (held or sooner or others)[0].number
    return {"before": before, "after": after}


def _csv(found: Comparison) -> StreamingHttpResponse:
    """Every change as a row, then every passage of ground."""
    head = [
        _("Change"), _("Codes before"), _("Names before"), _("Codes after"), _("Names after"), _("Gained (m²)"),
        _("Lost (m²)"),
    ]  # fmt: skip
    name = f"{found.after.layer.code}-{found.before.number}-{found.after.number}.csv"
    return spreadsheets.download(head, _rows(found), name=name)


def _rows(found: Comparison) -> Iterator[list[str]]:
    for change in found.changes:
        sides = [*_columns(change.before), *_columns(change.after)]
        yield [str(reports.CHANGES[change.kind]), *sides, f"{change.gained_m2:.2f}", f"{change.lost_m2:.2f}"]
    for passage in found.passages:
        sides = [*_columns([passage.before]), *_columns([passage.after])]
        yield [_("ground"), *sides, f"{passage.area_m2:.2f}", f"{passage.area_m2:.2f}"]


def _columns(places: Sequence[Place | None]) -> list[str]:
    """Their codes and their names; nothing of None."""
    there = [place for place in places if place]
    return [spreadsheets.plain(", ".join(texts)) for texts in ([p.code for p in there], [p.name for p in there])]
