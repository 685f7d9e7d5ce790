"""Addresses of this room: `pages` for people, `api` under /api/v1/."""

from django.urls import URLPattern, path

from basemaps import views
from basemaps.api import AddressReverse, AddressSearch

pages: list[URLPattern] = [
    path("fonds/style.json", views.map_style, name="map-style"),
    path("tiles/background/<int:z>/<int:x>/<int:y>.mvt", views.background_tile, name="tiles-background"),
    path("tiles/background.json", views.background_tilejson, name="tilejson-background"),
]
api: list[URLPattern] = [
    path("addresses/search", AddressSearch.as_view(), name="address-search"),
    path("addresses/reverse", AddressReverse.as_view(), name="address-reverse"),
]
