"""Whether the zones of a version fit together and the territory: findings, each with its area and where it is.

One kind is an error, which nothing excuses: `duplicate_code`, since rules and maps name a zone by its code and could
not tell two apart. The others are warnings, right in some layers (markets overlap quarters, a sector may leave out a
lake) and wrong in others (communes): `overlap`, `gap` (enclosed by zones), `sliver` (a part of a zone hardly wider than
a line), `off_territory`. A warning as small as the tolerance is no finding; nor, at tolerance 0, is what rounds to
0.00 m²: coordinates brought from one system to another differ by some billionths of a metre. Invalid outlines never get
this far.
"""

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from gisplatform import sql
from layers.models import Layer, LayerVersion

TOLERANCE_M2 = 1.0
SLIVER_WIDTH_M = 2.0
NOISE_M2 = 0.005
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """`zones` are codes, `width_m` the mean width (None where it says nothing), `lon` and `lat` a point to look at."""

    kind: str
    severity: str
    area_m2: float
    width_m: float | None
    zones: list[str]
    lon: float
    lat: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def check(version: LayerVersion, *, on: datetime.date, tolerance_m2: float = TOLERANCE_M2) -> list[Finding]:
    """The findings of a version, errors first, then by kind, the largest first; [] when all fits.

    `on` is the day whose territory counts. The territory's own layers are not held against it. Cost grows with the
    number of vertices: seconds for thousands of zones, a minute or two for 50,000.
    """
    facts = {
        "version_id": version.pk,
        "tolerance_m2": max(tolerance_m2, NOISE_M2),
        "width_m": SLIVER_WIDTH_M,
        "on_day": on,
    }
    statements = {
        "duplicate_code": sql.load("layers", "duplicate_codes"),
        "overlap": sql.load("layers", "overlaps"),
        "gap": sql.load("layers", "gaps"),
        "sliver": sql.load("layers", "slivers"),
        "off_territory": sql.load("layers", "off_territory"),
    }
    if Layer.objects.filter(pk=version.layer_id, territory=True).exists():
        del statements["off_territory"]
    return [
        Finding(
            kind=kind,
            severity=ERROR if kind == "duplicate_code" else WARNING,
            area_m2=round(row["area_m2"], 2),
            width_m=None if row["width_m"] is None else round(row["width_m"], 2),
            zones=row["zones"],
            lon=round(row["lon"], 6),
            lat=round(row["lat"], 6),
        )
        for kind, statement in statements.items()
        for row in sql.rows(statement, facts)
    ]


def check_and_note(version: LayerVersion, *, on: datetime.date, tolerance_m2: float = TOLERANCE_M2) -> list[Finding]:
    """`check`, kept in the version's report; a draft without errors becomes `checked`."""
    findings = check(version, on=on, tolerance_m2=tolerance_m2)
    version.report = {**version.report, "findings": [finding.as_json() for finding in findings]}
    if version.status == LayerVersion.Status.DRAFT and not any(finding.severity == ERROR for finding in findings):
        version.status = LayerVersion.Status.CHECKED
    version.save(update_fields=["report", "status"])
    return findings
