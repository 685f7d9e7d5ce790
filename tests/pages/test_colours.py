"""The colours of tokens.css against each other: WCAG 2.2, level AA."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "gisplatform/static/gisplatform/css/tokens.css"

TEXT, EDGE = 4.5, 3.0
STATES = ("state-sort", "state-wait", "state-work", "state-done", "state-late", "state-off")
BADGE = 0.11  # how much of its colour the ground of a badge takes: components.css
PAIRS = [
    *(("ink", paper, TEXT) for paper in ("paper", "paper-raised", "paper-sunken", "accent-soft")),
    *(("ink-muted", paper, TEXT) for paper in ("paper", "paper-raised", "paper-sunken", "accent-soft")),
    *(("accent", paper, TEXT) for paper in ("paper", "paper-raised", "paper-sunken", "accent-soft")),
    *((state, paper, TEXT) for state in STATES for paper in ("paper", "paper-raised", "paper-sunken")),
    ("accent-ink", "accent", TEXT),
    ("accent-ink", "accent-strong", TEXT),
    ("accent-strong", "accent-soft", TEXT),
    ("danger", "paper-raised", TEXT),
    ("danger-ink", "danger", TEXT),
    ("paper", "ink", TEXT),
    ("line-strong", "paper", EDGE),
    ("line-strong", "paper-raised", EDGE),
]

Colour = tuple[float, float, float]


def colours(scheme: str) -> dict[str, Colour]:
    """The tokens in force in a scheme: the light ones, under the dark ones in the dark."""
    light, dark = re.split(r"@media screen and \(prefers-color-scheme: dark\)", TOKENS.read_text(encoding="utf-8"))
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6});", light + (dark if scheme == "dark" else ""))
    return {name: tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)) for name, digits in found}  # type: ignore[misc]


def luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: Colour, ground: Colour, share: float) -> Colour:
    return tuple(share * a + (1 - share) * b for a, b in zip(colour, ground, strict=True))  # type: ignore[return-value]


def test_contrast_is_computed_as_the_standard_says():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((1, 0, 0), (1, 1, 1)) == pytest.approx(3.998, abs=0.001)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(scheme):
    known = colours(scheme)
    faint = {
        f"{front} on {back}": round(contrast(known[front], known[back]), 2)
        for front, back, least in PAIRS
        if contrast(known[front], known[back]) < least
    }
    assert faint == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_badge_can_be_read_on_its_own_ground(scheme):
    known = colours(scheme)
    for state in STATES:
        ground = mixed(known[state], known["paper-raised"], BADGE)
        assert contrast(known[state], ground) >= TEXT, state


def test_the_dark_scheme_answers_every_colour_of_the_light_one():
    text = TOKENS.read_text(encoding="utf-8")
    light, dark = text.split("@media screen and (prefers-color-scheme: dark)")
    named = re.compile(r"--([\w-]+): (?:#|rgb|0 1px)")
    assert set(named.findall(light)) == set(named.findall(dark))
