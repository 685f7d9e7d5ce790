"""What rooms above do when somebody has a request before them: they register it here, since imports go down."""

from collections.abc import Callable

from gisplatform.models import User
from interventions.requests.models import ServiceRequest

Opening = Callable[[User, ServiceRequest], None]

_openings: list[Opening] = []


def on_opening(opening: Opening) -> Opening:
    _openings.append(opening)
    return opening


def opened(user: User, request: ServiceRequest) -> None:
    for opening in _openings:
        opening(user, request)
