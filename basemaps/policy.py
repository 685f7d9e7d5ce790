"""The pages' policy lets the browser fetch tiles from the backgrounds that may be chosen now, and from nowhere else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from basemaps import catalogue


class AllowBasemaps:
    """Middleware, under that of the policy: adds the hosts to the answers that are pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html") and (hosts := catalogue.hosts()):
            response._csp_update = {"img-src": hosts, "connect-src": hosts}  # type: ignore[attr-defined]
        return response
