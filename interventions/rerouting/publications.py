"""What a publication asks of this room: that open requests be looked at again, from the day the version is in force."""

import datetime

from django.utils import timezone

from gisplatform.models import User
from interventions.rerouting import services
from layers.models import LayerVersion
from layers.publishing import on_publication


@on_publication
def look_again(version: LayerVersion, *, by: User | None, now: datetime.datetime) -> None:
    today = timezone.localdate(now)
    # One of the past that another has followed since answers for nothing open.
    if version.standing(today) != "over":
        services.order(version=version, by=by, now=now, day=max(version.valid_from or today, today))
