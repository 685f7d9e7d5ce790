"""What every machine interface shares: keys and versions understood, lists bounded and linked. And the departments."""

import datetime
import math
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotAuthenticated, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.departments import in_use
from gisplatform.models import Department, User
from gisplatform.openapi import Link, refusals

MOST = 1000  # rows in one answer


class Number(serializers.FloatField):
    """A number; "NaN", which Python would take, is none."""

    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class ListQuery(serializers.Serializer):
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, default=100, help_text=gettext_lazy("At most so many.")
    )


def caller(request: Request) -> User:
    """Who calls; a view that declares a permission is never reached without an account."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def asked(query: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The query string read by `query`; raises ValidationError."""
    read = query(data=request.query_params)
    read.is_valid(raise_exception=True)
    return read.validated_data


def idempotency_key(request: Request) -> UUID:
    """The UUID of the Idempotency-Key header, drawn at random when there is none; raises ValidationError."""
    text = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not text:
        return uuid4()
    try:
        return UUID(text)
    except ValueError:
        raise ValidationError({"Idempotency-Key": [_("Give a UUID, a new one for each new request.")]}) from None


def etag(row_id: int, updated_at: datetime.datetime) -> str:
    """The version of a row; what else its answer tells (its zones, say) may change under the same version."""
    return f'"{row_id}-{updated_at.timestamp():.6f}"'


def known_to_client(request: Request, version: str) -> bool:
    """True when If-None-Match names this version: the answer is 304."""
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    return version in known or "*" in known


class Changed(APIException):
    """If-Match names a version that is no longer the one in force."""

    status_code = 412
    default_detail = gettext_lazy("This has changed since you read it: read it again.")
    default_code = "changed"


def check_version(request: Request, version: str) -> None:
    """Raises Changed when If-Match names other versions than this one; without If-Match any will do."""
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if wanted and version not in wanted and "*" not in wanted:
        raise Changed


def links(request: Request, **cursors: str) -> list[dict[str, str]]:
    """`self`, and a link for each rel that has a cursor: `links(request, next=page.after)`."""
    found = [{"rel": "self", "href": request.build_absolute_uri()}]
    for rel, cursor in cursors.items():
        if cursor:
            query = request.query_params.copy()
            query["cursor"] = cursor
            found.append({"rel": rel, "href": request.build_absolute_uri(f"{request.path}?{query.urlencode()}")})
    return found


class DepartmentRow(serializers.ModelSerializer):
    authority = serializers.CharField(source="authority.code")
    authority_name = serializers.CharField(source="authority.name")
    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent.code", allow_null=True, default=None
    )

    class Meta:
        model = Department
        fields = ("code", "name", "kind", "authority", "authority_name", "parent")


class DepartmentList(serializers.Serializer):
    departments = DepartmentRow(many=True)
    links = Link(many=True)


class DepartmentsView(APIView):
    required_permissions = {"GET": ""}

    @extend_schema(
        operation_id="departments_list",
        summary=gettext_lazy("Departments"),
        description=gettext_lazy("The departments in use, of every authority, by authority and name."),
        responses={200: DepartmentList, **refusals(401)},
    )
    def get(self, request: Request) -> Response:
        rows = in_use(timezone.localdate()).select_related("authority", "parent")
        told = DepartmentRow(rows.order_by("authority__name", "name", "code"), many=True)
        return Response({"departments": told.data, "links": links(request)})
