"""Whether the zones of a version fit together and the territory: findings, each with its area and its outline.

One kind is an error, which nothing excuses: `duplicate_code`, since rules and maps name a zone by its code and could
not tell two apart. The others are warnings, right in some layers (markets overlap quarters, a sector may leave out a
lake) and wrong in others (communes): `overlap`, `gap` (enclosed by zones), `sliver` (a part of a zone hardly wider than
a line), `off_territory`. Gaps and overlaps that the layer allows are found all the same and said to be so (`info`):
they stop nothing and ask for nothing. A fault as small as the tolerance is no finding; nor, at tolerance 0, is what
rounds to 0.00 m²: coordinates brought from one system to another differ by some billionths of a metre. Invalid outlines
never get this far.
"""

import datetime
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db import transaction

from gisplatform import sql
from layers.models import Finding, Layer, LayerVersion

NOISE_M2 = 0.005
ERROR, WARNING, INFO = Finding.Severity.ERROR, Finding.Severity.WARNING, Finding.Severity.INFO
SEVERITIES = (ERROR, WARNING, INFO)  # in the order they are told


@dataclass(frozen=True)
class Limits:
    """What a check lets pass, and what it only mentions."""

    tolerance_m2: float
    sliver_width_m: float
    gaps_allowed: bool
    overlaps_allowed: bool

    @classmethod
    def of(cls, layer: Layer, *, tolerance_m2: float | None = None) -> Self:
        """Those of the layer; another tolerance may be wished for once."""
        return cls(
            tolerance_m2=layer.tolerance_m2 if tolerance_m2 is None else tolerance_m2,
            sliver_width_m=layer.sliver_width_m,
            gaps_allowed=layer.gaps_allowed,
            overlaps_allowed=layer.overlaps_allowed,
        )

    def severity(self, kind: str) -> Finding.Severity:
        if kind == Finding.Kind.DUPLICATE_CODE:
            return ERROR
        allowed = {Finding.Kind.GAP: self.gaps_allowed, Finding.Kind.OVERLAP: self.overlaps_allowed}
        return INFO if allowed.get(kind) else WARNING  # type: ignore[call-overload]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def check_and_note(
    version: LayerVersion,
    *,
    on: datetime.date,
    tolerance_m2: float | None = None,
    progress: Callable[[int], object] = lambda _done: None,
) -> list[Finding]:
    """Look for faults, and note them in place of those found before; a draft without errors becomes `checked`.

    The findings come with their place and without their outline: errors first, then by kind, the largest first; [] when
    all fits. `on` is the day whose territory counts, which is not held against itself; the report says under `check`
    by which limits it was, the version what share of the territory it covers. Tolerance is the layer's unless given.
    Cost grows with the number of vertices: seconds for thousands of zones, a minute or two for 50,000. `progress` is
    told how many kinds of faults were looked for.
    """
    with transaction.atomic():
        # One check of a version at a time.
        held = LayerVersion.objects.select_for_update(no_key=True, of=("self",)).select_related("layer")
        now = held.get(pk=version.pk)
        limits = Limits.of(now.layer, tolerance_m2=tolerance_m2)
        now.findings.all().delete()
        ordered = sorted(kinds(now.layer), key=lambda kind: SEVERITIES.index(limits.severity(kind)))
        for done, kind in enumerate(ordered, 1):
            _note(now, kind, limits=limits, on=on)
            progress(done)
        findings = list(now.findings.told())
        version.report = {**now.report, "check": _stamp(limits, on)}
        version.status = now.status
        if version.status == LayerVersion.Status.DRAFT and not any(each.severity == ERROR for each in findings):
            version.status = LayerVersion.Status.CHECKED
        version.save(update_fields=["report", "status"])
    version.refresh_from_db(fields=["covered_share"])
    return findings


def still_true(version: LayerVersion, *, on: datetime.date) -> bool:
    """Whether its last check would find the same that day: its zones stay, limits and territory may not."""
    return version.report.get("check") == _stamp(Limits.of(version.layer), on)


def _stamp(limits: Limits, on: datetime.date) -> dict[str, Any]:
    """By what a check went."""
    territory = LayerVersion.objects.in_force(on).filter(layer__territory=True).order_by("pk")
    return {**limits.as_json(), "on": on.isoformat(), "territory": list(territory.values_list("pk", flat=True))}


def kinds(layer: Layer) -> list[Finding.Kind]:
    """What is looked for in a version of the layer."""
    return list(_statements(layer))


def _note(version: LayerVersion, kind: Finding.Kind, *, limits: Limits, on: datetime.date) -> None:
    severity = limits.severity(kind)
    facts = {
        "version_id": version.pk,
        "kind": kind,
        "severity": severity,
        "tolerance_m2": 0.0 if severity == ERROR else max(limits.tolerance_m2, NOISE_M2),
        "width_m": limits.sliver_width_m,
        "on_day": on,
    }
    sql.rows(_statements(version.layer)[kind], facts)


def _statements(layer: Layer) -> dict[Finding.Kind, str]:
    found = {
        Finding.Kind.DUPLICATE_CODE: sql.load("layers", "duplicate_codes"),
        Finding.Kind.OVERLAP: sql.load("layers", "overlaps"),
        Finding.Kind.GAP: sql.load("layers", "gaps"),
        Finding.Kind.SLIVER: sql.load("layers", "slivers"),
        Finding.Kind.OFF_TERRITORY: sql.load("layers", "off_territory"),
    }
    if layer.territory:
        del found[Finding.Kind.OFF_TERRITORY]
    return found


def checked_by(version: LayerVersion) -> Limits | None:
    """The limits of its last check, None before the first."""
    told = version.report.get("check")
    return Limits(**{name: told[name] for name in Limits.__dataclass_fields__}) if told else None
