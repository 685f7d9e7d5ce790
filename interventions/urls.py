"""Addresses of this room: `pages` for people, `api` under /api/v1/."""

from django.urls import URLPattern, path

from interventions.glossary.api import CategoriesView
from interventions.requests.api import PhotoView, RequestsView, RequestView
from interventions.routing.api import PreviewView

pages: list[URLPattern] = []
api: list[URLPattern] = [
    path("requests", RequestsView.as_view(), name="api-requests"),
    path("requests/<str:reference>", RequestView.as_view(), name="api-request"),
    path("requests/<str:reference>/photos/<int:photo>", PhotoView.as_view(), name="api-photo"),
    path("categories", CategoriesView.as_view(), name="api-categories"),
    path("routing/preview", PreviewView.as_view(), name="api-routing-preview"),
]
