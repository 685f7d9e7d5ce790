"""Adding to the event table, the one record of what happened."""

import datetime
from collections.abc import Iterable
from typing import Any

from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from gisplatform.models import User
from interventions.events.models import Event

# The job that carries a public event to those who must hear of it; `informing` answers to the name.
NEWS = "interventions.news"
# The job that tells staff and companies what concerns them; `noticing` answers to the name.
NOTICE = "interventions.notice"
# The kinds of events that may concern one of them.
CONCERNING = {"submitted", "moved", "noted", "added", "unreached", "worked"}


def record(
    *,
    request_id: int,
    kind: Event.Kind,
    now: datetime.datetime,
    actor: User | None,
    followers: Iterable[int] = (),
    **facts: Any,
) -> Event:
    """Add an event, and queue in the same transaction who hears of it: rolled back, nobody does. Two statements.

    Staff and companies hear of what concerns them, the requester of what is public.
    `followers` are the requests that joined this one: their requesters hear of it too, each by a job of their own.
    `facts` are the other columns of Event: move, from_state, to_state, due_from, due_to, text,
    other_id, intervention_id, public, key.
    """
    event = Event.objects.create(request_id=request_id, kind=kind, at=now, actor=actor, **facts)
    jobs = [_job(NOTICE, event_id=event.pk)] if kind in CONCERNING else []
    if event.public:
        jobs += [_job(NEWS, event_id=event.pk)]
        jobs += [_job(NEWS, event_id=event.pk, request_id=follower) for follower in followers]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs)
    return event


def _job(name: str, **about: int) -> Job:
    return app.configure_task(name).make_new_job(**about)
