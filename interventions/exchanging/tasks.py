"""The job that makes a large export, and the one that takes old ones away."""

from django.utils import timezone
from procrastinate.contrib.django import app

from interventions.exchanging import jobs


@app.task(name=jobs.MAKE)
def make(*, export_id: int) -> None:
    jobs.make(export_id=export_id)


@app.periodic(cron="17 * * * *")
@app.task(name="interventions.forget_exports", queueing_lock="forget_exports")
def forget(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    jobs.forget(before=timezone.now() - jobs.KEPT_FOR)
