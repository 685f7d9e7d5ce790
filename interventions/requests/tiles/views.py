"""Requests as vector tiles, under the filters of the list, and the document that describes them to a map."""

from typing import Any

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from gisplatform.tiles import Tile, address, answer, etag_of, tilejson
from interventions.requests.lifecycle import State
from interventions.requests.tiles import queries
from interventions.requests.tiles.grid import ACROSS, BY_STATE, POINTS_FROM
from interventions.requests.tiles.queries import Asked

SHOWN = {"id": "Number", "reference": "String", "state": "String", "category": "String", "late": "Boolean"}
FIELDS = {
    "requests-cells": {"count": "Number", "state": "String"},
    "requests": SHOWN,
    "requests-shapes": SHOWN,
}


class RequestsTilesView(APIView):
    """What both addresses share: who may read, under which filters, whatever the client says it accepts."""

    required_permissions = {"GET": "view_requests"}
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: ARG002
        # A map client accepts protobuf only; refusals are problem+json all the same.
        return super().perform_content_negotiation(request, force=True)

    def asked(self, request: Request) -> Asked:
        asked = Asked(request.query_params, request=request)
        if asked.errors:
            raise ValidationError(asked.errors)
        return asked


class RequestsTile(RequestsTilesView):
    def get(self, request: Request, z: int, x: int, y: int) -> HttpResponseBase:
        tile, asked, now = Tile(z, x, y), self.asked(request), timezone.now()
        across = _across(request)
        # The tile is drawn after its revision is read: it may show more than its ETag says, never less.
        seen = queries.revision()
        return answer(
            request._request,
            lambda: queries.tile_of(asked, tile, across=across, now=now, seen=seen),
            etag=etag_of(seen.name, asked.name, across, tile, now.timestamp() // queries.FRESH_S),
            version=None,
            private=True,
        )


class RequestsTileJson(RequestsTilesView):
    """`crowd` is where nearly all of them are: a first look leaves out the few that are far away."""

    def get(self, request: Request) -> HttpResponseBase:
        extent = queries.extent(self.asked(request))
        query = request._request.GET.urlencode()
        document = tilejson(
            name=_("Requests"),
            tiles=address(request._request, reverse("tiles-requests", args=[0, 0, 0]), query=query),
            bounds=extent.bounds,
            attribution="",
            fields=FIELDS,
            collection="requests",
            crowd=extent.crowd,
            points_from=POINTS_FROM,
            states=[*State.values],
        )
        return JsonResponse(document, headers={"Cache-Control": "private, no-cache"})


def _across(request: Request) -> int:
    asked = request.query_params.get("cells", str(BY_STATE))
    if asked not in {str(each) for each in ACROSS}:
        raise ValidationError({"cells": [_("Ask for 16 or 64 cells across a tile.")]})
    return int(asked)
