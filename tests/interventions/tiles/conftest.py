import json
from collections import Counter
from pathlib import Path

import pyogrio
import pytest
import shapely
from django.http import QueryDict
from django.urls import reverse
from rest_framework.test import APIClient

from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest


class Tiles:
    """The tiles one person gets, read back by GDAL's own reader."""

    def __init__(self, user, folder: Path) -> None:
        self.user, self.folder, self.client = user, folder, APIClient()
        self.client.force_login(user)

    def get(self, z, x, y, query="", **headers):
        return self.client.get(reverse("tiles-requests", args=[z, x, y]) + (f"?{query}" if query else ""), **headers)

    def read(self, z, x, y, query="", *, layer):
        """The features of one layer of a tile, as (geometry in Web Mercator, properties)."""
        answer = self.get(z, x, y, query)
        assert answer.status_code == 200, answer.content
        # How the name of a layer is written in a tile; GDAL refuses to open one that is not there.
        if bytes([0x0A, len(layer)]) + layer.encode() not in answer.content:
            return []
        file = self.folder / f"{z}-{x}-{y}.mvt"
        file.write_bytes(answer.content)
        meta, _ids, geometries, columns = pyogrio.raw.read(file, layer=layer, X=x, Y=y, Z=z)
        rows = zip(*columns, strict=True) if columns else [()] * len(geometries)
        names = list(meta["fields"])
        return [
            (shape, dict(zip(names, row, strict=True)))
            for shape, row in zip(shapely.from_wkb(geometries), rows, strict=True)
        ]

    def counted(self, z, x, y, query=""):
        return sum(int(facts["count"]) for _place, facts in self.read(z, x, y, query, layer="requests-cells"))

    def references(self, z, x, y, query="", *, layer="requests"):
        return Counter(facts["reference"] for _place, facts in self.read(z, x, y, query, layer=layer))

    def listed(self, query=""):
        """The requests the list shows this person under the same filters."""
        asked = type("Asked", (), {"user": self.user})()
        visible = ServiceRequest.objects.visible_to(self.user)
        return RequestFilter(QueryDict(query), queryset=visible, request=asked).qs

    def document(self, query=""):
        answer = self.client.get(reverse("tilejson-requests") + (f"?{query}" if query else ""))
        return json.loads(answer.content)


@pytest.fixture
def tiles(tmp_path):
    return lambda user: Tiles(user, tmp_path)
