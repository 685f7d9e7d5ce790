"""Addresses of this room: `pages` for people, `api` under /api/v1/."""

from django.urls import URLPattern, path

from layers import api as api_views
from layers import (
    attribute_views,
    compare_views,
    finding_views,
    import_api,
    import_views,
    preview_views,
    version_views,
    views,
)
from layers.tile_views import VersionTile, VersionTileJson, ZoneTile, ZoneTileJson

VERSION = "tiles/<slug:code>/versions/<int:number>"

pages: list[URLPattern] = [
    path("couches/", views.catalogue, name="layers"),
    path("couches/importer/", import_views.import_layer, name="layer-import"),
    path("couches/importer/<str:token>/", preview_views.preview, name="layer-import-preview"),
    path("couches/importer/<str:token>/traces.geojson", preview_views.drawn, name="layer-import-drawn"),
    path("couches/<slug:code>/", views.layer, name="layer"),
    path("couches/<slug:code>/reglages/", views.settings, name="layer-settings"),
    path("couches/<slug:code>/exporter/", views.export, name="layer-export"),
    path("couches/<slug:code>/comparer/", compare_views.comparison, name="layer-compare"),
    path("couches/<slug:code>/versions/<int:number>/", version_views.version, name="layer-version"),
    path("couches/<slug:code>/versions/<int:number>/controler/", version_views.check, name="layer-check"),
    path("couches/<slug:code>/versions/<int:number>/controle/", version_views.how_far, name="layer-check-progress"),
    path("couches/<slug:code>/versions/<int:number>/constats/", finding_views.findings, name="layer-findings"),
    path("couches/<slug:code>/versions/<int:number>/zones/", attribute_views.zones, name="layer-zones"),
    path("couches/<slug:code>/versions/<int:number>/publier/", version_views.put_in_force, name="layer-publish"),
    path("couches/<slug:code>/versions/<int:number>/reprendre/", version_views.take_up_again, name="layer-restore"),
    path("tiles/<slug:code>/<int:z>/<int:x>/<int:y>.mvt", ZoneTile.as_view(), name="tiles-zones"),
    path("tiles/<slug:code>.json", ZoneTileJson.as_view(), name="tilejson-zones"),
    path(f"{VERSION}/<int:z>/<int:x>/<int:y>.mvt", VersionTile.as_view(), name="tiles-version"),
    path(f"{VERSION}.json", VersionTileJson.as_view(), name="tilejson-version"),
]
api: list[URLPattern] = [
    path("layers/<slug:code>/versions", import_api.VersionsView.as_view(), name="api-layer-versions"),
    path("layers", api_views.LayersView.as_view(), name="api-layers"),
    path("zones", api_views.ZonesView.as_view(), name="api-zones"),
]
