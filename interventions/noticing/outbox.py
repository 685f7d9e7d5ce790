"""Sending the mails of the outbox to staff and companies, each exactly once, or with a doubt that the log names."""

import datetime
import logging

from gisplatform.mailing import attempts, smtp
from gisplatform.mailing.failures import NotTaken, Refused, Unanswered, Undecided
from interventions.noticing import mails
from interventions.noticing.models import NoticeMail

logger = logging.getLogger(__name__)


def send(*, mail_id: int, now: datetime.datetime, last: bool = False) -> bool:
    """Send it unless it was sent, or nobody wants it any more. Raises NotTaken or Unanswered: try again later.

    The `last` time it is given up.
    """
    with attempts.alone(f"interventions.notice_mail:{mail_id}") as mine:
        if not mine:
            raise NotTaken("another process is at it")
        # Gone where the account, or all it told of, was removed.
        mail = NoticeMail.objects.select_related("person__department").filter(pk=mail_id, outcome="").first()
        if mail is None:
            return False
        letter = mails.compose(mail, now=now)
        if letter is None:
            _end(mail, NoticeMail.Outcome.UNWANTED, now=now)
            return False
        try:
            attempts.begin(mail, now=now, by=attempts.here())
            smtp.send(letter)
        except Refused as refusal:
            _end(mail, NoticeMail.Outcome.REFUSED, now=now, code=refusal.code)
            return False
        except Undecided as failure:
            _undecided(mail, failure, now=now, last=last)
            raise
        _end(mail, NoticeMail.Outcome.SENT, now=now)
    return True


def _undecided(mail: NoticeMail, failure: Undecided, *, now: datetime.datetime, last: bool) -> None:
    if isinstance(failure, Unanswered):
        attempts.unanswered(mail)
    else:
        attempts.not_taken(mail)
    if last:
        _end(mail, NoticeMail.Outcome.GIVEN_UP, now=now)


def _end(mail: NoticeMail, outcome: NoticeMail.Outcome, *, now: datetime.datetime, code: str = "") -> None:
    if outcome == NoticeMail.Outcome.UNWANTED and mail.sending_at is not None:
        attempts.doubt(mail, why="whoever sent it died", first_by=mail.sending_by)
    mail.outcome, mail.ended_at = outcome, now
    mail.save(update_fields=["outcome", "ended_at", "doubtful"])
    facts = {"notice_mail": mail.pk, "person": mail.person_id, "outcome": outcome.value}
    if outcome in (NoticeMail.Outcome.REFUSED, NoticeMail.Outcome.GIVEN_UP):
        logger.warning("person not reached", extra={**facts, "code": code})
    else:
        logger.info("person told", extra=facts)
