"""How requests describe themselves: the filters of the list, and one request as an example."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from interventions.requests.filters import GROUPS
from interventions.requests.lifecycle import State
from interventions.requests.models import Channel
from interventions.routing.serializers import EXAMPLE


def _words(name: str, description: Any, choices: list[str] | None = None) -> OpenApiParameter:
    """Several words with commas between, or the name repeated."""
    return OpenApiParameter(name, str, many=True, style="form", explode=False, enum=choices, description=description)


# One for each filter of RequestFilter; a test compares the names.
FILTERS = [
    _words("state", _("States, or `open` and `ended` for all of them."), [*GROUPS, *State.values]),
    _words("family", _("Codes of families.")),
    _words("category", _("Codes of categories.")),
    _words("department", _("Codes of departments that must answer; `-` for none yet.")),
    _words("authority", _("Codes of authorities that must answer.")),
    _words("channel", _("How it came in."), Channel.values),
    OpenApiParameter("zone", str, description=_("`layer:code`, as in `poles:rive-droite`: the zone in force today.")),
    OpenApiParameter("bbox", str, description=_("`west,south,east,north` in degrees.")),
    OpenApiParameter("received_from", OpenApiTypes.DATE, description=_("Received that day or later.")),
    OpenApiParameter("received_to", OpenApiTypes.DATE, description=_("Received that day or earlier.")),
    OpenApiParameter("closed_from", OpenApiTypes.DATE, description=_("Closed that day or later.")),
    OpenApiParameter("closed_to", OpenApiTypes.DATE, description=_("Closed that day or earlier.")),
    OpenApiParameter(
        "q",
        str,
        description=_("Words of the reference, the address, the description or the category."),
    ),
    OpenApiParameter("late", bool, description=_("Still awaited after the announced date.")),
    OpenApiParameter("mine", bool, description=_("Logged by you.")),
    OpenApiParameter(
        "unreached", bool, description=_("Nothing sent reaches the requester; for those who may see requesters.")
    ),
    OpenApiParameter("rerouted", int, description=_("Given to another department by this re-routing.")),
]

SENT: dict[str, Any] = {
    "category": "graffiti",
    "geometry": {"type": "Point", "coordinates": [-0.3489, 49.1765]},
    "channel": "phone",
    "description": "Tag de deux mètres sur le mur de l'école, côté rue.",
    "address": "14 rue d'Auge, Caen",
    "requester": {
        "name": "Camille Exemple",
        "email": "camille@exemple.example",
        "phone": "02 61 91 00 00",
        "notify": "email",
    },
}
TOLD: dict[str, Any] = {
    "type": "Feature",
    "id": "2026-000123-3",
    "geometry": SENT["geometry"],
    "properties": {
        "reference": "2026-000123-3",
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
        "place_source": None,
        "channel": "phone",
        "captured_at": None,
        "submitted_at": "2026-11-23T09:12:04+01:00",
        "updated_at": "2026-11-23T09:12:04+01:00",
        "due_at": "2026-11-28T09:12:04+01:00",
        "closed_at": None,
        "photos": [],
        "duplicate_of": None,
        "duplicates": [],
        "zones": [{"layer": "communes", "code": "14118"}, {"layer": "poles", "code": "rive-droite"}],
        "tracking_url": "https://demandes.caen.example/suivi/Xw1c0nZ0x3l9aV5uH2pQrT7k/",
        "moves": ["answer", "cancel"],
        "routing": EXAMPLE,
    },
}
NEW = OpenApiExample("new", summary=_("A graffiti"), value=SENT, request_only=True, media_type="application/json")
FEATURE = OpenApiExample(
    "logged",
    summary=_("The graffiti, logged"),
    value={**TOLD, "properties": {**TOLD["properties"], "requester": SENT["requester"]}},
    response_only=True,
    status_codes=["200", "201"],
    media_type="application/geo+json",
)
COLLECTION = OpenApiExample(
    "page",
    summary=_("A page of one request"),
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
    media_type="application/geo+json",
)
