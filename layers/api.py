"""Layers for machines: which there are, and the zones of one on a day."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError as FieldError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform import cursors
from gisplatform.api import ListQuery, asked, links
from gisplatform.cursors import BadCursor
from gisplatform.fields import BoxField, DayField, PointField
from gisplatform.media import GeoJSON
from gisplatform.openapi import Link, refusals
from layers import queries
from layers.models import Layer


class LayerRow(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    producer = serializers.CharField()
    licence = serializers.CharField()
    territory = serializers.BooleanField(help_text=gettext_lazy("Its zones, with others, are the territory served."))
    schematic = serializers.BooleanField(help_text=gettext_lazy("Its lines are drawn for demonstration."))
    version = serializers.IntegerField(
        source="number", allow_null=True, help_text=gettext_lazy("In force today; null when none is.")
    )
    valid_from = serializers.DateField(source="since", allow_null=True)
    zones = serializers.IntegerField(source="zone_count", allow_null=True)
    links = Link(many=True)


class LayerList(serializers.Serializer):
    layers = LayerRow(many=True)
    links = Link(many=True)


class ZoneQuery(ListQuery):
    layer = serializers.SlugField(help_text=gettext_lazy("Code of a layer."))
    on = serializers.CharField(required=False, help_text=gettext_lazy("A day, as 2026-01-31; else today."))
    bbox = serializers.CharField(required=False, help_text=gettext_lazy("`west,south,east,north` in degrees."))
    point = serializers.CharField(
        required=False, help_text=gettext_lazy("`lon,lat` in degrees: the zones that hold it, their border included.")
    )
    cursor = serializers.CharField(
        required=False, allow_blank=True, help_text=gettext_lazy("Comes in the links of a page: follow `next`.")
    )

    def validate_layer(self, code: str) -> str:
        if not Layer.objects.filter(code=code).exists():
            raise ValidationError(_("There is no layer “%(code)s”.") % {"code": code})
        return code

    def validate_on(self, text: str) -> datetime.date | None:
        return _read(DayField(), text)

    def validate_bbox(self, text: str) -> Any:
        return _read(BoxField(), text)

    def validate_point(self, text: str) -> Any:
        return _read(PointField(), text)

    def validate_cursor(self, text: str) -> tuple[str, int] | None:
        if not text:
            return None
        try:
            code, zone_id = cursors.read(text)
        except (BadCursor, ValueError):
            raise ValidationError(str(BadCursor())) from None
        if not (isinstance(code, str) and isinstance(zone_id, int) and abs(zone_id) < 2**63 and "\x00" not in code):
            raise ValidationError(str(BadCursor()))
        return code, zone_id


class ZoneGeometry(serializers.Serializer):
    type = serializers.ChoiceField(choices=["MultiPolygon"])
    coordinates = serializers.ListField(help_text=gettext_lazy("Longitude, then latitude, in degrees."))


class ZoneProperties(serializers.Serializer):
    layer = serializers.CharField()
    version = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    area_m2 = serializers.FloatField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text=gettext_lazy("That day excluded; null: without end."))
    attributes = serializers.DictField(help_text=gettext_lazy("What else the file said of the zone."))


class ZoneFeature(serializers.Serializer):
    type = serializers.ChoiceField(choices=["Feature"])
    id = serializers.CharField()
    geometry = ZoneGeometry()
    properties = ZoneProperties()


class ZoneCollection(serializers.Serializer):
    type = serializers.ChoiceField(choices=["FeatureCollection"])
    features = ZoneFeature(many=True)
    links = Link(many=True)


class LayersView(APIView):
    required_permissions = {"GET": "view_layers"}

    @extend_schema(
        operation_id="layers_list",
        summary=gettext_lazy("Layers"),
        description=gettext_lazy(
            "The layers in use, with the version in force today and the addresses of its zones and tiles."
        ),
        responses={200: LayerList, **refusals(401, 403)},
    )
    def get(self, request: Request) -> Response:
        found = list(queries.catalogue(timezone.localdate()).filter(retired_on=None))
        for layer in found:
            layer.links = _links(request, layer)  # type: ignore[attr-defined]
        return Response({"layers": LayerRow(found, many=True).data, "links": links(request)})


class ZonesView(APIView):
    required_permissions = {"GET": "view_layers"}
    renderer_classes = [GeoJSON, JSONRenderer]

    @extend_schema(
        operation_id="zones_list",
        summary=gettext_lazy("Zones"),
        description=gettext_lazy(
            "The zones of a layer in force on a day, by code, a page at a time: follow `next`. With `point`, those that"
            " held it that day: one, none, or several on a border and where zones overlap."
        ),
        parameters=[ZoneQuery],
        responses={200: ZoneCollection, **refusals(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        query = asked(ZoneQuery, request)
        features, after = queries.features(
            layer=query["layer"],
            on=query.get("on") or timezone.localdate(),
            box=query.get("bbox"),
            point=query.get("point"),
            after=query.get("cursor"),
            size=query["limit"],
        )
        following = cursors.write(list(after)) if after else ""
        return Response({"type": "FeatureCollection", "features": features, "links": links(request, next=following)})


def _read(field: Any, text: str) -> Any:
    """What a field of forms makes of the text, its refusal as one of the interface."""
    try:
        return field.clean(text)
    except FieldError as error:
        raise ValidationError(error.messages) from None


def _links(request: Request, layer: Any) -> list[dict[str, str]]:
    found = [{"rel": "about", "href": reverse("layer", args=[layer.code])}]
    if layer.number:
        found += [
            {"rel": "zones", "href": f"{reverse('api-zones')}?layer={layer.code}"},
            {"rel": "tiles", "href": reverse("tilejson-zones", args=[layer.code])},
        ]
    return [{**each, "href": request.build_absolute_uri(each["href"])} for each in found]
