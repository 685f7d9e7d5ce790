"""How long a job that sends a message goes on trying."""

import smtplib

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

ATTEMPTS = 8
WAIT_S = 5  # to the power of the attempt: 5 s, 25 s, 2 min, 10 min, 52 min, 4 h 20, 21 h 42


class Patience(BaseRetryStrategy):
    """Try again for about a day, unless the mail server refused for good (SMTP 5xx, RFC 5321 section 4.2.1)."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if is_last(job) or _refused_for_good(exception):
            return None
        return RetryDecision(retry_in={"seconds": WAIT_S ** (job.attempts + 1)})


def is_last(job: Job) -> bool:
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
