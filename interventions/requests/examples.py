"""One request, as the description of the interfaces shows it."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample

from interventions.routing.serializers import EXAMPLE

SENT = {
    "category": "graffiti",
    "geometry": {"type": "Point", "coordinates": [-0.3489, 49.1765]},
    "channel": "phone",
    "description": "Tag de deux mètres sur le mur de l'école, côté rue.",
    "address": "14 rue d'Auge, Caen",
    "requester": {"name": "Camille Exemple", "email": "camille@exemple.example", "phone": "02 61 91 00 00"},
}
TOLD = {
    "type": "Feature",
    "id": "2026-000123-1",
    "geometry": SENT["geometry"],
    "properties": {
        "reference": "2026-000123-1",
        "state": "to_evaluate",
        "nature": "incident",
        "category": "graffiti",
        "family": "proprete",
        "department": "proprete-urbaine",
        "authority": "caen",
        "issued_by": "pole-rive-droite",
        "description": SENT["description"],
        "address": SENT["address"],
        "accuracy_m": None,
        "channel": "phone",
        "captured_at": None,
        "submitted_at": "2026-11-23T09:12:04+01:00",
        "updated_at": "2026-11-23T09:12:04+01:00",
        "due_at": "2026-11-28T09:12:04+01:00",
        "closed_at": None,
        "photos": [],
        "zones": [{"layer": "communes", "code": "14118"}, {"layer": "poles", "code": "rive-droite"}],
        "tracking_url": "https://demandes.caen.example/suivi/Xw1c0nZ0x3l9aV5uH2pQrT7k/",
        "moves": ["answer", "cancel"],
        "routing": EXAMPLE,
    },
}
NEW = OpenApiExample(_("A graffiti"), value=SENT, request_only=True, media_type="application/json")
FEATURE = OpenApiExample(
    _("The graffiti, logged"),
    value={**TOLD, "properties": {**TOLD["properties"], "requester": SENT["requester"]}},
    response_only=True,
    status_codes=["200", "201"],
)
COLLECTION = OpenApiExample(
    _("A page of one request"),
    value={
        "type": "FeatureCollection",
        "features": [TOLD],
        "links": [
            {"rel": "self", "href": "https://demandes.caen.example/api/v1/requests?limit=1"},
            {"rel": "next", "href": "https://demandes.caen.example/api/v1/requests?limit=1&cursor=WyJsYXRlc3QiLDAs"},
        ],
    },
    response_only=True,
    status_codes=["200"],
)
