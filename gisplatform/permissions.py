"""DRF's side of the permission table: a view declares what each method needs."""

from typing import Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class DeclaredPermission(BasePermission):
    """Reads `required_permissions = {"GET": "view_requests", …}` of the view; what it does not declare is refused.

    "" means: any account. `public = True` on the view opens it to all.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if getattr(view, "public", False):
            return True
        user = request.user
        if not user.is_authenticated:
            return False
        method = request.method or ""
        if not hasattr(view, method.lower()):
            raise MethodNotAllowed(method)
        method = "GET" if method in {"HEAD", "OPTIONS"} else method
        wanted = getattr(view, "required_permissions", {}).get(method)
        return wanted == "" or (wanted is not None and user.may(wanted))
