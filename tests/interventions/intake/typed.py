"""What an agent types into the intake screen, and what comes back."""

import io
import json
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from interventions.requests.models import ServiceRequest
from tests.machine import lonlat
from tests.town import FOUNTAIN

PAGE = "/demandes/nouvelle/"
ANSWER = "/demandes/nouvelle/reponse/"
PHOTOS = "/demandes/nouvelle/photos/"

Place = tuple[float, float]


def geojson(place: Place) -> str:
    return json.dumps(lonlat(place))


def degrees(place: Place) -> dict[str, str]:
    lon, lat = lonlat(place)["coordinates"]
    return {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"}


def typed(**changes: str) -> dict[str, str]:
    return {
        "key": str(uuid4()),
        "geometry": geojson(FOUNTAIN),
        "address": "place de la Fontaine",
        "category": "graffiti",
        "description": "Sur le socle",
        "channel": "phone",
        "issued_by": "desk",
        "name": "Mme Lemoine",
        "phone": "02 31 00 00 00",
        "email": "lemoine@example.org",
        **changes,
    }


def photo(name: str = "socle.jpg", colour: str = "red") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def html(response: Any) -> str:
    return response.content.decode()


def logged() -> Any:
    """The only request there is."""
    return ServiceRequest.objects.get()
