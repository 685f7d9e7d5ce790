"""What every page shares: a permission declared or the mark of being public, and the navigation."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

View = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[View], View]:
    """Declare that a page needs `permission`; a person without it gets the 403 page."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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


# What the bar at the top offers, in order: URL name, label, permission.
PLACES = (
    ("intake", _("New request"), "log_request"),
    ("requests", _("Requests"), "view_requests"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the places this person may go."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"places": []}
    return {"places": [(name, label) for name, label, permission in PLACES if user.may(permission)]}
