"""Who opens the page of a request has read what they were told of it."""

from django.utils import timezone

from gisplatform.models import User
from interventions.noticing import services
from interventions.requests.models import ServiceRequest
from interventions.requests.openings import on_opening


@on_opening
def read(user: User, request: ServiceRequest) -> None:
    services.seen(person=user, request_id=request.pk, now=timezone.now())
