"""Address search and reverse, in the shape of the national address service (BAN)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from basemaps import addresses
from basemaps.address import Address
from basemaps.addresses import LONGEST_TEXT
from basemaps.models import Landmark
from gisplatform import geo

UNANSWERED = gettext_lazy(
    "Nothing here resembles this, and the address service does not answer: name a street close by, or click on the map."
)
BAN_TYPES = {"street": "street", "coordinates": "coordinates"}  # everything else is a locality


class SearchQuery(serializers.Serializer):
    q = serializers.CharField(max_length=LONGEST_TEXT, help_text="Address, stop, place or coordinates.")
    limit = serializers.IntegerField(min_value=1, max_value=20, default=5)


class ReverseQuery(serializers.Serializer):
    lon = serializers.FloatField()
    lat = serializers.FloatField()


class AddressSearch(APIView):
    """Addresses, streets, stops and places that answer to a text, best first.

    `notice` is a sentence for a person: nothing was found, and the service that would have known more kept silent.
    """

    required_permissions = {"GET": "view_requests"}

    @extend_schema(parameters=[SearchQuery], responses=OpenApiTypes.OBJECT, operation_id="addresses_search")
    def get(self, request: Request) -> Response:
        query = SearchQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        found = addresses.look_up(text=asked["q"], limit=asked["limit"])
        silent = found.unanswered and not found.addresses
        return Response(collection(found.addresses) | ({"notice": str(UNANSWERED)} if silent else {}))


class AddressReverse(APIView):
    """The nearest address of a place, else the nearest street with its number there; no feature beyond 60 m."""

    required_permissions = {"GET": "view_requests"}

    @extend_schema(parameters=[ReverseQuery], responses=OpenApiTypes.OBJECT, operation_id="addresses_reverse")
    def get(self, request: Request) -> Response:
        query = ReverseQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = addresses.reverse(geom=geo.point(**query.validated_data))
        return Response(collection([found] if found else []))


def collection(found: list[Address]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [_feature(address) for address in found]}


def detail(address: Address) -> str:
    """What tells a person two places of one name apart, or that a number was reckoned; "" of what speaks for itself."""
    if address.kind == Landmark.Kind.STREET:
        return _("estimated position") if address.number and address.approximate else ""
    return str(Landmark.Kind(address.kind).label) if address.kind in Landmark.Kind.values else ""


def _feature(address: Address) -> dict[str, Any]:
    properties = {
        "label": address.label,
        "score": address.score,
        "housenumber": address.number or None,
        "street": address.street or None,
        "name": f"{address.number} {address.name}".strip() or None,
        "postcode": address.postcode or None,
        "city": address.city or None,
        "citycode": address.citycode or None,
        "type": "housenumber" if address.number else BAN_TYPES.get(address.kind, "locality"),
        "kind": address.kind,
        "detail": detail(address) or None,
        "approximate": address.approximate,
        "schematic": address.schematic or None,
        "distance": None if address.away_m is None else round(address.away_m, 1),
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(address.lon, 7), round(address.lat, 7)]},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }
