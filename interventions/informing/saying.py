"""What a requester says on their page: a precision, that it is not repaired, how content they are.

Their words and photos are for staff; nothing they write is shown on the page, which others may be given the address of.
"""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gisplatform.errors import KeyReused, MoveRefused, PlatformError
from interventions.events.models import Event
from interventions.events.record import record
from interventions.informing import words
from interventions.informing.tracking import Tracked
from interventions.requests import photos, services
from interventions.requests.models import Attachment, Satisfaction, ServiceRequest

PHOTOS_AT_ONCE, PHOTOS_AT_MOST = 3, 6  # in one precision, and of one requester for one request
ADDED_AT_MOST = 20
WORDS_MAX, COMMENT_MAX = 2000, 1000


class TooMuch(PlatformError):
    """A requester has said all that one request may hold."""

    status = 409


def add(*, tracked: Tracked, text: str, pictures: Sequence[bytes], key: UUID, now: datetime.datetime) -> Event:
    """A precision, and photos re-encoded already; the same `key` again adds nothing. Raises TooMuch, MoveRefused."""
    with transaction.atomic():
        said = _said_before(tracked, key)
        if said is not None:
            return said
        refuse(tracked, reopens=False, photos=len(pictures))
        return _add(tracked, text=text, pictures=pictures, key=key, now=now)


def not_repaired(*, tracked: Tracked, text: str, pictures: Sequence[bytes], key: UUID, now: datetime.datetime) -> Event:
    """Reopen what was done or closed, for the reason `text`: staff read it, the story only says that it was told.

    One that joined another leaves it. Raises MoveRefused when it can no longer be reopened from here, TooMuch.
    """
    with transaction.atomic():
        # Locked in the order of a move first: whoever pressed twice waits here, then finds it said.
        services.hold(request_id=tracked.request.pk, name="reopen", joins=None)
        said = _said_before(tracked, key)
        if said is not None:
            return said
        refuse(tracked, reopens=True, photos=len(pictures))
        reason = str(words.NOT_REPAIRED)
        services.move(request_id=tracked.request.pk, name="reopen", actor=None, now=now, reason=reason)
        return _add(tracked, text=text, pictures=pictures, key=key, now=now, reopens=True)


def is_said(key: UUID) -> bool:
    """Whether this was sent before: sent again, it is answered as it was then."""
    return Event.objects.filter(key=key).exists()


def refuse(tracked: Tracked, *, reopens: bool, photos: int) -> None:
    """Raises MoveRefused or TooMuch where reopening, or a precision with so many photos, would be."""
    if reopens and not tracked.may_reopen:
        raise MoveRefused(_("It can no longer be reopened from here."))
    if not reopens and not tracked.may_add:
        raise MoveRefused(_("This request has ended: nothing more can be added here."))
    mine = Attachment.objects.filter(request_id=tracked.request.pk, from_requester=True)
    if mine.count() + photos > PHOTOS_AT_MOST:
        raise TooMuch(_("You may send %(count)d photos for one request: choose fewer.") % {"count": PHOTOS_AT_MOST})
    if Event.objects.filter(request_id=tracked.request.pk, kind=Event.Kind.ADDED).count() >= ADDED_AT_MOST:
        raise TooMuch(_("You have added much already: please call the service that answers."))


def rate(*, request_id: int, mark: str, comment: str | None, now: datetime.datetime) -> None:
    """Keep how content the requester is, instead of what they said before; None leaves the comment as it is."""
    said: dict[str, Any] = {"mark": mark, "at": now}
    Satisfaction.objects.update_or_create(
        request_id=request_id, defaults=said if comment is None else {**said, "comment": comment}
    )


def _add(
    tracked: Tracked,
    *,
    text: str,
    pictures: Sequence[bytes],
    key: UUID,
    now: datetime.datetime,
    reopens: bool = False,
) -> Event:
    request_id = tracked.request.pk
    with_photos = ngettext("(%(count)d photo)", "(%(count)d photos)", len(pictures)) % {"count": len(pictures)}
    told = " ".join(filter(None, [text, with_photos if pictures else ""]))
    added = record(request_id=request_id, kind=Event.Kind.ADDED, now=now, actor=None, text=told, key=key)
    for content in pictures:
        photos.store(content=content, key=key, uploaded_by=None, request_id=request_id, from_requester=True)
    if not reopens and tracked.told.pk != request_id:
        # Those who work on the one it has joined look at that one.
        record(request_id=tracked.told.pk, kind=Event.Kind.ADDED, now=now, actor=None, text=told, other_id=request_id)
    ServiceRequest.objects.filter(pk__in={request_id, tracked.told.pk}).update(updated_at=now)
    return added


def _said_before(tracked: Tracked, key: UUID) -> Event | None:
    """The event of this key, once the request is locked; raises KeyReused when it is not of this requester."""
    ServiceRequest.objects.select_for_update().only("pk").get(pk=tracked.request.pk)
    said = Event.objects.filter(key=key).first()
    if said is not None and (said.request_id != tracked.request.pk or said.kind != Event.Kind.ADDED):
        raise KeyReused
    return said
