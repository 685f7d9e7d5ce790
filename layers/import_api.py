"""A file of zones brought by a program: a new draft version of a layer, and the report of its import."""

from typing import Any

from django.core.exceptions import ValidationError as FieldError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.api import caller, idempotency_key
from gisplatform.errors import problem_json
from gisplatform.fields import DayField
from gisplatform.media import FormBody
from gisplatform.openapi import IDEMPOTENCY_KEY, refusals
from layers import uploads
from layers.importing import Target
from layers.judging import Wishes
from layers.reading import OwnerMustSay


class NewVersion(serializers.Serializer):
    file = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True),
        help_text=gettext_lazy("The file, or the parts of one Shapefile or MapInfo table."),
    )
    name = serializers.CharField(
        required=False, default="", max_length=120, help_text=gettext_lazy("Name of the layer, when its code is new.")
    )
    source = serializers.CharField(required=False, default="", max_length=200)  # type: ignore[assignment]
    producer = serializers.CharField(required=False, default="", max_length=120)
    licence = serializers.CharField(required=False, default="", max_length=120)
    schematic = serializers.BooleanField(required=False, allow_null=True, default=None)
    valid_from = serializers.CharField(
        required=False, default="", help_text=gettext_lazy("The day it is meant for, as 2026-01-31.")
    )
    crs = serializers.CharField(
        required=False, default="", help_text=gettext_lazy("EPSG:n, when the file does not say it, or wrongly.")
    )
    source_layer = serializers.CharField(
        required=False, default="", help_text=gettext_lazy("Which layer of the file, when it holds several.")
    )
    encoding = serializers.CharField(required=False, default="")
    code_field = serializers.CharField(required=False, default="")
    name_field = serializers.CharField(required=False, default="")

    def validate_valid_from(self, text: str) -> Any:
        try:
            return DayField(required=False).clean(text)
        except FieldError as error:
            raise ValidationError(error.messages) from None


class RefusedLine(serializers.Serializer):
    line = serializers.IntegerField(help_text=gettext_lazy("Rank in the file, from 1."))
    reason = serializers.CharField()


class RepairedLine(serializers.Serializer):
    line = serializers.IntegerField()
    area_change_m2 = serializers.FloatField()


class ImportReport(serializers.Serializer):
    layer = serializers.CharField()
    version = serializers.IntegerField()
    zones = serializers.IntegerField()
    refused = RefusedLine(many=True)
    repaired = RepairedLine(many=True)
    file = serializers.CharField()
    format = serializers.CharField()
    source_layer = serializers.CharField()
    crs = serializers.CharField()
    encoding = serializers.CharField()
    code_field = serializers.CharField()
    name_field = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())


class VersionsView(APIView):
    required_permissions = {"POST": "manage_layers"}
    renderer_classes = [JSONRenderer]
    parser_classes = [FormBody]

    @extend_schema(
        operation_id="layers_import",
        summary=gettext_lazy("Import a version of a layer"),
        description=gettext_lazy(
            "Makes a draft version of the layer, new where there is none of this code, from a file, and answers with "
            "the report of its import. It is in force once somebody publishes it."
        ),
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": NewVersion},
        responses={201: ImportReport, **refusals(400, 401, 403, 409, 413, 415, 422)},
    )
    def post(self, request: Request, code: str) -> Any:
        user, now, key = caller(request), timezone.now(), idempotency_key(request)
        sent = NewVersion(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        try:
            version = uploads.take_at_once(
                asked["file"],
                target=Target(
                    code=code,
                    name=asked["name"],
                    source=asked["source"],
                    producer=asked["producer"],
                    licence=asked["licence"],
                    schematic=asked["schematic"],
                ),
                wishes=Wishes(**{name: asked[name] for name in Wishes.__dataclass_fields__}),
                by=user,
                now=now,
                valid_from=asked["valid_from"],
                key=key,
            )
        except OwnerMustSay as question:
            return problem_json(
                status=question.status, title=str(question), errors={question.wish: question.choices or [str(question)]}
            )
        address = reverse("layer-version", args=[version.layer.code, version.number])
        return Response(
            ImportReport(version.report).data, status=201, headers={"Location": request.build_absolute_uri(address)}
        )
