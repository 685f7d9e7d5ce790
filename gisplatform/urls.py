"""The roof: every address of the platform; it alone imports all rooms."""

from django.contrib import admin
from django.urls import include, path

import basemaps.urls
import interventions.urls
import layers.urls
from gisplatform import views

ROOMS = (basemaps.urls, layers.urls, interventions.urls)

urlpatterns = [
    path("", views.home, name="home"),
    path("connexion/", views.SignIn.as_view(), name="login"),
    path("deconnexion/", views.sign_out, name="logout"),
    path("health/", views.health, name="health"),
    *(path("", include(room.pages)) for room in ROOMS),
    path("api/v1/", include([pattern for room in ROOMS for pattern in room.api])),
    path("admin/", admin.site.urls),
]
