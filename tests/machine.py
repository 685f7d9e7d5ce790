"""A program that speaks to the interfaces, and what it says."""

import json
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.test import Client

from gisplatform import tokens
from gisplatform.models import User
from tests.town import FOUNTAIN, point

Place = tuple[float, float]


def lonlat(place: GEOSGeometry | Place) -> dict[str, Any]:
    """A place of the model town as GeoJSON."""
    geom = point(place) if isinstance(place, tuple) else place
    return json.loads(geom.transform(4326, clone=True).geojson)


def sent(place: GEOSGeometry | Place = FOUNTAIN, **fields: Any) -> dict[str, Any]:
    """The body of a new request."""
    return {"category": "graffiti", "geometry": lonlat(place), "channel": "phone", **fields}


def plain(sentence: str) -> str:
    """A sentence whose French no-break spaces are plain ones."""
    return " ".join(sentence.split())


class Machine:
    """A program with a token: what it sends and reads is JSON."""

    def __init__(self, user: User) -> None:
        self.client = Client(headers={"authorization": f"Bearer {tokens.issue(user=user)}"})
        self.client.raise_request_exception = False

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query or {}, headers=headers)

    def post(self, body: Any, *, to: str = "requests", **headers: str) -> Any:
        return self.client.post(f"/api/v1/{to}", json.dumps(body), "application/json", headers=headers)

    def post_form(self, fields: dict[str, Any], *, to: str = "requests", **headers: str) -> Any:
        return self.client.post(f"/api/v1/{to}", fields, headers=headers)
