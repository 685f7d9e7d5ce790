"""The jobs that make the steps of a pass, find those whose day has come, and write to the people concerned."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gisplatform.mailing.patience import Patience
from interventions.rerouting import notices, services


@app.task(name=services.REROUTE)
def reroute(*, rerouting_id: int, waits_for: list[str] | None = None) -> None:
    services.step(rerouting_id=rerouting_id, now=timezone.now(), waits_for=waits_for)


# Some minutes after midnight: a request whose sending began the day before has come in by then.
@app.periodic(cron="5 * * * *")
@app.task(name="interventions.reroute_due", queueing_lock="reroute_due")
def reroute_due(timestamp: int) -> None:  # noqa: ARG001 (procrastinate says when it was due)
    services.start_due(now=timezone.now())


@app.task(name=notices.TELL, retry=Patience())
def tell(*, notice_id: int) -> None:
    notices.tell(notice_id=notice_id, now=timezone.now())
