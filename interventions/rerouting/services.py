"""Deciding requests again, some thousands at a time; each time is one transaction, and says where to go on.

Killed at any point, the pass goes on from its last committed step and ends as if nothing had happened: decisions,
requests, events, counts and the job for the next step are committed together or not at all. Requests are locked in the
order of their ids, as everybody locks them, so nobody blocks another for good; what a person does meanwhile is seen.
"""

import datetime
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from gisplatform import sql
from gisplatform.models import User
from interventions.rerouting import notices
from interventions.rerouting.models import Rerouting, ReroutingMove
from interventions.rerouting.queries import looked_at
from layers.models import LayerVersion

logger = logging.getLogger(__name__)

REROUTE = "interventions.reroute"
FIRST = 1  # among the jobs: while requests come in by the dozen, each with its mail, a pass would never have its turn
AT_ONCE = 1_000  # requests decided in one transaction, which holds them: a fraction of a second
AGAIN_S = 1  # until writers that began before the pass are asked for again


def order(
    *,
    version: LayerVersion | None,
    by: User | None,
    now: datetime.datetime,
    day: datetime.date,
    with_ended: bool = False,
    queued: bool = True,
) -> Rerouting:
    """A pass over the requests from `day` on, because of `version` or by hand; in the caller's transaction, if any.

    Today's is `queued` for the worker unless somebody makes its steps themselves; a later one is by `start_due`.
    """
    with transaction.atomic():
        ordered = Rerouting.objects.create(
            version=version, ordered_by=by, ordered_at=now, day=day, with_ended=with_ended
        )
        if queued and day <= timezone.localdate(now):
            _queue(ordered)
    return ordered


def start_due(*, now: datetime.datetime) -> int:
    """Queue every pass whose day has come and that has not ended; how many. One queued twice is made once."""
    due = Rerouting.objects.filter(ended_at=None, day__lte=timezone.localdate(now))
    for each in due:
        _queue(each)
    return len(due)


def step(*, rerouting_id: int, now: datetime.datetime, waits_for: Sequence[str] | None = None) -> None:
    """One step of a pass, and the job for the next: begin it, decide some requests, or end it.

    It begins once the transactions `waits_for` (those that were writing requests when it first tried) are over: what
    they logged by the rules of before is seen by nobody yet.
    """
    with transaction.atomic():
        rerouting = Rerouting.objects.select_for_update().filter(pk=rerouting_id).first()
        if rerouting is None or rerouting.ended_at:
            return
        if rerouting.begun_at is None:
            left = writing(waits_for)
            if left:
                later = app.configure_task(REROUTE, priority=FIRST, schedule_in={"seconds": AGAIN_S})
                later.defer(rerouting_id=rerouting_id, waits_for=[*left])
                return
        if _advance(rerouting, now):
            _queue(rerouting)


def run(rerouting: Rerouting, *, clock: Callable[[], datetime.datetime]) -> Iterator[Rerouting]:
    """All steps one after the other, without the worker; the pass as it is after each."""
    waits_for = writing(None)
    while waits_for := writing(waits_for):
        time.sleep(AGAIN_S / 10)
    going = True
    while going:
        with transaction.atomic():
            rerouting = Rerouting.objects.select_for_update().get(pk=rerouting.pk)
            going = not rerouting.ended_at and _advance(rerouting, clock())
        yield rerouting


def rehearse(*, day: datetime.date, with_ended: bool = False) -> list[dict[str, Any]]:
    """The moves that a pass by the rules of `day` would make, as rows of `rehearse.sql`. Nothing is written or held."""
    found: dict[tuple[int | None, int | None], dict[str, Any]] = {}
    last = 0
    requests = looked_at(with_ended=with_ended).order_by("pk").values_list("pk", flat=True)
    while ids := list(requests.filter(pk__gt=last)[:AT_ONCE]):
        for row in _rows(sql.load("interventions.rerouting", "rehearse"), ids=ids, day=day):
            known = found.setdefault((row["from_id"], row["to_id"]), {**row, "moved": 0, "at_work": 0, "by_person": 0})
            for name in ("moved", "at_work", "by_person"):
                known[name] += row[name]
        last = ids[-1]
    return list(found.values())


def writing(among: Sequence[str] | None) -> list[str]:
    """The transactions that are writing requests now; of `among`, those that still are."""
    now_writing = {row["transaction"] for row in sql.rows(sql.load("interventions.rerouting", "writers"), {})}
    return sorted(now_writing if among is None else now_writing & set(among))


def _queue(rerouting: Rerouting) -> None:
    app.configure_task(REROUTE, priority=FIRST).defer(rerouting_id=rerouting.pk)


def _advance(rerouting: Rerouting, now: datetime.datetime) -> bool:
    """One step of a pass held by this transaction; False when none is left."""
    if rerouting.begun_at is None:
        return _begin(rerouting, now)
    if _holds(rerouting, rerouting.day) and _decide_some(rerouting, now):
        return True
    rerouting.ended_at = now
    rerouting.save(update_fields=["ended_at"])
    notices.write(rerouting)
    logger.info("requests re-routed", extra={"rerouting": rerouting.pk, "requests": rerouting.looked_at})
    return False


def _holds(rerouting: Rerouting, on: datetime.date) -> bool:
    """Whether the version it is for is in force that day, and stays so until this transaction ends.

    Where another has taken its place meanwhile, the pass of that one goes on: each move is told with its own cause.
    """
    if rerouting.version_id is None:
        return True
    held = LayerVersion.objects.select_for_update(no_key=True).in_force(on).filter(pk=rerouting.version_id)
    return bool(held.values_list("pk"))


def _begin(rerouting: Rerouting, now: datetime.datetime) -> bool:
    """Fix the day and the last request; False, and the pass is forgotten, when its version is not in force any more."""
    today = timezone.localdate(now)
    if not _holds(rerouting, today):
        rerouting.delete()
        return False
    wanted = looked_at(with_ended=rerouting.with_ended)
    rerouting.begun_at, rerouting.day, rerouting.total = now, today, wanted.count()
    rerouting.up_to_id = wanted.aggregate(last=Max("pk"))["last"] or 0
    rerouting.save()
    return True


def _decide_some(rerouting: Rerouting, now: datetime.datetime) -> bool:
    """False when no request is left."""
    wanted = looked_at(with_ended=rerouting.with_ended).filter(pk__gt=rerouting.last_id, pk__lte=rerouting.up_to_id)
    ids = list(wanted.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        return False
    words = {"rerouting_id": rerouting.pk, "cause": _cause(rerouting), "nobody": _("nobody"), "now": now}
    for row in _rows(sql.load("interventions.rerouting", "reroute"), ids=ids, day=rerouting.day, **words):
        pair = {"from_department_id": row["from_id"], "to_department_id": row["to_id"]}
        counted, _new = ReroutingMove.objects.get_or_create(rerouting=rerouting, **pair)
        added = {name: F(name) + row[name] for name in ("moved", "at_work", "by_person")}
        ReroutingMove.objects.filter(pk=counted.pk).update(**added)
    rerouting.looked_at += len(ids)
    rerouting.last_id = ids[-1]
    rerouting.save(update_fields=["looked_at", "last_id"])
    return True


def _rows(statement: str, *, ids: list[int], day: datetime.date, **more: Any) -> list[dict[str, Any]]:
    asked = {"ids": ids, "rules_of": day, "doubt_m": float(settings.ROUTING_DOUBT_M), **more}
    with transaction.atomic(), sql.large_sets():
        return sql.rows(statement, asked)


def _cause(rerouting: Rerouting) -> str:
    if rerouting.version is None:
        return _("(looked at again by hand)")
    facts = {"layer": rerouting.version.layer.name, "version": rerouting.version.number}
    return _("(layer “%(layer)s”, version %(version)s)") % facts
