"""The roof: every address of the platform; it alone imports all rooms."""

from django.contrib import admin
from django.urls import include, path

import basemaps.urls
import interventions.urls
import layers.urls
from gisplatform import api, openapi, views

# Layers last: their tiles take any code for a layer's.
ROOMS = (basemaps.urls, interventions.urls, layers.urls)

urlpatterns = [
    path("", views.home, name="home"),
    path("connexion/", views.SignIn.as_view(), name="login"),
    path("deconnexion/", views.sign_out, name="logout"),
    path("robots.txt", views.robots, name="robots"),
    path("health/", views.health, name="health"),
    path("live/", views.live, name="live"),
    *(path("", include(room.pages)) for room in ROOMS),
    path("api/schema/", openapi.SchemaView.as_view(), name="api-schema"),
    path("api/docs/", openapi.docs, name="api-docs"),
    path("api/v1/departments", api.DepartmentsView.as_view(), name="api-departments"),
    path("api/v1/", include([pattern for room in ROOMS for pattern in room.api])),
    path("admin/", admin.site.urls),
]

handler400 = "gisplatform.errors.bad_request"
handler403 = "gisplatform.errors.forbidden"
handler404 = "gisplatform.errors.not_found"
handler500 = "gisplatform.errors.server_error"
