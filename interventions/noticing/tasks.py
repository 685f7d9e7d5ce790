"""The jobs that tell staff and companies; `interventions.events.record` queues the first by its name."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from gisplatform.mailing.patience import Patience, is_last
from interventions.events.record import NOTICE
from interventions.noticing import digests, outbox, services


@app.task(name=NOTICE, retry=Patience())
def notice(*, event_id: int) -> None:
    services.notify(event_ids=[event_id], now=timezone.now())


@app.task(name=services.MAIL, retry=Patience(), pass_context=True)
def notice_mail(context: JobContext, *, mail_id: int) -> None:
    outbox.send(mail_id=mail_id, now=timezone.now(), last=is_last(context.job))


# Often, so that a worker that was down at the hour makes up for it.
@app.periodic(cron="*/5 * * * *")
@app.task(name="interventions.notice_digest", queueing_lock="notice_digest")
def notice_digest(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    digests.write(now=timezone.now())


@app.periodic(cron="35 3 * * *")
@app.task(name="interventions.notice_forget", queueing_lock="notice_forget")
def notice_forget(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    services.forget(now=timezone.now())
