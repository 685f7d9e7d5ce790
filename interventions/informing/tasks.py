"""The job that carries a public event to the requester; `interventions.events.record` queues it by its name."""

import smtplib

from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from interventions.events.record import NEWS
from interventions.informing import guessing, services

ATTEMPTS = 8
WAIT_S = 5  # to the power of the attempt: 5 s, 25 s, 2 min, 10 min, 52 min, 4 h 20, 21 h 42


class Patience(BaseRetryStrategy):
    """Try again for about a day, unless the mail server refused for good (SMTP 5xx, RFC 5321 section 4.2.1)."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if _is_last(job) or _refused_for_good(exception):
            return None
        return RetryDecision(retry_in={"seconds": WAIT_S ** (job.attempts + 1)})


def _is_last(job: Job) -> bool:
    return job.attempts + 1 >= ATTEMPTS


def _refused_for_good(error: BaseException) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    # A refused sign-in is a fault of ours, and somebody may mend it within the day.
    return (
        isinstance(error, smtplib.SMTPResponseException)
        and not isinstance(error, smtplib.SMTPAuthenticationError)
        and error.smtp_code >= 500
    )


@app.task(name=NEWS, retry=Patience(), pass_context=True)
def news(context: JobContext, *, event_id: int, request_id: int | None = None) -> None:
    services.tell(event_id=event_id, request_id=request_id, now=timezone.now(), last=_is_last(context.job))


@app.periodic(cron="23 3 * * *")
@app.task(name="interventions.forget_wrong_tokens", queueing_lock="forget_wrong_tokens")
def forget_wrong_tokens(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    guessing.forget(now=timezone.now())
