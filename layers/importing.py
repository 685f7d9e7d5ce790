"""A file becomes a new version of a layer, in one transaction: all that can be taken, and a report of the rest."""

import datetime
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform import sql
from gisplatform.errors import KeyReused, PlatformError
from gisplatform.models import User
from layers import outlines
from layers.judging import Judged, NothingTaken, Wishes, judge, lines_of
from layers.models import Layer, LayerVersion
from layers.reading.source import plain

logger = logging.getLogger(__name__)

RESERVED_CODES = {"requests", "interventions", "importer", "essais", "reexamens"}  # other collections, and pages beside


class LayerRefused(PlatformError):
    """The layer cannot be written under this code."""

    status = 422
    message = gettext_lazy("The layer cannot be written under this code.")


@dataclass(frozen=True)
class Target:
    """The layer written to, made when its code is new. Facts left empty stay as they are."""

    code: str
    name: str = ""
    source: str = ""
    producer: str = ""
    licence: str = ""
    territory: bool = False
    schematic: bool | None = None


def import_file(
    *,
    path: Path,
    target: Target,
    now: datetime.datetime,
    wishes: Wishes | None = None,
    by: User | None = None,
    valid_from: datetime.date | None = None,
    file_name: str = "",
    key: UUID | None = None,
) -> LayerVersion:
    """A new draft version of the layer with the zones of the file; its `report` is the contract's, and more.

    `valid_from` is the day it is meant for, used when it is published. A line of the report is the rank of a feature
    in the file, from 1. A `key` that made a version of this layer before gives that version again. Raises
    UnreadableFile, LayerRefused or NothingTaken; then nothing was written.
    """
    file_name = plain(file_name or path.name)
    judged = judge(path=path, wishes=wishes or Wishes(), file_name=file_name)
    with transaction.atomic():
        layer = _layer(target)
        if key and (before := _made_by(key, layer, by)):
            return before
        version = LayerVersion.objects.create(
            layer=layer,
            number=(layer.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
            valid_from=valid_from,
            file_name=file_name[-255:],
            source_crs=judged.crs.label[:60],
            imported_at=now,
            imported_by=by,
        )
        taken = [row for batch in outlines.batches(judged.kept) for row in _take(version, judged, batch)]
        lines = {row["line"] for row in taken}
        judged.refused |= {i: _("nothing polygonal is left of it") for i in judged.kept if i + 1 not in lines}
        if not taken:
            raise NothingTaken(judged.refused)
        version.report = {
            "layer": layer.code,
            "version": version.number,
            "zones": len(taken),
            "refused": lines_of(judged.refused),
            "repaired": [
                {"line": row["line"], "area_change_m2": row["area_change_m2"]} for row in taken if row["repaired"]
            ],
            "file": file_name,
            "format": judged.source.format,
            "source_layer": judged.source.layer,
            "crs": judged.crs.label,
            "encoding": judged.source.encoding,
            "code_field": judged.named.code_field,
            "name_field": judged.named.name_field,
            "notes": [*judged.notes, *_remarks(layer, target)],
            **({"key": str(key)} if key else {}),
        }
        version.save(update_fields=["report"])
    logger.info("layer imported", extra={"layer": layer.pk, "version": version.pk, "zones": len(taken)})
    return version


def _made_by(key: UUID, layer: Layer, by: User | None) -> LayerVersion | None:
    """The version this key made; raises KeyReused when somebody else's did."""
    made = layer.versions.filter(report__key=str(key)).first()
    if made is not None and made.imported_by != by:
        raise KeyReused
    return made


def _layer(target: Target) -> Layer:
    """The layer, locked until the transaction ends: versions are numbered one at a time."""
    try:
        validate_slug(target.code)
    except ValidationError:
        raise LayerRefused(
            _("“%(code)s” cannot be a code: use letters without accents, digits, hyphens.") % {"code": target.code}
        ) from None
    if target.code in RESERVED_CODES or len(target.code) > 50:
        raise LayerRefused(_("“%(code)s” cannot be the code of a layer: choose another.") % {"code": target.code})
    Layer.objects.get_or_create(
        code=target.code,
        defaults={"name": target.name or target.code.capitalize(), "territory": target.territory},
    )
    layer = Layer.objects.select_for_update(no_key=True).get(code=target.code)
    if target.territory and not layer.territory:
        raise LayerRefused(
            _("The layer “%(layer)s” exists and is not the territory: change that in its own form first.")
            % {"layer": layer.name}
        )
    facts = {name: getattr(target, name) for name in ("name", "source", "producer", "licence", "schematic")}
    changed = {name: value for name, value in facts.items() if value not in ("", None)}
    for name, value in changed.items():
        setattr(layer, name, value)
    if changed:
        layer.save(update_fields=list(changed))
    return layer


def _remarks(layer: Layer, target: Target) -> list[str]:
    """What of the layer may no longer fit its new outlines."""
    if layer.schematic and target.schematic is None:
        return [_("The layer is marked as schematic. If these outlines are official, say so.")]
    return []


def _take(version: LayerVersion, judged: Judged, indexes: list[int]) -> list[dict[str, Any]]:
    """Write these lines; one row `line, repaired, area_change_m2` for each that became a zone."""
    named = judged.named
    return outlines.run(
        sql.load("layers", "take_zones"),
        judged,
        indexes,
        version_id=version.pk,
        codes=[named.codes[index] for index in indexes],
        names=[named.names[index] for index in indexes],
        attributes=[json.dumps(judged.source.attributes[index], ensure_ascii=False) for index in indexes],
    )
