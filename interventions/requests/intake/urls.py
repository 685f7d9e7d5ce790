"""Addresses of the intake screen. They come before `demandes/<reference>/`."""

from django.urls import path

from interventions.requests.intake import photo_views, views

pages = [
    path("demandes/nouvelle/", views.intake, name="intake"),
    path("demandes/nouvelle/reponse/", views.answer, name="intake-answer"),
    path("demandes/nouvelle/photos/", photo_views.waiting, name="intake-photos"),
    path("demandes/nouvelle/photos/<int:photo_id>/", photo_views.picture, name="intake-photo"),
    path("demandes/nouvelle/photos/<int:photo_id>/retirer/", photo_views.remove, name="intake-photo-removal"),
    path("demandes/<str:reference>/recue/", views.received, name="received"),
]
