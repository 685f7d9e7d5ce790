"""What rooms above show on the page of a version: they register it here, since imports go down."""

from collections import defaultdict
from collections.abc import Callable
from enum import StrEnum

from django.http import HttpRequest

from layers.models import LayerVersion

Section = Callable[[HttpRequest, LayerVersion], str]


class Spot(StrEnum):
    """Where on the page: in the form that publishes, or under the head of the version."""

    PUBLISHING = "publishing"
    HEAD = "head"


_sections: dict[Spot, list[Section]] = defaultdict(list)


def on_version_page(spot: Spot) -> Callable[[Section], Section]:
    """Register a function that gives the HTML to show there, "" for nothing."""

    def register(section: Section) -> Section:
        _sections[spot].append(section)
        return section

    return register


def sections(request: HttpRequest, version: LayerVersion) -> dict[str, list[str]]:
    """By the name of the spot, what is to be shown there."""
    return {spot.value: [section(request, version) for section in _sections[spot]] for spot in Spot}
