"""Putting a version in force from a day on. Versions of a layer follow each other in time and never overlap.

The version in force on that day ends there, and the new one lasts as long as that one would have: until the next
version already published, or without end. So a version may be put in force in the future, in the past, or again on the
same day (the first of the two then was in force on no day at all). Decisions already taken stay as they were; requests
logged from then on, and those routed again, follow the version of their day.
"""

import datetime
import logging
from collections import Counter
from typing import Protocol

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gisplatform.errors import PlatformError
from gisplatform.models import User
from layers import quality
from layers.models import Finding, Layer, LayerVersion

logger = logging.getLogger(__name__)


class Hearer(Protocol):
    def __call__(self, version: LayerVersion, *, by: User | None, now: datetime.datetime) -> None: ...


_hearers: list[Hearer] = []


def on_publication(hearer: Hearer) -> Hearer:
    """Register what a room above does when a version is put in force: inside the transaction that does it."""
    _hearers.append(hearer)
    return hearer


class PublicationRefused(PlatformError):
    """The version cannot be put in force, whatever its zones."""

    status = 409
    message = gettext_lazy("This version cannot be published.")


class PublicationStopped(PlatformError):
    """Errors, or warnings without a reason; `findings` are all of them. Nothing but the version's check changed."""

    status = 409

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        errors, warnings = (_number(findings, severity) for severity in (quality.ERROR, quality.WARNING))
        super().__init__(
            ngettext(
                "Publication stopped by %(n)s error: mend it in the file, then import that again.",
                "Publication stopped by %(n)s errors: mend them in the file, then import that again.",
                errors,
            )
            % {"n": errors}
            if errors
            else ngettext(
                "Publication stopped by %(n)s warning: give a reason to publish all the same.",
                "Publication stopped by %(n)s warnings: give a reason to publish all the same.",
                warnings,
            )
            % {"n": warnings}
        )


def publish(
    version: LayerVersion,
    *,
    valid_from: datetime.date | None,
    by: User | None,
    now: datetime.datetime,
    reason: str = "",
    tolerance_m2: float | None = None,
    by_its_check: bool = False,
) -> LayerVersion:
    """Put a draft or checked version in force from `valid_from`: else the day it was imported for, else today.

    `reason` says why its warnings are accepted, and is kept in its report with their number. Tolerance is the layer's
    unless given. `by_its_check` takes what its last check found, where that is still true, instead of looking anew.
    Raises PublicationStopped on errors and on warnings without a reason, PublicationRefused when the
    version is empty or published already, or its layer retired.
    """
    day = valid_from or version.valid_from or timezone.localdate(now)
    refuse_unfit(version, day)
    if by_its_check and quality.still_true(version, on=day):
        findings = list(version.findings.told())
    else:
        findings = quality.check_and_note(version, on=day, tolerance_m2=tolerance_m2)
    if _number(findings, quality.ERROR) or (_number(findings, quality.WARNING) and not reason.strip()):
        raise PublicationStopped(findings)
    try:
        with transaction.atomic():
            # One publication of a layer at a time: what is read here stays true until it is written. Its key is left
            # free: a check that ends looks at it while this waits for the version.
            Layer.objects.select_for_update(no_key=True).get(pk=version.layer_id)
            version.refresh_from_db()
            refuse_unfit(version, day)
            replaced = put_in_force(version, day=day, today=timezone.localdate(now))
            version.report = {
                **version.report,
                "publication": {
                    "at": now.isoformat(),
                    "by": by.pk if by else None,
                    "reason": reason.strip(),
                    "accepted": Counter(each.kind for each in findings if each.severity == quality.WARNING),
                    "tolerance_m2": version.report["check"]["tolerance_m2"],
                    "valid_from": day.isoformat(),
                    "valid_to": version.valid_to.isoformat() if version.valid_to else None,
                    "replaces": replaced,
                },
            }
            version.save(update_fields=["report"])
            for hearer in _hearers:
                hearer(version, by=by, now=now)
    except IntegrityError as error:
        if "one_version_in_force" not in str(error):
            raise
        raise PublicationRefused(
            _("Another version of this layer is in force on these days: choose another day, or try again.")
        ) from None
    logger.info("layer published", extra={"layer": version.layer_id, "version": version.pk})
    return version


def _number(findings: list[Finding], severity: str) -> int:
    return sum(finding.severity == severity for finding in findings)


def put_in_force(version: LayerVersion, *, day: datetime.date, today: datetime.date) -> int | None:
    """Have the rows of its layer say that this version holds from `day`; the number of the one it replaces.

    Looks at nothing: `publish` is the way in.
    """
    replaced, version.valid_to = _make_room(version.layer, day, today=today)
    version.valid_from, version.status = day, LayerVersion.Status.PUBLISHED
    version.save(update_fields=["valid_from", "valid_to", "status"])
    return replaced


def refuse_unfit(version: LayerVersion, day: datetime.date) -> None:
    """Raises PublicationRefused when it is published already, empty, or its layer retired by that day."""
    facts = {"version": version.number, "layer": version.layer.name}
    if version.status in LayerVersion.IN_FORCE:
        raise PublicationRefused(_("Version %(version)s of “%(layer)s” is published already.") % facts)
    if version.layer.retired_on and version.layer.retired_on <= day:
        raise PublicationRefused(_("The layer “%(layer)s” is retired.") % facts)
    if not version.zones.exists():
        raise PublicationRefused(_("Version %(version)s of “%(layer)s” has no zone.") % facts)


def _make_room(layer: Layer, day: datetime.date, *, today: datetime.date) -> tuple[int | None, datetime.date | None]:
    """End the version in force on `day` there; its number, and the day when the new one ends (None: without end)."""
    lasting = layer.versions.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), status__in=LayerVersion.IN_FORCE
    )
    before = lasting.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day).first()
    if before is not None:
        until, before.valid_to = before.valid_to, day
        before.save(update_fields=["valid_to"])
    else:
        until = lasting.filter(valid_from__gt=day).order_by("valid_from").values_list("valid_from", flat=True).first()
    over = Q(valid_to__lte=today) | Q(valid_to=F("valid_from"))
    layer.versions.filter(over, status=LayerVersion.Status.PUBLISHED).update(status=LayerVersion.Status.SUPERSEDED)
    return (before.number if before else None), until
