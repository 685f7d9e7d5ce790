"""What the check of a version found: page by page beside the map, by kind and severity, and as a file."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gisplatform.exporting import download
from gisplatform.pages import SignedIn, requires
from layers import exports, quality, tiles
from layers.forms import FindingFilter
from layers.models import Finding, LayerVersion

SHOWN = 10  # on the page of a version, which leads to all of them


@requires("view_layers")
@never_cache
@require_safe
def findings(request: SignedIn, code: str, number: int) -> HttpResponse | FileResponse:
    """`kind` and `severity` filter; `format` asks for all of these as a file, or for the outlines of the page."""
    version = tiles.version_of(code, number)
    form = FindingFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else FindingFilter.NOTHING
    found = version.findings.like(kind=asked["kind"], severity=asked["severity"])
    match asked["format"]:
        case "map":
            return JsonResponse(found.outlines(after=asked["after"] or 0))
        case "csv" | "geojson" as wanted:
            return download(exports.findings(found), as_=wanted, name=f"{code}-{number}-{asked['kind'] or 'controle'}")
    rows, following = found.page(after=asked["after"] or 0)
    return render(
        request,
        "layers/findings.html",
        {
            "version": version,
            "layer": version.layer,
            "summary": Summary.of(version, kind=asked["kind"], severity=asked["severity"]),
            "asked": asked,
            "rows": rows,
            "following": following,
            "shown": version,
            "version_tiles": f"{version.layer.code}@{version.number}",
            "bounds": tiles.bounds_of(version),
        },
    )


@dataclass(frozen=True)
class Summary:
    """What the last check found; `limits` it went by, None before the first, `outdated` when the layer has others now.

    `kinds` and `severities` are what occurs, each as code, label and number.
    """

    limits: quality.Limits | None
    outdated: bool
    total: int
    errors: int
    warnings: int
    kinds: list[tuple[str, str, int]]
    severities: list[tuple[str, str, int]]

    @classmethod
    def of(cls, version: LayerVersion, *, kind: str = "", severity: str = "") -> Self:
        """Kinds are counted among those of `severity`, severities among those of `kind`. One query."""
        counts = version.findings.counts()
        kinds: Counter[str] = Counter()
        severities: Counter[str] = Counter()
        alone: Counter[str] = Counter()
        for (one, other), found in counts.items():
            kinds[one] += found if severity in ("", other) else 0
            severities[other] += found if kind in ("", one) else 0
            alone[other] += found
        limits = quality.checked_by(version)
        return cls(
            limits=limits,
            outdated=limits is not None and limits != quality.Limits.of(version.layer),
            total=alone.total(),
            errors=alone[quality.ERROR],
            warnings=alone[quality.WARNING],
            kinds=[(each.value, str(each.label), kinds[each]) for each in Finding.Kind if each in kinds],
            severities=[
                (each.value, str(each.label), severities[each]) for each in Finding.Severity if each in severities
            ],
        )
