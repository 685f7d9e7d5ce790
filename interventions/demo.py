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
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from basemaps.loading import load_background
from basemaps.schematic import load_schematic_addresses
from gisplatform.geo import from_geojson
from gisplatform.models import Authority, Department, User
from interventions.events.models import Event
from interventions.events.record import NEWS, NOTICE
from interventions.glossary.models import Category, Family
from interventions.informing.models import Message
from interventions.noticing.models import NoticeMail, Notification
from interventions.noticing.services import mark_read, notify
from interventions.requests.lifecycle import MOVES
from interventions.requests.models import ServiceRequest
from interventions.requests.photos import receive
from interventions.requests.services import Contact, move, submit
from interventions.routing.models import RoutingRule
from interventions.work.services import accept
from interventions.work.services import move as move_work
from layers.models import Layer, LayerVersion, Zone
from layers.quality import check_and_note

TOLD_DAYS, READ_DAYS = 21, 4  # what is told again, and what of it is read
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
        """couches, fond de plan et adresses schématiques"""
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
        for version in LayerVersion.objects.order_by("pk"):
            check_and_note(version, on=SINCE)
        load_background(self.fixtures / "background.geojson")
        load_schematic_addresses(city="Caen", citycode="14118")

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
        """six cents demandes, leurs photos et leur histoire"""
        self.people = {each.username: each for each in User.objects.select_related("department")}
        self.departments = {each.code: each for each in Department.objects.all()}
        self.categories = {each.code: each for each in Category.objects.all()}
        rows = self._read("requests.json")
        last_job = ProcrastinateJob.objects.aggregate(last=Coalesce(Max("pk"), 0))["last"]
        made: dict[int, ServiceRequest] = {}
        # One after the other as they happened, so that references, interventions and events are numbered in that order.
        steps = sorted(
            (self._when(days_ago, time), number, position)
            for number, each in enumerate(rows)
            for position, (days_ago, time) in enumerate(
                [(each["submitted_days_ago"], each["submitted_time"]), *(step[1:3] for step in each["path"])]
            )
        )
        for when, number, position in steps:
            each = rows[number]
            if position == 0:
                first = made[each["joins"]] if "joins" in each else None
                made[number] = self._submit(each, f"demo {number}", when, joins=first)
            else:
                name, _days_ago, _time, text = each["path"][position - 1]
                first = made[number - 1] if name == "merge" else None
                self._step(each, made[number], name, text, f"demo {number} done", when, joins=first)
        self._count_as_sent(since_job=last_job)
        self._notify(since_job=last_job)

    def _submit(
        self, each: dict[str, Any], key: str, when: datetime.datetime, *, joins: ServiceRequest | None
    ) -> ServiceRequest:
        author = self.people[each["author"]]
        return submit(
            author=author,
            category=self.categories[each["category"]],
            geom=from_geojson(each["geometry"]),
            channel=each["channel"],
            key=self._photos(each.get("photos", []), key, author),
            now=when,
            contact=Contact(**each["requester"]) if each["requester"] else None,
            joins=joins,
            nature=each.get("nature", ServiceRequest.Nature.INCIDENT),
            address=each["address"],
            description=each["description"],
            with_photos="photos" in each,
        )

    def _step(
        self,
        each: dict[str, Any],
        request: ServiceRequest,
        name: str,
        text: str,
        key: str,
        when: datetime.datetime,
        *,
        joins: ServiceRequest | None,
    ) -> None:
        company = self.departments.get(each.get("company", ""))
        if company is None or name not in WORK:
            move(
                request_id=request.pk,
                name=name,
                actor=self.people[HANDS[MOVES[name].permission]],
                now=when,
                reason=text,
                department=self.departments[each["redirect_to"]] if name == "redirect" else None,
                joins=joins,
            )
        elif name == "accept":
            # Ordered as it is accepted, then moved as the work is.
            hand = self.people[HANDS["evaluate_request"]]
            accept(request_id=request.pk, executed_by=company, actor=hand, now=when, reason=text)
        else:
            # A company without an account tells its work to the manager.
            workers = [person for person in self.people.values() if person.department_id == company.pk]
            by = workers[0] if workers and name != "plan" else self.people["responsable"]
            photos = [each["result_photo"]] if name == "finish" and "result_photo" in each else []
            move_work(
                intervention_id=request.interventions.get().pk,
                name=WORK[name],
                actor=by,
                now=when,
                text=text,
                photos_key=self._photos(photos, key, by) if photos else None,
            )

    def _count_as_sent(self, *, since_job: int) -> None:
        """All that was queued for requesters, as mails that went when it happened."""
        reached = ServiceRequest.objects.exclude(requester=None).exclude(requester__email="")
        may_be_told = set(reached.values_list("pk", flat=True))
        events = {event.pk: event for event in Event.objects.filter(public=True)}
        queued = ProcrastinateJob.objects.filter(task_name=NEWS, pk__gt=since_job).values_list("args", flat=True)
        told = [(events[args["event_id"]], args.get("request_id")) for args in queued]
        Message.objects.bulk_create(
            Message(
                event=event,
                request_id=to or event.request_id,
                sent_at=event.at,
                outcome=Message.Outcome.SENT,
                ended_at=event.at,
            )
            for event, to in told
            if (to or event.request_id) in may_be_told
        )

    def _notify(self, *, since_job: int) -> None:
        """What people would have been told in the last days, the older ones read; mails count as sent."""
        ProcrastinateJob.objects.filter(task_name=NOTICE, pk__gt=since_job).delete()
        since = self.now - datetime.timedelta(days=TOLD_DAYS)
        events = Event.objects.filter(at__gte=since).order_by("pk").values_list("pk", flat=True)
        notify(event_ids=list(events), now=self.now, mails=False)
        mark_read(Notification.objects.filter(at__lt=self.now - datetime.timedelta(days=READ_DAYS)), now=self.now)
        told = Notification.objects.filter(how__in=["digest", "immediate"])
        for person in self.people.values():
            sent = NoticeMail(person=person, created_at=self.now, ended_at=self.now, outcome=NoticeMail.Outcome.SENT)
            sent.save()
            told.filter(person=person).update(mail=sent)

    def _photos(self, names: list[str], key: str, by: User) -> uuid.UUID:
        """The key of a form, once these drawings of `fixtures/photos` were sent under it."""
        form = uuid.uuid5(uuid.NAMESPACE_OID, key)
        for name in names:
            drawing = (self.fixtures / "photos" / name).read_bytes()
            receive(upload=SimpleUploadedFile(name, drawing), key=form, uploaded_by=by)
        return form

    def _read(self, name: str) -> Any:
        return json.loads((self.fixtures / name).read_text(encoding="utf-8"))

    def _when(self, days_ago: int, time: str) -> datetime.datetime:
        """That time of that day, where the platform is; never later than now."""
        day = timezone.localdate(self.now) - datetime.timedelta(days=days_ago)
        when = datetime.datetime.combine(day, datetime.time.fromisoformat(time), timezone.get_default_timezone())
        return min(when, self.now)
