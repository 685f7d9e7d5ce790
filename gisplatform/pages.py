"""What every page shares: a permission declared or the mark of being public, and the navigation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gisplatform.models import User

View = Callable[..., HttpResponseBase]


class SignedIn(HttpRequest):
    """What a page that needs an account is given."""

    user: User


def requires(permission: str) -> Callable[[View], View]:
    """Declare that a page needs `permission`; a person without it gets the 403 page."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not (request.user.is_authenticated and request.user.may(permission)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return declare


def for_everyone_signed_in(view: View) -> View:
    """Declare that a page needs an account and nothing more."""
    view.required_permission = ""  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Declare that a page is open to all."""
    return login_not_required(view)


@dataclass(frozen=True)
class Place:
    """Where the bar at the top leads: a URL name, its words, the permission it needs, its drawing, its key."""

    name: str
    label: Any
    permission: str
    icon: str
    key: str = ""


PLACES = (
    Place("intake", _("New request"), "log_request", "plus", "n"),
    Place("requests", _("Requests"), "view_requests", "list"),
    Place("desk", _("Evaluation"), "evaluate_request", "to-evaluate"),
    Place("work", _("Interventions"), "work_request", "planned"),
    Place("overview", _("Figures"), "view_figures", "chart"),
    Place("field", _("Field"), "capture_in_field", "pin"),
    Place("layers", _("Layers"), "view_layers", "layers"),
    Place("contractor", _("Our work"), "company_work", "planned"),
)
# Where a role begins its day; whoever is not named here begins with the list of requests.
HOMES = {
    "agent": "intake", "technician": "field", "regulator": "desk", "manager": "overview", "contractor": "contractor",
    "analyst": "layers",
}  # fmt: skip


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the places this person may go, and which of them this page is, or lies under."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"places": []}
    places = [{"place": place, "url": url, "current": ""} for place, url in _reachable(user)]
    above = [entry for entry in places if request.path.startswith(str(entry["url"]))]
    if above:
        nearest = max(above, key=lambda entry: len(str(entry["url"])))
        nearest["current"] = "page" if request.path == nearest["url"] else "true"
    return {"places": places, "at_a_place": any(entry["current"] == "page" for entry in places)}


def home_of(user: User) -> str | None:
    """The address where this person begins; None when no place is open to them."""
    urls = {place.name: url for place, url in _reachable(user)}
    names = [name for role, name in HOMES.items() if role in user.role_codes]
    return next((urls[name] for name in [*names, "requests", *urls] if name in urls), None)


def _reachable(user: User) -> list[tuple[Place, str]]:
    return [(place, reverse(place.name)) for place in PLACES if user.may(place.permission)]
