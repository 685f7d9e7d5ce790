"""The reason of a decision, in the words a person reads."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def sentence(*, trace: dict[str, Any], border_distance_m: float | None) -> str:
    """One sentence: who answers, by which rule, in which zone, how far from its border.

    `border_distance_m` is in metres, None when nobody answers.
    """
    candidates = trace["candidates"]
    chosen = chosen_of(candidates)
    if chosen is None or border_distance_m is None:
        if not candidates:
            return _("No rule answers here: the central technician will sort it.")
        return _("No rule answers at this very place; %(department)s answers %(away)s away.") % {
            "department": candidates[0]["department"]["name"], "away": metres(candidates[0]["away_m"]),
        }  # fmt: skip
    facts = {
        "department": chosen["department"]["name"],
        "rule": chosen["rule"]["name"],
        "zone": chosen["zone"]["name"],
        "share": round(100 * chosen["share"]),
        "border": metres(border_distance_m),
    }
    if chosen["share"] < 1:
        return _("%(department)s: rule %(rule)s, zone %(zone)s, which holds %(share)s %% of it") % facts
    return _("%(department)s: rule %(rule)s, zone %(zone)s, %(border)s from its border") % facts


def chosen_of(candidates: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((candidate for candidate in candidates if candidate["reason"] == "chosen"), None)


def rivals_of(candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The departments that would answer a few steps away: what makes an answer doubtful, each once."""
    rivals = {each["department"]["code"]: each for each in reversed(candidates) if each["rival"]}
    return list(reversed(rivals.values()))


def reason(candidate: dict[str, Any]) -> str:
    """Why a candidate was chosen or lost, for a person."""
    return {
        "chosen": _("chosen"),
        "outside": _("its zone begins %(away)s away") % {"away": metres(candidate["away_m"])},
        "priority": _("its rule has a lower priority"),
        "family": _("its rule is for the whole family, not for this category"),
        "share": _("its zone holds a smaller share (%(share)s %%)") % {"share": round(100 * candidate["share"])},
        "area": _("its zone is larger"),
        "zone": _("its zone comes later in the order of zones"),
        "everywhere": _("its rule is for every zone, not for this one"),
        "rule": _("its rule was written later"),
    }[candidate["reason"]]


def metres(distance: float) -> str:
    """A distance as people say it: 3 m, 120 m, 1,4 km."""
    if distance < 1:
        return _("less than 1 m")
    if distance < 1000:
        return _("%(metres)d m") % {"metres": round(distance, -1) if distance > 50 else round(distance)}
    return _("%(kilometres)s km") % {"kilometres": number_format(distance / 1000, 1)}


def routing(*, trace: dict[str, Any], border_distance_m: float | None, doubtful: bool) -> dict[str, Any]:
    """A decision as every interface tells it: codes for machines, `sentence` and each `reason` for people."""
    candidates = trace["candidates"]
    chosen = chosen_of(candidates)
    others = [each for each in candidates if each is not chosen]
    return {
        "state": "routed" if chosen else "to_sort",
        "department": chosen and chosen["department"]["code"],
        "authority": chosen and chosen["authority"]["code"],
        "sentence": sentence(trace=trace, border_distance_m=border_distance_m),
        "rule": chosen and chosen["rule"]["code"],
        "layer": chosen and chosen["layer"]["code"],
        "layer_version": chosen and chosen["layer"]["version"],
        "zone": chosen and chosen["zone"]["code"],
        "share": chosen and chosen["share"],
        "border_distance_m": None if border_distance_m is None else round(border_distance_m, 1),
        "doubtful": doubtful,
        "candidates": [
            {
                "department": each["department"]["code"],
                "zone": each["zone"]["code"],
                "rule": each["rule"]["code"],
                "reason": reason(each),
            }
            for each in others
        ],
    }
