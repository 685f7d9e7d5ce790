"""What happened to a layer, in lines for a person; a machine reads the same facts in `LayerVersion.report`."""

import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext_lazy

from gisplatform import moments
from layers.comparing import Comparison
from layers.models import Finding, LayerVersion

SHOWN = 20  # lines of each list
CHANGES = {
    "added": pgettext_lazy("a zone", "added"),
    "removed": pgettext_lazy("a zone", "removed"),
    "merged": gettext_lazy("merged"),
    "split": gettext_lazy("split"),
    "redrawn": gettext_lazy("redrawn"),
    "renamed": gettext_lazy("renamed"),
    "moved": gettext_lazy("border moved"),
    "same": gettext_lazy("unchanged"),
}

COUNTED = {
    "added": ngettext_lazy("zone added", "zones added"),
    "removed": ngettext_lazy("zone removed", "zones removed"),
    "merged": ngettext_lazy("merger", "mergers"),
    "split": ngettext_lazy("split in parts", "splits in parts"),
    "redrawn": ngettext_lazy("redrawing", "redrawings"),
    "renamed": ngettext_lazy("zone renamed", "zones renamed"),
    "moved": ngettext_lazy("zone with a moved border", "zones with a moved border"),
    "same": ngettext_lazy("zone unchanged", "zones unchanged"),
}


def of_import(report: dict[str, Any]) -> list[str]:
    zones, refused, repaired = report["zones"], report["refused"], report["repaired"]
    lines = [
        ngettext(
            "Layer %(layer)s, version %(version)s: %(zones)s zone taken from %(file)s (%(format)s, %(crs)s).",
            "Layer %(layer)s, version %(version)s: %(zones)s zones taken from %(file)s (%(format)s, %(crs)s).",
            zones,
        )
        % report,
        _("Codes come from “%(code)s”, names from “%(name)s”.")
        % {"code": report["code_field"] or "–", "name": report["name_field"] or "–"},
        *report["notes"],
    ]
    if refused:
        lines.append(ngettext("%(n)s line refused:", "%(n)s lines refused:", len(refused)) % {"n": len(refused)})
        lines += _some(["  " + _("line %(line)s: %(reason)s") % each for each in refused])
    if repaired:
        lines.append(
            ngettext("%(n)s outline repaired:", "%(n)s outlines repaired:", len(repaired)) % {"n": len(repaired)}
        )
        lines += _some(
            [
                "  "
                + _("line %(line)s: area changed by %(area)s m²")
                % {"line": each["line"], "area": number_format(each["area_change_m2"], 2)}
                for each in repaired
            ]
        )
    return lines


def of_check(findings: list[Finding]) -> list[str]:
    """One line a finding, the errors marked; one sentence when there is none."""
    if not findings:
        return [_("No fault found: the zones fit together.")]
    count = ngettext("%(n)s finding:", "%(n)s findings:", len(findings)) % {"n": len(findings)}
    return [count, *_some([_finding(finding) for finding in findings])]


def _finding(finding: Finding) -> str:
    told = finding.as_json()
    facts = {
        "severity": finding.get_severity_display(),
        "kind": finding.get_kind_display(),
        "zones": ", ".join(finding.zones[:6]) + ("…" if len(finding.zones) > 6 else ""),
        "area": number_format(finding.area_m2, 2),
        "lat": f"{told['lat']:.6f}",
        "lon": f"{told['lon']:.6f}",
    }
    return "  " + _("%(severity)s, %(kind)s: %(zones)s, %(area)s m², at %(lat)s, %(lon)s") % facts


def of_changes(comparison: Comparison) -> list[tuple[str, int]]:
    """How many changes of each kind that occurs, in words."""
    return [(COUNTED[kind] % count, count) for kind, count in comparison.counts().items()]


def of_publication(version: LayerVersion) -> str:
    """The sentence on a version just published."""
    done = version.report["publication"]
    facts = {
        "version": version.number,
        "layer": version.layer.name,
        "from": _day(done["valid_from"]),
        "to": _day(done["valid_to"]) if done["valid_to"] else "",
        "replaced": done["replaces"],
    }
    if done["valid_to"]:
        sentence = _("Version %(version)s of “%(layer)s” is in force from %(from)s until %(to)s (excluded).") % facts
    else:
        sentence = _("Version %(version)s of “%(layer)s” is in force from %(from)s.") % facts
    if done["replaces"]:
        sentence += " " + _("It takes the place of version %(replaced)s.") % facts
    return sentence


def _day(iso: str) -> str:
    return moments.day(datetime.date.fromisoformat(iso), "j F Y")


def _some(lines: list[str]) -> list[str]:
    left = len(lines) - SHOWN
    more = ngettext("  and %(n)s more", "  and %(n)s more", left) % {"n": left} if left > 0 else ""
    return [*lines[:SHOWN], *([more] if more else [])]
