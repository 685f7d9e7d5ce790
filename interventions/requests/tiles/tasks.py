"""The job that folds what was noted into the cells of the map."""

from procrastinate.contrib.django import app

from interventions.requests.tiles import services


@app.periodic(cron="* * * * *")
@app.task(name="interventions.fold_map", queueing_lock="fold_map")
def fold(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    services.fold()
