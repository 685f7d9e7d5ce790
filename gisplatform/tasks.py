"""Jobs whose worker died are put back in the queue: what was asked for is done, though later."""

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status


# A worker that has given no sign for so long (half a minute) is dead; every job may be made again from its beginning.
@app.periodic(cron="* * * * *")
@app.task(name="gisplatform.take_up", queueing_lock="take_up")
async def take_up(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=settings.WORKER_DEAD_S):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # One of a kind that waits at most once, and the next of that kind waits already.
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
