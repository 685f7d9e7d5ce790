"""Exports too large for one answer: ordered in the page, made by the worker, fetched when they are ready."""

import datetime
import logging
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from procrastinate.contrib.django import app

from gisplatform.models import User
from interventions.exchanging import exports
from interventions.exchanging.models import Export
from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest

logger = logging.getLogger(__name__)

MAKE = "interventions.export"
KEPT_FOR = datetime.timedelta(days=1)
TOLD_EVERY = 1_000  # rows read


def order(*, by: User, now: datetime.datetime, **facts: Any) -> Export:
    """Note what is asked for and queue it, in one transaction; what others left for more than a day goes.

    `facts` are columns of Export: query, format, srid, personal, total.
    """
    forget(before=now - KEPT_FOR)
    with transaction.atomic():
        export = Export.objects.create(requested_by=by, created_at=now, **facts)
        app.configure_task(MAKE).defer(export_id=export.pk)
    return export


def make(*, export_id: int) -> None:
    """Write the file, with what its person may see now. A failure is told on their page and goes to the log."""
    export = Export.objects.select_related("requested_by").get(pk=export_id)
    Export.objects.filter(pk=export_id).update(state=Export.State.WORKING, done=0)
    with ExitStack() as otherwise:
        otherwise.callback(_tell_failure, export_id)
        file = _written(export)
        otherwise.pop_all()
    Export.objects.filter(pk=export_id).update(
        state=Export.State.READY, ended_at=timezone.now(), file=str(file.relative_to(settings.MEDIA_ROOT))
    )
    logger.info("export made", extra={"export": export_id, "rows": export.total})


def path_of(export: Export) -> Path:
    return Path(settings.MEDIA_ROOT) / export.file


def forget(*, before: datetime.datetime) -> None:
    """Exports ordered before that moment, and their files."""
    for export in Export.objects.filter(created_at__lt=before):
        if export.file:
            shutil.rmtree(path_of(export).parent, ignore_errors=True)
        export.delete()


def wanted(export: Export) -> Any:
    user = export.requested_by
    asker: Any = SimpleNamespace(user=user)
    return RequestFilter(QueryDict(export.query), queryset=ServiceRequest.objects.visible_to(user), request=asker).qs


def _written(export: Export) -> Path:
    personal = export.personal and export.requested_by.may("see_requester")
    name = f"demandes-{timezone.localdate(export.created_at).isoformat()}"
    # A name nobody guesses, though no address leads there but the one that asks who it is.
    folder = Path(settings.MEDIA_ROOT) / "exports" / f"{export.pk}-{secrets.token_urlsafe(12)}"
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        made = exports.write(
            wanted(export), as_=export.format, srid=export.srid, name=name, folder=Path(scratch), personal=personal,
            seen=lambda rows: _counted(export.pk, rows),
        )  # fmt: skip
        return made.rename(folder / made.name)


def _tell_failure(export_id: int) -> None:
    Export.objects.filter(pk=export_id).update(state=Export.State.FAILED, ended_at=timezone.now())


def _counted(export_id: int, rows: Iterable[Any]) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % TOLD_EVERY == 0:
            Export.objects.filter(pk=export_id).update(done=number)
