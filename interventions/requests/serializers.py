"""What a request is made of when a machine sends it, and what a machine reads of one."""

import json
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework_gis.fields import GeometryField

from gisplatform import departments, geo
from gisplatform.api import Number
from gisplatform.errors import InvalidGeometry
from gisplatform.models import Department
from gisplatform.openapi import Link
from interventions.glossary.models import Category
from interventions.glossary.queries import in_use
from interventions.requests import duplicates
from interventions.requests.forms import REFERENCE_MAX
from interventions.requests.lifecycle import MOVES, State
from interventions.requests.models import Channel, Notify, ServiceRequest
from interventions.requests.services import Contact
from interventions.routing.serializers import ACCURACY_AT_MOST_M, Routing

GEOMETRY = {
    "type": "object",
    "description": gettext_lazy("GeoJSON geometry: longitude, then latitude, in degrees."),
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": sorted(geo.TYPES)},
        "coordinates": {"type": "array", "items": {}},
    },
    "example": {"type": "Point", "coordinates": [-0.3602, 49.1786]},
}
# Fields of a form that hold JSON.
AS_JSON = ("geometry", "requester")


@extend_schema_field(GEOMETRY)
class Place(GeometryField):
    """A GeoJSON geometry; read, it is in the storage CRS."""

    def to_internal_value(self, value: Any) -> Any:
        try:
            return geo.from_geojson(value)
        except InvalidGeometry as error:
            raise ValidationError(str(error)) from None


class RequesterFields(serializers.Serializer):
    name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    notify = serializers.ChoiceField(
        required=False, choices=Notify.choices,
        help_text=gettext_lazy(
            "How they are told: by `email` unless said otherwise, `sms`, or `none`. "
            "Where that way cannot be, the other one serves."
        ),
    )  # fmt: skip


# No docstrings below: they would stand in the description of the interface, which is in the reader's language.
# What was read of a new request are the arguments of `services.submit`.
class NewRequest(serializers.Serializer):
    category = serializers.SlugField(help_text=gettext_lazy("Code of a category."))
    geometry = Place(source="geom")
    channel = serializers.ChoiceField(choices=Channel.choices, help_text=gettext_lazy("How it reached you."))
    description = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    address = serializers.CharField(required=False, allow_blank=True, max_length=200)
    requester = RequesterFields(
        required=False, allow_null=True, source="contact", help_text=gettext_lazy("Who asks: they are kept informed.")
    )
    issued_by = serializers.SlugField(
        required=False, allow_null=True, help_text=gettext_lazy("Department it is logged for; your own when not given.")
    )
    duplicate_of = serializers.CharField(
        required=False, allow_null=True, max_length=REFERENCE_MAX, source="joins",
        help_text=gettext_lazy("Reference of a request that told of the same problem first: it is joined."),
    )  # fmt: skip
    nature = serializers.ChoiceField(required=False, choices=ServiceRequest.Nature.choices)
    accuracy_m = Number(
        required=False, allow_null=True, min_value=0, max_value=ACCURACY_AT_MOST_M,
        help_text=gettext_lazy("How far the true place may be, in metres."),
    )  # fmt: skip
    place_source = serializers.ChoiceField(
        required=False, choices=ServiceRequest.PlaceSource.choices,
        help_text=gettext_lazy("How the place was found, when a satellite did."),
    )  # fmt: skip
    captured_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text=gettext_lazy("When it was seen; when it is sent counts as received.")
    )

    def validate_category(self, code: str) -> Category:
        category = in_use(timezone.localdate()).filter(code=code).first()
        if category is None:
            raise ValidationError(_("No category in use has this code."))
        return category

    def validate_issued_by(self, code: str | None) -> Department | None:
        if code is None:
            return None
        issuers = departments.issuers(self.context["request"].user, timezone.localdate())
        department = issuers.filter(code=code).first()
        if department is None:
            raise ValidationError(_("No department of your authority has this code."))
        return department

    def validate_duplicate_of(self, reference: str | None) -> ServiceRequest | None:
        if reference is None:
            return None
        try:
            return duplicates.find(reference, visible=ServiceRequest.objects.visible_to(self.context["request"].user))
        except duplicates.CannotJoin as error:
            raise ValidationError(str(error)) from None

    def validate_requester(self, facts: dict[str, str] | None) -> Contact | None:
        return Contact(**facts) if facts else None


# The same as multipart/form-data: `geometry` and `requester` are JSON text, photos come along.
class NewRequestForm(NewRequest):
    photos = serializers.ListField(child=serializers.FileField(), required=False)


def unpacked(form: QueryDict) -> dict[str, Any]:
    """The fields of a form as they would stand in a JSON body; what was left empty is left out."""
    fields: dict[str, Any] = {name: form[name] for name in form if form[name] != ""}
    for name in AS_JSON:
        if isinstance(fields.get(name), str):
            try:
                fields[name] = json.loads(fields[name])
            except (ValueError, RecursionError):
                raise ValidationError({name: [_("Write this field as JSON.")]}) from None
    return fields


class HeldBy(serializers.Serializer):
    layer = serializers.CharField()
    code = serializers.CharField()


# What `features.py` tells of a request.
class RequestProperties(serializers.Serializer):
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    nature = serializers.ChoiceField(choices=ServiceRequest.Nature.choices)
    category = serializers.CharField()
    family = serializers.CharField()
    authority = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    issued_by = serializers.CharField(allow_null=True)
    zones = HeldBy(many=True, help_text=gettext_lazy("For each published layer, the zone in force that holds it."))
    description = serializers.CharField()
    address = serializers.CharField()
    accuracy_m = serializers.FloatField(allow_null=True)
    place_source = serializers.ChoiceField(choices=ServiceRequest.PlaceSource.choices, allow_null=True)
    channel = serializers.ChoiceField(choices=Channel.choices)
    captured_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    tracking_url = serializers.URLField(
        allow_null=True, help_text=gettext_lazy("The requester's page, a secret: for those who may log requests.")
    )
    photos = serializers.ListField(child=serializers.URLField())
    duplicate_of = serializers.CharField(
        allow_null=True, help_text=gettext_lazy("The request that told of the same problem first, which it has joined.")
    )
    duplicates = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("References of the requests that have joined it.")
    )
    moves = serializers.ListField(
        child=serializers.ChoiceField(choices=list(MOVES)), help_text=gettext_lazy("What you may do with it now.")
    )
    routing = Routing()
    requester = RequesterFields(
        required=False, allow_null=True,
        help_text=gettext_lazy("Never in a list, and only for those who may see who asked."),
    )  # fmt: skip


@extend_schema_field({**GEOMETRY, "readOnly": True})
class Position(GeometryField):
    """A GeoJSON geometry, longitude and latitude with 7 decimals."""


class RequestFeature(serializers.Serializer):
    type = serializers.ChoiceField(choices=["Feature"])
    id = serializers.CharField(help_text=gettext_lazy("The reference."))
    geometry = Position()
    properties = RequestProperties()


class RequestCollection(serializers.Serializer):
    type = serializers.ChoiceField(choices=["FeatureCollection"])
    features = RequestFeature(many=True)
    links = Link(many=True)
