"""The frame of the administration: who enters, by which door, and what stands where."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache


class Administration(AdminSite):
    site_title = "gisplatform"
    site_header = _("Administration")
    index_title = _("What the platform works with")
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Administrators only: the administration has no half rights."""
        user = request.user
        return user.is_active and user.is_staff and user.is_superuser

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The platform has one door: /connexion/. Whoever is inside already and may not enter here is told so."""
        wanted = request.GET.get("next", reverse("admin:index"))
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        return LogoutView.as_view()(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Rooms and their lists in the order they are registered in: people first, then what is asked."""
        return list(self._build_app_dict(request, app_label).values())
