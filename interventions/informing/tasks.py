"""The job that carries a public event to the requester; `interventions.events.record` queues it by its name."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from gisplatform.mailing.patience import Patience, is_last
from interventions.events.record import NEWS
from interventions.informing import guessing, services


@app.task(name=NEWS, retry=Patience(), pass_context=True)
def news(context: JobContext, *, event_id: int, request_id: int | None = None) -> None:
    services.tell(event_id=event_id, request_id=request_id, now=timezone.now(), last=is_last(context.job))


@app.periodic(cron="23 3 * * *")
@app.task(name="interventions.forget_wrong_tokens", queueing_lock="forget_wrong_tokens")
def forget_wrong_tokens(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    guessing.forget(now=timezone.now())
