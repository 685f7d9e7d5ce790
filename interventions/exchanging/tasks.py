"""The job that makes a large export."""

from procrastinate.contrib.django import app

from interventions.exchanging import jobs


@app.task(name=jobs.MAKE)
def make(*, export_id: int) -> None:
    jobs.make(export_id=export_id)
