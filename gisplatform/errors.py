"""What may be expected to go wrong, and how it is told: a page to a person, problem+json to a machine."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import exceptions
from rest_framework.views import exception_handler, set_rollback

from gisplatform.media import TooLarge


class PlatformError(Exception):
    """Something expected went wrong."""

    status = 400
    message: Any = gettext_lazy("This cannot be done.")

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or str(self.message))


class InvalidGeometry(PlatformError):
    """A geometry is empty, invalid, of a type we do not take, or nowhere on Earth."""

    message = gettext_lazy("The place cannot be read.")


class OutsideTerritory(PlatformError):
    """The geometry lies outside every authority's territory (public entry only)."""

    status = 422
    message = gettext_lazy("This place lies outside the territory.")


class KeyReused(PlatformError):
    """An idempotency key already used by somebody else, or for another request."""

    status = 409
    message = gettext_lazy("This key has already served for another request.")


class MoveRefused(PlatformError):
    """The request's state does not allow this move."""

    status = 409
    message = gettext_lazy("The request is no longer in a state that allows this.")


class UnreadableFile(PlatformError):
    """An uploaded file is not what it claims, too large or damaged."""

    status = 422
    message = gettext_lazy("The file cannot be read.")


class ErrorPages:
    """Middleware: a PlatformError raised by a page becomes a page with its status and sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, PlatformError):
            return None
        return render(request, "error.html", {"status": error.status, "sentence": str(error)}, status=error.status)


def problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler: every refusal as application/problem+json (RFC 9457), fields under `errors`.

    None for what nobody expected: it goes to the log and to `server_error`.
    """
    if isinstance(error, PlatformError):
        set_rollback()
        return problem_json(status=error.status, title=str(error))
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError(_("The request is not one we can read."))
    answer = exception_handler(error, context)
    if answer is None:
        return None
    fields = flat(answer.data) if isinstance(error, exceptions.ValidationError) else None
    kept = {name: answer.headers[name] for name in ("WWW-Authenticate", "Retry-After") if name in answer.headers}
    return problem_json(status=answer.status_code, title=_title(error), errors=fields, headers=kept)


def problem_json(
    *, status: int, title: str, errors: dict[str, list[str]] | None = None, headers: dict[str, str] | None = None
) -> HttpResponse:
    """`title` is a sentence for a person; `errors` are sentences by field, nested fields as `requester.email`."""
    body = {"type": "about:blank", "status": status, "title": title, **({"errors": errors} if errors else {})}
    # A plain response: whatever format was asked for, a refusal is problem+json.
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        headers=headers,
        json_dumps_params={"ensure_ascii": False},
    )


def flat(errors: Any, field: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as one level: {"requester": {"email": [e]}} is {"requester.email": [e]}."""
    if isinstance(errors, dict):
        inner = [(f"{field}.{name}" if field else str(name), value) for name, value in errors.items()]
    elif any(isinstance(each, dict) for each in errors):
        inner = [(f"{field}.{number}" if field else str(number), each) for number, each in enumerate(errors) if each]
    else:
        return {field: [str(each) for each in errors]}
    return {name: sentences for path, value in inner for name, sentences in flat(value, path).items()}


def _title(error: Exception) -> str:
    match error:
        case exceptions.ValidationError():
            return _("Some fields are not right.")
        case exceptions.APIException():
            return str(error.detail)
        case Http404():
            return _("There is nothing here.")
        case _:
            return _("You may not do this.")


# What Django calls when no view answered: problem+json to machines, its own pages (400.html …) to people.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _from_machine(request):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return problem_json(status=413, title=str(TooLarge.default_detail))
    return problem_json(status=400, title=_("The request is not one we can read."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _from_machine(request):
        return defaults.permission_denied(request, exception)
    return problem_json(status=403, title=_("You may not do this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _from_machine(request):
        return defaults.page_not_found(request, exception)
    return problem_json(status=404, title=_("There is nothing here."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Says nothing of what went wrong: that is in the log."""
    if not _from_machine(request):
        return defaults.server_error(request)
    return problem_json(status=500, title=_("Something went wrong on our side. Try again in a moment."))


def _from_machine(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
