"""Addresses of this room: `pages` for people, `api` under /api/v1/."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from interventions.exchanging import views as exchanging
from interventions.exchanging import work_views as work_exchanging
from interventions.glossary.api import CategoriesView
from interventions.informing import choice_views as choosing
from interventions.informing import views as tracking
from interventions.measuring import views as measuring
from interventions.measuring.api import StatisticsView
from interventions.noticing import views as noticing
from interventions.noticing.api import NotificationsReadView, NotificationsView
from interventions.requests import detail_views, views
from interventions.requests import showing_views as showing
from interventions.requests.api import PhotoView, RequestsView, RequestView
from interventions.requests.field import views as field
from interventions.requests.intake import photo_views as intake_photos
from interventions.requests.intake import views as intake
from interventions.requests.move_api import RequestEventsView, RequestMovesView, RequestNotesView
from interventions.requests.tiles.views import RequestsTile, RequestsTileJson
from interventions.rerouting import views as rerouting
from interventions.routing.api import PreviewView
from interventions.simulating import views as simulating
from interventions.work import views as work
from interventions.work.api import InterventionMovesView, InterventionsView, InterventionView
from interventions.work.desk import views as desk


class ReferenceConverter(StringConverter):
    """`2026-000123-7`: so that no word beside the list (`nouvelle`) is ever taken for a request."""

    regex = r"\d{4}-\d{6,}-\d"


class WorkReferenceConverter(StringConverter):
    """`I-2026-000012-3`."""

    regex = r"I-\d{4}-\d{6,}-\d"


register_converter(ReferenceConverter, "reference")
register_converter(WorkReferenceConverter, "work")

pages: list[URLPattern] = [
    path("notifications/", noticing.index, name="notifications"),
    path("notifications/non-lues/", noticing.count, name="notifications-unread"),
    path("notifications/lues/", noticing.read_all, name="notifications-read"),
    path("notifications/reglages/", noticing.choices, name="notice-settings"),
    path("notifications/<int:notification_id>/", noticing.follow, name="notification"),
    path("notifications/<int:notification_id>/lue/", noticing.read_one, name="notification-read"),
    path("demandes/", views.index, name="requests"),
    path("demandes/exporter/", exchanging.export, name="requests-export"),
    path("demandes/exporter/<int:export_id>/", exchanging.ordered, name="requests-export-ordered"),
    path("demandes/exporter/<int:export_id>/fichier/", exchanging.fetch, name="requests-export-file"),
    path("demandes/nouvelle/", intake.intake, name="intake"),
    path("demandes/nouvelle/types/", intake.categories, name="intake-categories"),
    path("demandes/nouvelle/reponse/", intake.answer, name="intake-answer"),
    path("demandes/nouvelle/photos/", intake_photos.waiting, name="intake-photos"),
    path("demandes/nouvelle/photos/<int:photo_id>/", intake_photos.picture, name="intake-photo"),
    path("demandes/nouvelle/photos/<int:photo_id>/retirer/", intake_photos.remove, name="intake-photo-removal"),
    path("demandes/<reference:reference>/recue/", intake.received, name="received"),
    path("demandes/<reference:reference>/", detail_views.show, name="request"),
    path("demandes/<reference:reference>/moves/", detail_views.move, name="request-move"),
    path("demandes/<reference:reference>/notes/", detail_views.note, name="request-note"),
    path("demandes/<reference:reference>/coordonnees/", detail_views.contact, name="request-contact"),
    path("demandes/<reference:reference>/photos/<int:photo_id>/", detail_views.photo, name="request-photo"),
    path("demandes/<reference:reference>/photos/<int:photo_id>/montrer/", showing.show, name="request-photo-shown"),
    path("tiles/requests/<int:z>/<int:x>/<int:y>.mvt", RequestsTile.as_view(), name="tiles-requests"),
    path("tiles/requests.json", RequestsTileJson.as_view(), name="tilejson-requests"),
    path("terrain/", field.field, name="field"),
    path("terrain/types/", field.usual, name="field-usual"),
    path("terrain/captures/", field.captures, name="field-captures"),
    path("terrain/jeton/", field.ticket, name="field-ticket"),
    path("terrain/manifest.webmanifest", field.manifest, name="field-manifest"),
    path("terrain/worker.js", field.worker, name="field-worker"),
    path("regulation/", desk.queue, name="desk"),
    path("regulation/<reference:reference>/", desk.evaluate, name="desk-evaluate"),
    path("interventions/", work.index, name="work"),
    path("interventions/exporter/", work_exchanging.export, name="work-export"),
    path("interventions/<work:reference>/moves/", work.move, name="work-move"),
    path("interventions/<work:reference>/photos/<int:photo_id>/", work.photo, name="work-photo"),
    path("prestataire/", work.company, name="contractor"),
    path("prestataire/<work:reference>/moves/", work.company_move, name="contractor-move"),
    path("prestataire/<work:reference>/photos/<int:photo_id>/", work.company_photo, name="contractor-photo"),
    path("pilotage/", measuring.overview, name="overview"),
    path("pilotage/zones/", measuring.zones, name="overview-zones"),
    path("pilotage/carte.html", measuring.stand_alone, name="overview-map"),
    path("couches/<slug:code>/versions/<int:number>/essai/", simulating.of_version, name="simulation-of-version"),
    path("couches/essais/<int:simulation_id>/", simulating.simulation, name="simulation"),
    path("couches/reexamens/", rerouting.index, name="reroutings"),
    path("couches/reexamens/<int:rerouting_id>/", rerouting.one, name="rerouting"),
    path("couches/essais/<int:simulation_id>/rejouer/", simulating.replay, name="simulation-again"),
    path("suivi/<str:token>/", tracking.track, name="tracking"),
    path("suivi/<str:token>/live/", tracking.follow, name="tracking-live"),
    path("suivi/<str:token>/photos/<int:photo_id>/", tracking.photo, name="tracking-photo"),
    path("prevenir/<str:key>/", choosing.choose, name="notify-choice"),
]
api: list[URLPattern] = [
    path("requests", RequestsView.as_view(), name="api-requests"),
    path("requests/<str:reference>", RequestView.as_view(), name="api-request"),
    path("requests/<str:reference>/photos/<int:photo>", PhotoView.as_view(), name="api-photo"),
    path("requests/<str:reference>/moves", RequestMovesView.as_view(), name="api-request-moves"),
    path("requests/<str:reference>/notes", RequestNotesView.as_view(), name="api-request-notes"),
    path("requests/<str:reference>/events", RequestEventsView.as_view(), name="api-request-events"),
    path("interventions", InterventionsView.as_view(), name="api-interventions"),
    path("interventions/<str:reference>", InterventionView.as_view(), name="api-intervention"),
    path("interventions/<str:reference>/moves", InterventionMovesView.as_view(), name="api-intervention-moves"),
    path("categories", CategoriesView.as_view(), name="api-categories"),
    path("statistics", StatisticsView.as_view(), name="api-statistics"),
    path("notifications", NotificationsView.as_view(), name="api-notifications"),
    path("notifications/read", NotificationsReadView.as_view(), name="api-notifications-read"),
    path("routing/preview", PreviewView.as_view(), name="api-routing-preview"),
]
