"""Zones as vector tiles, in force or of one version, with the document that describes them to a map."""

from typing import Any

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.views import APIView

from gisplatform.tiles import Tile, address, answer, etag_of, tilejson
from layers import tiles
from layers.models import LayerVersion


class ZonesView(APIView):
    """What both addresses share: who may read, and an answer whatever the client says it accepts."""

    required_permissions = {"GET": "view_layers"}
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: ARG002
        # A map client accepts protobuf only; refusals are problem+json all the same.
        return super().perform_content_negotiation(request, force=True)


class ZoneTile(ZonesView):
    def get(self, request: Request, code: str, z: int, x: int, y: int) -> HttpResponseBase:
        return _tile(request, tiles.version_in_force(code, on=timezone.localdate()), Tile(z, x, y))


class ZoneTileJson(ZonesView):
    def get(self, request: Request, code: str) -> HttpResponseBase:
        version = tiles.version_in_force(code, on=timezone.localdate())
        return _tilejson(request, version, reverse("tiles-zones", args=[code, 0, 0, 0]))


class VersionTile(ZonesView):
    """Of any version, a draft too: what is about to be put in force is looked at first."""

    def get(self, request: Request, code: str, number: int, z: int, x: int, y: int) -> HttpResponseBase:
        return _tile(request, tiles.version_of(code, number), Tile(z, x, y))


class VersionTileJson(ZonesView):
    def get(self, request: Request, code: str, number: int) -> HttpResponseBase:
        return _tilejson(
            request, tiles.version_of(code, number), reverse("tiles-version", args=[code, number, 0, 0, 0])
        )


def _tile(request: Request, version: LayerVersion, tile: Tile) -> HttpResponseBase:
    return answer(
        request._request,
        lambda: tiles.tile_of(version, tile),
        etag=etag_of(version.pk, tile),
        version=version.pk,
        private=True,
    )


def _tilejson(request: Request, version: LayerVersion, of_a_tile: str) -> HttpResponseBase:
    layer, code = version.layer, version.layer.code
    document = tilejson(
        name=layer.name,
        tiles=address(request._request, of_a_tile, query=f"v={version.pk}"),
        bounds=tiles.bounds_of(version),
        attribution=layer.source,
        fields={code: tiles.FIELDS, f"{code}-names": tiles.FIELDS},
        schematic=layer.schematic,
        collection=code,
        layer_version=version.number,
    )
    return JsonResponse(document, headers={"Cache-Control": "private, no-cache"})
