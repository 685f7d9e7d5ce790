"""The job that plays a change through, and the one that forgets old simulations."""

from django.utils import timezone
from procrastinate.contrib.django import app

from interventions.simulating import services


@app.task(name=services.PLAY)
def play(*, simulation_id: int) -> None:
    services.play(simulation_id=simulation_id)


@app.periodic(cron="47 3 * * *")
@app.task(name="interventions.forget_simulations", queueing_lock="forget_simulations")
def forget(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    services.forget(before=timezone.now() - services.KEPT_FOR)
