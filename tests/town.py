"""The model town: squares with names, points with names, in metres from its own corner. No randomness, no network.

    y
2000 ┌───────────┬───────────┐   ┌───────────┐
     │           │  NORTH    │   │           │        MARKET lies over the border of WEST and SOUTH,
1000 │   WEST    ├───────────┤   │  ISLAND   │        in a layer of its own.
     │           │  SOUTH    │   │           │        Between the town and ISLAND: a gap of 20 m.
   0 └───────────┴───────────┘   └───────────┘
     0         1000        2000 2020       3020  x
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon

from gisplatform.geo import STORAGE_SRID, WGS84
from gisplatform.models import Authority, Department, User
from interventions.glossary.models import Category, Family
from interventions.requests.models import ServiceRequest
from interventions.requests.services import submit
from interventions.routing.models import RoutingRule
from layers.models import Layer, LayerVersion, Zone

X, Y = 450_000, 6_900_000  # the town's corner, in EPSG:2154, a little south-west of Caen
NOW = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
NEW_YEAR = datetime.date(2026, 1, 1)

SQUARES = {
    "WEST": (0, 0, 1000, 2000),
    "NORTH": (1000, 1000, 2000, 2000),
    "SOUTH": (1000, 0, 2000, 1000),
    "ISLAND": (2020, 0, 3020, 2000),
}
MARKET = (900, 400, 1100, 600)

FOUNTAIN = (500, 500)  # in WEST only
STALL = (1050, 500)  # in SOUTH and in MARKET
BORDER = (1500, 1000)  # between NORTH and SOUTH
CORNER = (1000, 1000)  # where WEST, NORTH and SOUTH meet
GAP = (2010, 500)  # between SOUTH and ISLAND, 10 m from each
FAR_AWAY = (9000, 9000)  # outside everything


def point(place: tuple[float, float]) -> Point:
    return Point(X + place[0], Y + place[1], srid=STORAGE_SRID)


def degrees(place: tuple[float, float]) -> list[float]:
    """Longitude and latitude of a place."""
    lon, lat = point(place).transform(WGS84, clone=True).extent[:2]
    return [lon, lat]


def line(*places: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in places], srid=STORAGE_SRID)


def square(west: float, south: float, east: float, north: float) -> Polygon:
    polygon = Polygon.from_bbox((X + west, Y + south, X + east, Y + north))
    polygon.srid = STORAGE_SRID
    return polygon


@dataclass
class Town:
    """One authority, one layer of four squares, one of a single square, one family of two categories; no rule yet."""

    authority: Authority
    layers: dict[str, Layer]
    family: Family
    categories: dict[str, Category]
    departments: dict[str, Department] = field(default_factory=dict)

    def department(self, code: str, *, authority: Authority | None = None) -> Department:
        if code not in self.departments:
            self.departments[code] = Department.objects.create(
                code=code, name=code.capitalize(), authority=authority or self.authority
            )
        return self.departments[code]

    def rule(
        self,
        department: str,
        *,
        category: str | None = "graffiti",
        zones: tuple[str, ...] = (),
        layer: str = "squares",
        priority: int = 100,
        **dates: Any,
    ) -> RoutingRule:
        """A rule for a category, or for the whole family when `category` is None."""
        number = RoutingRule.objects.count() + 1
        return RoutingRule.objects.create(
            code=f"rule-{number}",
            name=f"{category or self.family.name} × {layer}",
            category=self.categories[category] if category else None,
            family=None if category else self.family,
            layer=self.layers[layer],
            zone_codes=list(zones),
            department=self.department(department),
            priority=priority,
            **{"valid_from": NEW_YEAR, **dates},
        )

    def request(self, geom: GEOSGeometry | tuple[float, float] = FOUNTAIN, **facts: Any) -> ServiceRequest:
        """A request logged at NOW through the one way in; `geom` may be a place of this module."""
        facts = {
            "author": None,
            "category": self.categories["graffiti"],
            "channel": "phone",
            "key": uuid4(),
            "now": NOW,
            **facts,
        }
        return submit(geom=point(geom) if isinstance(geom, tuple) else geom, **facts)

    def person(self, role: str, *, department: str | None = "desk", username: str = "") -> User:
        user = User.objects.create_user(
            username or role, password="demo", department=self.department(department) if department else None
        )
        user.groups.add(Group.objects.get(name=role))
        return user

    def publish(
        self, layer: str, squares: Mapping[str, tuple[float, float, float, float]], **facts: Any
    ) -> LayerVersion:
        """A published version of `layer` made of these squares; the version in force before ends where it begins."""
        facts = {"valid_from": NEW_YEAR, **facts}
        where = self.layers[layer]
        where.versions.filter(valid_to=None).update(valid_to=facts["valid_from"], status="superseded")
        version = LayerVersion.objects.create(
            layer=where, number=where.versions.count() + 1, status="published", imported_at=NOW, **facts
        )
        for code, corners in squares.items():
            Zone.objects.create(version=version, code=code, name=code.capitalize(), geom=MultiPolygon(square(*corners)))
        return version


def build() -> Town:
    family = Family.objects.create(code="cleanliness", name="Propreté")
    names = {"graffiti": "Graffitis", "bins": "Corbeilles"}
    town = Town(
        authority=Authority.objects.create(code="town", name="Ville modèle"),
        layers={
            "squares": Layer.objects.create(code="squares", name="quartiers", territory=True),
            "market": Layer.objects.create(code="market", name="marché"),
        },
        family=family,
        categories={
            code: Category.objects.create(code=code, name=name, family=family, delay_days=5)
            for code, name in names.items()
        },
    )
    town.publish("squares", SQUARES)
    town.publish("market", {"MARKET": MARKET})
    return town
