"""Adding to the event table, the one record of what happened."""

import datetime
from collections.abc import Iterable
from typing import Any

from procrastinate.contrib.django import app

from gisplatform.models import User
from interventions.events.models import Event

# The job that carries a public event to those who must hear of it; `informing` answers to the name.
NEWS = "interventions.news"


def record(
    *,
    request_id: int,
    kind: Event.Kind,
    now: datetime.datetime,
    actor: User | None,
    followers: Iterable[int] = (),
    **facts: Any,
) -> Event:
    """Add an event. A public one is queued for the requester in the same transaction: rolled back, nobody hears.

    `followers` are the requests that joined this one: their requesters hear of it too, each by a job of their own.
    `facts` are the other columns of Event: move, from_state, to_state, due_from, due_to, text,
    other_id, intervention_id, public, key.
    """
    event = Event.objects.create(request_id=request_id, kind=kind, at=now, actor=actor, **facts)
    if event.public:
        app.configure_task(NEWS).defer(event_id=event.pk)
        for follower in followers:
            app.configure_task(NEWS).defer(event_id=event.pk, request_id=follower)
    return event
