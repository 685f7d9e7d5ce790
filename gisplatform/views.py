"""The pages that belong to no room: signing in and out, the way home, and whether we are alive."""

from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_safe

from gisplatform import pages


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("This name and this password do not go together. Check capitals, then try again."),
        "inactive": _("This account is closed. Ask the person who manages the accounts."),
    }


class SignIn(auth.LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True


# POST only: a link on another site must not sign anybody out.
sign_out = pages.public(auth.LogoutView.as_view())


@require_GET
@pages.for_everyone_signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Each to the place where they begin; a person without any is told whom to ask."""
    address = pages.home_of(request.user)  # type: ignore[arg-type]
    return HttpResponseRedirect(address) if address else render(request, "home.html")


@pages.public
@cache_control(max_age=24 * 3600)
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines: places of work, and pages whose address is a secret."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@pages.public
@never_cache
@require_GET
def health(_request: HttpRequest) -> JsonResponse:
    """200 while a request can be served, 503 without the database; for machines that watch."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"database": "no answer"}, status=503)
    return JsonResponse({"database": "ok"})


@pages.for_everyone_signed_in
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    return no_news()


def no_news() -> HttpResponse:
    """What a stream's address answers here: streams belong to `gisplatform.asgi`, which takes them before any page."""
    said = _("This server tells no news as they come.")
    return HttpResponse(said, status=501, content_type="text/plain; charset=utf-8")
