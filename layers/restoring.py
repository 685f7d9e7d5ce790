"""Putting a former version in force again: its zones become a new draft, which is checked and published as any other.

Periods that are over stay as they were: whoever asks which zone held a place last year is told what was so last year.
"""

import datetime
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform import sql
from gisplatform.models import User
from layers.models import Layer, LayerVersion
from layers.publishing import PublicationRefused
from layers.queries import UNPUBLISHED

logger = logging.getLogger(__name__)


def restore(version: LayerVersion, *, by: User | None, now: datetime.datetime) -> LayerVersion:
    """The draft that puts the zones of a version that is over in force again, once it is published.

    The one made before, while it is a draft. Raises PublicationRefused for a version that is not over.
    """
    if version.standing(timezone.localdate(now)) != "over":
        named = {"version": version.number, "layer": version.layer.name}
        raise PublicationRefused(
            _("Version %(version)s of “%(layer)s” is not over: nothing is to be restored.") % named
        )
    with transaction.atomic():
        # Versions are numbered one at a time.
        layer = Layer.objects.select_for_update(no_key=True).get(pk=version.layer_id)
        drafts = layer.versions.filter(status__in=UNPUBLISHED, report__restores=version.number)
        if made := drafts.order_by("-number").first():
            return made
        latest = layer.versions.order_by("-number").values_list("number", flat=True)
        draft = LayerVersion.objects.create(
            layer=layer,
            number=latest[0] + 1,
            file_name=version.file_name,
            source_crs=version.source_crs,
            imported_at=now,
            imported_by=by,
        )
        copied = {"from_id": version.pk, "to_id": draft.pk}
        (row,) = sql.rows(sql.load("layers", "copy_zones"), copied)
        draft.report = {
            "layer": layer.code, "version": draft.number, "zones": row["copied"], "restores": version.number,
            "refused": [], "repaired": [], "notes": [],
        }  # fmt: skip
        draft.save(update_fields=["report"])
    logger.info("layer version taken up again", extra={"layer": layer.pk, "version": draft.pk})
    return draft
