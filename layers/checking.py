"""Checks of versions too large for somebody to wait for: ordered, made by the worker, followed on the version's page.

What a check finds is written in one transaction (`quality.check_and_note`): killed on its way it has found nothing, and
the job that is taken up again begins anew. How far it is, is written beside that transaction.
"""

import datetime
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from gisplatform.models import User
from layers import quality
from layers.models import LayerCheck, LayerVersion
from layers.publishing import refuse_unfit

logger = logging.getLogger(__name__)

CHECK = "layers.check"
AT_ONCE = 5_000  # zones checked while somebody waits
KEPT_FOR = datetime.timedelta(days=30)
GIVEN_UP_AFTER = datetime.timedelta(hours=3)  # it failed where nobody was left to say so


def check(version: LayerVersion, *, day: datetime.date, by: User | None, now: datetime.datetime) -> LayerCheck | None:
    """Check the version, with the territory of that day: now, or, a large one, by the worker, which is then told."""
    if version.zones.count() <= AT_ONCE:
        quality.check_and_note(version, on=day)
        return None
    return order(version, day=day, by=by, now=now)


def order(version: LayerVersion, *, day: datetime.date, by: User | None, now: datetime.datetime) -> LayerCheck:
    """Have the worker check it; the check under way where there is one."""
    LayerCheck.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    given_up = version.checks.filter(state__in=LayerCheck.UNDER_WAY, created_at__lt=now - GIVEN_UP_AFTER)
    given_up.update(state=LayerCheck.State.FAILED)
    try:
        with transaction.atomic():
            ordered = LayerCheck.objects.create(
                version=version, day=day, requested_by=by, total=len(quality.kinds(version.layer)), created_at=now
            )
            app.configure_task(CHECK).defer(check_id=ordered.pk)
    except IntegrityError:
        # One was under way, and may have ended since.
        return version.checks.order_by("-pk")[0]
    return ordered


def needed_before_publishing(
    version: LayerVersion, *, day: datetime.date, by: User | None, now: datetime.datetime
) -> LayerCheck | None:
    """The check to wait for before a large version is published from that day: ordered, unless it was made already."""
    refuse_unfit(version, day)
    if version.zones.count() <= AT_ONCE or quality.still_true(version, on=day):
        return None
    return order(version, day=day, by=by, now=now)


def latest(version: LayerVersion, *, now: datetime.datetime) -> LayerCheck | None:
    """The last one ordered, while it is under way or when it has failed."""
    last = version.checks.order_by("-pk").first()
    if last is None or last.state == LayerCheck.State.READY:
        return None
    if last.state in LayerCheck.UNDER_WAY and last.created_at < now - GIVEN_UP_AFTER:
        last.state = LayerCheck.State.FAILED
    return last


def make(*, check_id: int) -> None:
    """Check from the beginning, whatever an interrupted run has left. A failure is told and goes to the log."""
    ordered = LayerCheck.objects.select_related("version__layer").filter(pk=check_id).first()
    if ordered is None or ordered.state not in LayerCheck.UNDER_WAY:
        return
    _note(check_id, state=LayerCheck.State.WORKING, done=0)
    with ExitStack() as otherwise:
        otherwise.callback(_tell_failure, check_id)
        quality.check_and_note(ordered.version, on=ordered.day, progress=partial(_note_beside, check_id))
        otherwise.pop_all()
    _note(check_id, state=LayerCheck.State.READY, ended_at=timezone.now(), done=ordered.total)
    logger.info("layer checked", extra={"version": ordered.version_id})


def _tell_failure(check_id: int) -> None:
    _note(check_id, state=LayerCheck.State.FAILED, ended_at=timezone.now())


def _note_beside(check_id: int, done: int) -> None:
    """While the check's own transaction goes on: a thread has a connection of its own."""

    def note() -> None:
        try:
            _note(check_id, done=done)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside:
        beside.submit(note).result()


def _note(check_id: int, **facts: Any) -> None:
    LayerCheck.objects.filter(pk=check_id).update(**facts)
