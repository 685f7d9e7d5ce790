"""The mail of the day: one to each person for whom something waits, none where nothing does."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gisplatform import sql
from gisplatform.models import User
from interventions.noticing import services
from interventions.noticing.kinds import How, Kind
from interventions.noticing.models import NoticeMail
from interventions.requests.lifecycle import UNDECIDED
from interventions.requests.models import ServiceRequest


def hour_of(day: datetime.date) -> datetime.datetime:
    """When the mails of a local day are made; the hour is a setting."""
    return timezone.make_aware(datetime.datetime.combine(day, settings.DIGEST_AT))


def write(*, now: datetime.datetime) -> int:
    """Put the mails of this local day in the outbox and in the queue; how many are new. Once made, they are not again.

    What was told after the hour waits for the next day, however late they are made. Two workers at once: the second
    finds them made.
    """
    day = timezone.localdate(now)
    hour = hour_of(day)
    if now < hour:
        return 0
    with transaction.atomic():
        asked = {"day": day, "hour": hour, "now": now, "also": _awaited(day, hour)}
        ids = [row["id"] for row in sql.rows(sql.load("interventions.noticing", "digest"), asked)]
        services.queue(NoticeMail.objects.filter(pk__in=ids).order_by("pk"))
    return len(ids)


def _awaited(day: datetime.date, hour: datetime.datetime) -> list[int]:
    """Who wants to know how many requests wait for them, has not been told today, and for whom one of before does."""
    undecided = Q(state__in=UNDECIDED, submitted_at__lte=hour)
    if not ServiceRequest.objects.filter(undecided).exists():
        return []
    told = NoticeMail.objects.filter(digest_on=day).values("person")
    people = list(User.objects.filter(is_active=True, groups__isnull=False).exclude(pk__in=told).distinct())
    hear = services.how_they_hear(Kind.WAITING, people)
    wanted = [person for person in people if hear[person.pk] == How.DIGEST and person.may("evaluate_request")]
    return [
        person.pk
        for person in wanted
        if ServiceRequest.objects.visible_to(person).filter(undecided).order_by().exists()
    ]
