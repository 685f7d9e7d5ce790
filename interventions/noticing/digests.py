"""The mail of the day: one to each person for whom something waits, none where nothing does."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gisplatform import sql
from gisplatform.models import User
from interventions.noticing import services
from interventions.noticing.kinds import How, Kind
from interventions.noticing.models import NoticeMail
from interventions.noticing.queries import waiting
from interventions.requests.lifecycle import UNDECIDED
from interventions.requests.models import ServiceRequest


def is_time(now: datetime.datetime) -> bool:
    """Whether the local hour of the mails of the day (a setting) has come."""
    return timezone.localtime(now).time() >= settings.DIGEST_AT


def write(*, now: datetime.datetime) -> int:
    """Put the mails of this local day in the outbox and in the queue; how many are new. Once made, they are not again.

    Two workers at once: the second finds them made.
    """
    if not is_time(now):
        return 0
    day = timezone.localdate(now)
    with transaction.atomic():
        asked = {"day": day, "now": now, "also": _awaited(day, now=now)}
        ids = [row["id"] for row in sql.rows(sql.load("interventions.noticing", "digest"), asked)]
        services.queue(NoticeMail.objects.filter(pk__in=ids).order_by("pk"))
    return len(ids)


def _awaited(day: datetime.date, *, now: datetime.datetime) -> list[int]:
    """Who wants to know how many requests wait for them, has not been told today, and for whom some do."""
    if not ServiceRequest.objects.filter(state__in=UNDECIDED).exists():
        return []
    told = NoticeMail.objects.filter(digest_on=day).values("person")
    people = list(User.objects.filter(is_active=True, groups__isnull=False).exclude(pk__in=told).distinct())
    hear = services.how_they_hear(Kind.WAITING, people)
    wanted = [person for person in people if hear[person.pk] == How.DIGEST and person.may("evaluate_request")]
    return [person.pk for person in wanted if waiting(person, now=now).to_evaluate]
