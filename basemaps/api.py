"""Address search and reverse, in the shape of the national address service (BAN)."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from basemaps import addresses
from basemaps.addresses import LONGEST_TEXT, Address
from gisplatform import geo

BAN_TYPES = {"street": "street", "coordinates": "coordinates"}  # everything else is a locality


class SearchQuery(serializers.Serializer):
    q = serializers.CharField(max_length=LONGEST_TEXT, help_text="Address, stop, place or coordinates.")
    limit = serializers.IntegerField(min_value=1, max_value=20, default=5)


class ReverseQuery(serializers.Serializer):
    lon = serializers.FloatField()
    lat = serializers.FloatField()


class AddressSearch(APIView):
    """Streets, house numbers, stops and places that answer to a text, best first."""

    required_permissions = {"GET": "view_requests"}

    @extend_schema(parameters=[SearchQuery], responses=OpenApiTypes.OBJECT, operation_id="addresses_search")
    def get(self, request: Request) -> Response:
        query = SearchQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        return Response(collection(addresses.search(text=asked["q"], limit=asked["limit"])))


class AddressReverse(APIView):
    """The nearest street of a place, with its house number; no feature when none is within 60 m."""

    required_permissions = {"GET": "view_requests"}

    @extend_schema(parameters=[ReverseQuery], responses=OpenApiTypes.OBJECT, operation_id="addresses_reverse")
    def get(self, request: Request) -> Response:
        query = ReverseQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = addresses.reverse(geom=geo.point(**query.validated_data))
        return Response(collection([found] if found else []))


def collection(found: list[Address]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [_feature(address) for address in found]}


def _feature(address: Address) -> dict[str, Any]:
    properties = {
        "label": address.label,
        "score": address.score,
        "housenumber": address.number or None,
        "street": address.street or None,
        "city": address.city or None,
        "type": "housenumber" if address.number else BAN_TYPES.get(address.kind, "locality"),
        "kind": address.kind,
        "approximate": address.approximate,
        "distance": None if address.away_m is None else round(address.away_m, 1),
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(address.lon, 7), round(address.lat, 7)]},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }
