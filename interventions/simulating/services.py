"""Playing a change through: ordered, replayed in chunks, its moves kept for a month."""

import datetime
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from gisplatform import sql
from gisplatform.errors import PlatformError
from gisplatform.models import User
from interventions.requests.filters import midnight
from interventions.requests.lifecycle import OPEN
from interventions.requests.models import ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from interventions.rerouting.queries import looked_at
from interventions.routing.models import RoutingRule
from interventions.simulating import supposing
from interventions.simulating.models import Simulation
from layers.models import LayerVersion
from layers.publishing import refuse_unfit

logger = logging.getLogger(__name__)

PLAY = "interventions.simulate"
AT_ONCE = 5_000  # requests played through while somebody waits
CHUNK = 200_000
KEPT_FOR = datetime.timedelta(days=30)


class NothingToTry(PlatformError):
    """The version was in force and is no more."""

    status = 409


def order(
    *,
    by: User | None,
    now: datetime.datetime,
    version: LayerVersion | None = None,
    rule: RoutingRule | None = None,
    day: datetime.date | None = None,
    since: datetime.date | None = None,
    at_once: bool = False,
) -> Simulation:
    """Play through what publishing `version` from `day` would move, or saving `rule`, with its columns as they are now.

    `day` is by default the first on which it would hold, today at the earliest. A few requests are played through
    before this returns, and any number where `at_once`; more are left to the worker. Raises PublicationRefused, and
    NothingToTry.
    """
    today = timezone.localdate(now)
    if version is not None:
        day = day or version.valid_from or today
        _refuse(version, max(day, today))
    elif rule is not None:
        day = day or supposing.first_day(rule, today=today)
    else:
        raise TypeError("a version or a rule")
    facts: dict[str, Any] = {"version": version, "day": day, "rules_of": max(day, today), "since": since}
    if rule is not None:
        facts |= {"rule_code": rule.code, "rule_as": supposing.columns_of(rule)}
    total = replayed(since).count()
    at_once = at_once or total <= AT_ONCE
    with transaction.atomic():
        simulation = Simulation.objects.create(requested_by=by, created_at=now, total=total, **facts)
        if not at_once:
            app.configure_task(PLAY).defer(simulation_id=simulation.pk)
    if at_once:
        play(simulation_id=simulation.pk)
        simulation.refresh_from_db()
    return simulation


def again(
    simulation: Simulation, *, by: User, now: datetime.datetime, day: datetime.date, since: datetime.date | None
) -> Simulation:
    """The same change, asked anew."""
    rule = supposing.rule_of(simulation.rule_as) if simulation.rule_as else None
    return order(by=by, now=now, version=simulation.version, rule=rule, day=day, since=since)


def replayed(since: datetime.date | None) -> ServiceRequestQuerySet:
    """What is played through: the open requests that a re-routing looks at, and all received in the period."""
    if since is None:
        return looked_at()
    wanted = Q(state__in=OPEN) | Q(submitted_at__gte=midnight(since))
    return ServiceRequest.objects.filter(wanted, nature=ServiceRequest.Nature.INCIDENT)


def play(*, simulation_id: int) -> None:
    """Replay from the beginning, whatever an interrupted run has left. A failure is told and goes to the log."""
    simulation = Simulation.objects.select_related("version__layer").get(pk=simulation_id)
    simulation.moves.all().delete()
    _note(simulation, state=Simulation.State.WORKING, done=0)
    with ExitStack() as otherwise:
        otherwise.callback(_note, simulation, state=Simulation.State.FAILED)
        _play(simulation)
        otherwise.pop_all()
    _note(simulation, state=Simulation.State.READY, ended_at=timezone.now())
    logger.info("simulation played", extra={"simulation": simulation_id, "requests": simulation.total})


def forget(*, before: datetime.datetime) -> None:
    Simulation.objects.filter(created_at__lt=before).delete()


def _play(simulation: Simulation) -> None:
    supposed, standing = _supposed(simulation), supposing.as_it_is()
    replay, anyway = sql.load("interventions.simulating", "replay"), sql.load("interventions.simulating", "anyway")
    kept = sql.load("interventions.simulating", "kept")
    whose = {"simulation_id": simulation.pk}
    by = {**whose, "rules_of": simulation.rules_of, "doubt_m": float(settings.ROUTING_DOUBT_M)}
    period = {"open": list(OPEN), "since": midnight(simulation.since) if simulation.since else None}
    done = 0
    for ids in _chunks(replayed(simulation.since)):
        span = {"least": ids[0], "most": ids[-1]}
        with transaction.atomic(), sql.large_sets():
            (told,) = sql.rows(replay, {**by, **period, **supposed.as_parameters(), **span, "ids": ids})
            if told["moved"]:
                moved = {**whose, **span, "ids": told["moved"], "first": told["first"]}
                sql.rows(anyway, {**by, **standing.as_parameters(), **moved})
                sql.rows(kept, {**moved, "decisions": told["decisions"]})
        done += len(ids)
        _note(simulation, done=done)


def _supposed(simulation: Simulation) -> supposing.Standing:
    if simulation.version is None:
        return supposing.with_rule(simulation.rule_as or {})
    today = timezone.localdate(simulation.created_at)
    return supposing.with_version(simulation.version, day=simulation.day, today=today)


def _chunks(requests: ServiceRequestQuerySet) -> Iterator[list[int]]:
    last = 0
    while ids := list(requests.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield ids
        last = ids[-1]


def _refuse(version: LayerVersion, rules_of: datetime.date) -> None:
    if version.status not in LayerVersion.IN_FORCE:
        refuse_unfit(version, rules_of)
    elif version.standing(rules_of) == "over":
        facts: dict[str, Any] = {"version": version.number, "layer": version.layer.name}
        raise NothingToTry(_("Version %(version)s of “%(layer)s” is over: no request would follow it.") % facts)


def _note(simulation: Simulation, **facts: Any) -> None:
    Simulation.objects.filter(pk=simulation.pk).update(**facts)
