"""The demo territory of fixtures/, loaded through the same services as real work.

What it holds happened in the days before `now`; its mails count as sent when it happened, so that loading it
writes to nobody.
"""

import datetime
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.gis.geos import MultiPolygon
from django.db import transaction
from django.utils import timezone

from basemaps.loading import load_background
from gisplatform.geo import from_geojson
from gisplatform.models import Authority, Department, User
from interventions.events.models import Event
from interventions.glossary.models import Category, Family
from interventions.informing.models import Message
from interventions.requests.lifecycle import MOVES
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact, move, submit
from interventions.routing.models import RoutingRule
from interventions.work.services import accept
from interventions.work.services import move as move_work
from layers.models import Layer, LayerVersion, Zone

PASSWORD = "demo"  # noqa: S105 (printed by `make demo`; the accounts exist nowhere else)
SINCE = datetime.date(2024, 1, 1)
LAYERS = {
    "communes": "communes",
    "poles": "pôles",
    "quartiers": "quartiers",
    "proprete": "secteurs de propreté",
    "collecte": "secteurs de collecte",
    "voirie": "voirie",
}
# Whose hand makes a move in the demo, by the permission it asks for.
HANDS = {
    "evaluate_request": "regulateur",
    "work_request": "responsable",
    "close_request": "responsable",
    "log_request": "agent",
}


# Steps of a request that are taken by way of its intervention, where a company serves it.
WORK = {"accept": "accept", "plan": "validate", "start": "start", "finish": "finish"}


class Demo:
    """One loading of the folder `fixtures`, as if it had been used until `now`."""

    def __init__(self, fixtures: Path, *, now: datetime.datetime, say: Callable[[str], object]) -> None:
        self.fixtures, self.now, self.say = fixtures, now, say

    def load(self) -> None:
        """Load everything, or nothing."""
        with transaction.atomic():
            for step in (self.organisation, self.layers, self.glossary, self.rules, self.requests):
                self.say(f"  {step.__doc__}")
                step()

    def organisation(self) -> None:
        """collectivités, services, comptes"""
        for each in self._read("authorities.json"):
            Authority.objects.create(**each)
        parents = {}
        for each in self._read("departments.json"):
            parents[each["code"]] = each.get("parent")
            facts = {name: each.get(name, "") for name in ("code", "name", "kind", "email", "phone")}
            Department.objects.create(authority=Authority.objects.get(code=each["authority"]), **facts)
        departments = {each.code: each for each in Department.objects.all()}
        for code, parent in parents.items():
            departments[code].parent = departments[parent] if parent else None
            departments[code].save()
        for each in self._read("people.json"):
            user = User(
                username=each["username"],
                first_name=each["first_name"],
                last_name=each["last_name"],
                email=each["email"],
                department=departments[each["department"]],
                is_staff=each.get("superuser", False),
                is_superuser=each.get("superuser", False),
            )
            user.set_password(PASSWORD)
            user.save()
            user.groups.set(Group.objects.filter(name__in=each["roles"]))

    def layers(self) -> None:
        """couches et fond de plan schématiques"""
        for code, name in LAYERS.items():
            layer = Layer.objects.create(
                code=code,
                name=name,
                schematic=True,
                territory=code == "communes",
                source="Tracé schématique de démonstration",
                licence="AGPL-3.0-or-later",
            )
            version = LayerVersion.objects.create(
                layer=layer,
                number=1,
                status=LayerVersion.Status.PUBLISHED,
                valid_from=SINCE,
                imported_at=self.now,
                file_name=f"{code}.geojson",
                source_crs="EPSG:4326",
            )
            for feature in self._read(f"{code}.geojson")["features"]:
                facts = feature["properties"]
                geom = from_geojson(feature["geometry"])
                Zone.objects.create(
                    version=version,
                    code=facts.pop("code"),
                    name=facts.pop("name"),
                    attributes=facts,
                    geom=geom if isinstance(geom, MultiPolygon) else MultiPolygon(geom, srid=geom.srid),
                )
        load_background(self.fixtures / "background.geojson")

    def glossary(self) -> None:
        """glossaire"""
        glossary = self._read("glossary.json")
        for each in glossary["families"]:
            Family.objects.create(**each)
        for each in glossary["categories"]:
            Category.objects.create(**{**each, "family": Family.objects.get(code=each["family"])})

    def rules(self) -> None:
        """règles d'aiguillage"""
        for each in self._read("rules.json"):
            category, family = each.get("category"), each.get("family")
            zones = "-".join(each["zones"]) if len(each["zones"]) < 3 else ""
            RoutingRule.objects.create(
                code="-".join(filter(None, [category or family, each["layer"], zones, each["department"]])).lower(),
                name=each["name"],
                category=Category.objects.get(code=category) if category else None,
                family=Family.objects.get(code=family) if family else None,
                layer=Layer.objects.get(code=each["layer"]),
                zone_codes=each["zones"],
                department=Department.objects.get(code=each["department"]),
                priority=each["priority"],
                valid_from=each["valid_from"],
            )

    def requests(self) -> None:
        """soixante demandes et leur histoire"""
        people = {each.username: each for each in User.objects.select_related("department")}
        for number, each in enumerate(self._read("requests.json")):
            request = submit(
                author=people[each["author"]],
                category=Category.objects.get(code=each["category"]),
                geom=from_geojson(each["geometry"]),
                channel=each["channel"],
                key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo {number}"),
                now=self._when(each["submitted_days_ago"], each["submitted_time"]),
                contact=Contact(**each["requester"]) if each["requester"] else None,
                nature=each.get("nature", ServiceRequest.Nature.INCIDENT),
                address=each["address"],
                description=each["description"],
            )
            company = Department.objects.filter(code=each.get("company")).first()
            for name, days_ago, time, text in each["path"]:
                if company is not None and name in WORK:
                    self._work(request, WORK[name], company, people, self._when(days_ago, time), text)
                    continue
                move(
                    request_id=request.pk,
                    name=name,
                    actor=people[HANDS[MOVES[name].permission]],
                    now=self._when(days_ago, time),
                    reason=text,
                    department=Department.objects.get(code=each["redirect_to"]) if name == "redirect" else None,
                )
        told = Event.objects.filter(public=True).exclude(request__requester=None).exclude(request__requester__email="")
        Message.objects.bulk_create(Message(event=event, sent_at=event.at) for event in told)

    def _work(
        self,
        request: ServiceRequest,
        name: str,
        company: Department,
        people: dict[str, User],
        when: datetime.datetime,
        text: str,
    ) -> None:
        """A step of a request that a company serves: ordered as it is accepted, then moved as it would be."""
        if name == "accept":
            hand = people[HANDS["evaluate_request"]]
            accept(request_id=request.pk, executed_by=company, actor=hand, now=when, reason=text)
            return
        by = people["responsable"] if name == "validate" else people["prestataire"]
        ordered = request.interventions.get()
        move_work(intervention_id=ordered.pk, name=name, actor=by, now=when, text=text)

    def _read(self, name: str) -> Any:
        return json.loads((self.fixtures / name).read_text(encoding="utf-8"))

    def _when(self, days_ago: int, time: str) -> datetime.datetime:
        """That time of that day, where the platform is; never later than now."""
        day = timezone.localdate(self.now) - datetime.timedelta(days=days_ago)
        when = datetime.datetime.combine(day, datetime.time.fromisoformat(time), timezone.get_default_timezone())
        return min(when, self.now)
