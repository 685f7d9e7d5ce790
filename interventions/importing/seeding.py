"""Made-up requests in any number, for measuring: the same number and seed give the same requests."""

import datetime
from collections.abc import Callable

import numpy as np
from django.contrib.gis.db.models import Extent
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError
from interventions.glossary.models import Category
from interventions.importing.rows import Row, key_of
from interventions.importing.staging import log
from interventions.requests.services import due_at
from layers.models import Zone

CHUNK = 25_000
SPOTS, AT_SPOTS = 40, 0.4  # so many places draw that share of the requests, within a few hundred metres
SPREAD_M = 250
PERIOD_DAYS = 540
CLOSED_AFTER_DAYS = 40  # on average


class NothingToSeed(PlatformError):
    """No category, or no zone in force."""


def seed(
    *, count: int, seed: int = 1, now: datetime.datetime, progress: Callable[[int], object] = lambda _done: None
) -> int:
    """Log `count` made-up requests over the zones in force, received in the 18 months before `now`; how many are new.

    Older ones are mostly closed. They go the way of an import, in chunks; nobody is written to.
    Raises NothingToSeed.
    """
    categories = list(Category.objects.filter(retired_on=None).order_by("code"))
    extent = Zone.objects.in_force(timezone.localdate(now)).aggregate(extent=Extent("geom"))["extent"]
    if not categories or extent is None:
        raise NothingToSeed(_("Requests need categories and zones in force: load a territory first."))
    (west, south, east, north), dice = extent, np.random.default_rng(seed)
    spots = dice.uniform((west, south), (east, north), (SPOTS, 2))
    logged = 0
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        places = dice.uniform((west, south), (east, north), (size, 2))
        crowded = dice.random(size) < AT_SPOTS
        places[crowded] = spots[dice.integers(0, SPOTS, crowded.sum())] + dice.normal(0, SPREAD_M, (crowded.sum(), 2))
        what = dice.integers(0, len(categories), size)
        ages = (dice.random(size) * PERIOD_DAYS).tolist()
        lengths = dice.exponential(CLOSED_AFTER_DAYS, size).tolist()
        rows = []
        for number in range(size):
            opened, category = now - datetime.timedelta(days=ages[number]), categories[what[number]]
            closed = opened + datetime.timedelta(days=lengths[number])
            rows.append(
                Row(
                    line=start + number,
                    key=key_of("seed", [str(seed), str(start + number)]),
                    category_id=category.pk,
                    submitted_at=opened,
                    closed_at=closed if closed < now else None,
                    due_at=due_at(category=category, now=opened),
                    lon=0,
                    lat=0,
                    address="",
                    description=f"{category.name} {start + number}",
                    origin=_("Made up for measuring"),
                )
            )
        with transaction.atomic():
            logged += log([(row, *place) for row, place in zip(rows, places.tolist(), strict=True)], now=now)[0]
        progress(start + size)
    return logged
