"""How the machine interfaces describe themselves: the OpenAPI schema, its page, and what every operation shares."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers

from gisplatform import pages
from gisplatform.permissions import DeclaredPermission


class TokenScheme(OpenApiAuthenticationExtension):
    """Both ways a token may come."""

    target_class = "gisplatform.tokens.TokenAuthentication"
    name = ["bearer", "basic"]

    def get_security_requirement(self, _auto_schema: Any) -> list[dict[str, list[Any]]]:
        return [{name: []} for name in self.name]

    def get_security_definition(self, _auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "http", "scheme": "bearer", "description": str(_("The header `Authorization: Bearer TOKEN`."))},
            {"type": "http", "scheme": "basic", "description": str(_("Any name, the token as password: for QGIS."))},
        ]


# RFC 9457. The description of the interface shows docstrings: those of serializers stay comments.
class Problem(serializers.Serializer):
    type = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField(help_text=_("A sentence for a person."))
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text=_("Sentences by field; a nested field is written requester.email."),
    )


class Link(serializers.Serializer):
    rel = serializers.CharField()
    href = serializers.URLField()


REFUSALS = {
    400: _("Some fields are not right."),
    401: _("No token, or one that is no longer valid."),
    403: _("You may not do this."),
    404: _("There is nothing here."),
    409: _("The key has already served for another request, or the state does not allow the move."),
    412: _("It has changed since you read it."),
    413: _("This is too much at once: send less."),
    415: _("The body is neither JSON nor a form."),
    422: _("The file cannot be taken as it is: the title says why, the errors what to say of it."),
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER,
    description=_("A UUID drawn for this call: sent again with the same key, it is answered again, not done again."),
)  # fmt: skip
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER,
    description=_("The ETag of the version you have: while it has not changed, the answer is 304 without a body."),
)  # fmt: skip
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER,
    description=_("The ETag of the version you read: changed since, nothing is done and the answer is 412."),
)  # fmt: skip


def refusals(*statuses: int) -> dict[Any, OpenApiResponse]:
    """The refusals an operation may answer, for `extend_schema(responses=…)`."""
    return {
        (status, "application/problem+json"): OpenApiResponse(Problem, description=REFUSALS[status])
        for status in statuses
    }


class SchemaView(SpectacularAPIView):
    permission_classes = [DeclaredPermission]
    required_permissions = {"GET": ""}


@pages.for_everyone_signed_in
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api_docs.html")
