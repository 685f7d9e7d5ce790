"""Photos shown to requesters: each only once somebody has looked at it and released it; that may be taken back."""

import datetime

from django.db import transaction

from gisplatform.models import User
from interventions.events.models import Event
from interventions.events.record import record
from interventions.requests.models import Attachment


def show(*, photo_id: int, shown: bool, actor: User, now: datetime.datetime) -> None:
    """Release a photo to requesters, or take it back; what stands as wanted already is left as it is.

    An event says so to each request the photo tells of: its own, or those of the work it shows.
    """
    with transaction.atomic():
        photo = Attachment.objects.select_for_update(of=("self",)).get(pk=photo_id)
        if (photo.shown_at is not None) == shown:
            return
        photo.shown_at, photo.shown_by = (now, actor) if shown else (None, None)
        photo.save(update_fields=["shown_at", "shown_by"])
        kind = Event.Kind.SHOWN if shown else Event.Kind.HIDDEN
        for request_id in _told_of(photo):
            record(request_id=request_id, kind=kind, now=now, actor=actor)


def _told_of(photo: Attachment) -> list[int]:
    if photo.request_id is not None:
        return [photo.request_id]
    if photo.intervention is None:
        return []
    return list(photo.intervention.requests.order_by("pk").values_list("pk", flat=True))
