"""Addresses of this room: `pages` for people, `api` under /api/v1/."""

from django.urls import URLPattern, path

from layers.tile_views import ZoneTile, ZoneTileJson

pages: list[URLPattern] = [
    path("tiles/<slug:code>/<int:z>/<int:x>/<int:y>.mvt", ZoneTile.as_view(), name="tiles-zones"),
    path("tiles/<slug:code>.json", ZoneTileJson.as_view(), name="tilejson-zones"),
]
api: list[URLPattern] = []
