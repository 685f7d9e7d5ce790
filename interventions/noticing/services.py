"""What writes notifications, marks them read, and keeps how people want to hear."""

import datetime
import json
import logging
from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app

from gisplatform import sql
from gisplatform.models import User
from interventions.noticing import kinds
from interventions.noticing.kinds import How, Kind
from interventions.noticing.models import NoticeMail, NoticePreference, Notification
from interventions.noticing.queries import NotificationQuerySet

logger = logging.getLogger(__name__)

MAIL = "interventions.notice_mail"
PEOPLE = "gisplatform_people"  # the live server listens on it: their bells
AT_ONCE = 500  # people in one message of the database, which holds 8,000 bytes


def notify(*, event_ids: Sequence[int], now: datetime.datetime, mails: bool = True) -> int:
    """Tell these events to whom they concern, in one transaction; how many notifications are new.

    Told before, they are told to nobody again. `mails` false, nobody is written to at once.
    """
    asked = {
        "ids": list(event_ids),
        "roles": json.dumps(kinds.roles_as_rows()),
        "usual": json.dumps(kinds.usual_as_rows()),
        "urgent_s": settings.URGENT_HOURS * 3600.0,
    }
    with transaction.atomic():
        written = sql.rows(sql.load("interventions.noticing", "notify"), asked)
        if mails:
            _write_to([(row["id"], row["person_id"]) for row in written if row["how"] == How.IMMEDIATE], now)
        ring(row["person_id"] for row in written)
    return len(written)


def tell_of_rerouting(*, rerouting_id: int, at: datetime.datetime, people: Mapping[int, How]) -> None:
    """Put a re-routing among the notifications of these people; its mail is written where it is counted."""
    rows = [
        Notification(person_id=person_id, kind=Kind.REROUTED, rerouting_id=rerouting_id, at=at, how=how)
        for person_id, how in people.items()
        if how != How.NOTHING
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    ring(row.person_id for row in rows)


def how_they_hear(kind: Kind, people: Iterable[User]) -> dict[int, How]:
    """By the id of each person: what they chose for this kind, or the usual of their roles. Two queries."""
    ids = [person.pk for person in people]
    chosen = dict(NoticePreference.objects.filter(kind=kind, person__in=ids).values_list("person_id", "how"))
    roles: dict[int, set[str]] = {pk: set() for pk in ids}
    for person_id, role in User.objects.filter(pk__in=ids, groups__isnull=False).values_list("pk", "groups__name"):
        roles[person_id].add(role)
    return {pk: How(chosen.get(pk) or kinds.usual(kind, frozenset(roles[pk]))) for pk in ids}


def mark_read(rows: NotificationQuerySet, *, now: datetime.datetime) -> int:
    """Mark those of these rows, all of one person, that are not read; how many. Their bells hear of it."""
    with transaction.atomic():
        told = Notification.objects.filter(pk__in=rows.filter(read_at=None).order_by().values("pk"))
        people = set(told.values_list("person_id", flat=True))
        count = told.update(read_at=now) if people else 0
        ring(people)
    return count


def seen(*, person: User, now: datetime.datetime, request_id: int) -> None:
    """This person has the page of a request before them: what they were told of it is read. One query, mostly."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE interventions_notification SET read_at = %s"
            " WHERE request_id = %s AND person_id = %s AND read_at IS NULL",
            [now, request_id, person.pk],
        )
        changed = cursor.rowcount
    if changed:
        ring([person.pk])


def choose(*, person: User, chosen: Mapping[Kind, How]) -> None:
    """Keep how this person wants to hear of each of these kinds."""
    NoticePreference.objects.bulk_create(
        [NoticePreference(person=person, kind=kind, how=how) for kind, how in chosen.items()],
        update_conflicts=True, unique_fields=["person", "kind"], update_fields=["how"],
    )  # fmt: skip


def choices_of(person: User) -> dict[Kind, How]:
    """How this person hears of each kind that may reach them. Two queries, one of them their roles."""
    chosen = dict(NoticePreference.objects.filter(person=person).values_list("kind", "how"))
    return {kind: How(chosen.get(kind) or kinds.usual(kind, person.role_codes)) for kind in kinds.kinds_for(person)}


def forget(*, now: datetime.datetime) -> int:
    """Remove what was read long ago (a setting), and the mails that nothing is left of; how many notifications."""
    before = now - datetime.timedelta(days=settings.NOTICE_DAYS)
    count, _by_model = Notification.objects.filter(read_at__isnull=False, at__lt=before).delete()
    NoticeMail.objects.filter(ended_at__lt=before, notifications=None).delete()
    return count


def ring(people: Iterable[int]) -> None:
    """Tell the live server whose notifications have changed: it hears once this transaction is committed."""
    ids = sorted(set(people))
    with connection.cursor() as cursor:
        for start in range(0, len(ids), AT_ONCE):
            cursor.execute("SELECT pg_notify(%s, %s)", [PEOPLE, ",".join(map(str, ids[start : start + AT_ONCE]))])


def queue(mails: Iterable[NoticeMail]) -> None:
    """In the caller's transaction: the jobs that send them."""
    jobs = [app.configure_task(MAIL).make_new_job(mail_id=mail.pk) for mail in mails]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs)


def _write_to(told: list[tuple[int, int]], now: datetime.datetime) -> None:
    """One mail for each of these (notification, person), in the outbox and in the queue."""
    if not told:
        return
    mails = NoticeMail.objects.bulk_create(NoticeMail(person_id=person, created_at=now) for _id, person in told)
    rows = [Notification(pk=pk, mail=mail) for (pk, _person), mail in zip(told, mails, strict=True)]
    Notification.objects.bulk_update(rows, ["mail"])
    queue(mails)
