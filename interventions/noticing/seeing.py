"""Who opens the page of a request has read what they were told of it."""

from django.utils import timezone

from gisplatform.models import User
from interventions.noticing import services
from interventions.noticing.bell import unread_beside
from interventions.requests.models import ServiceRequest
from interventions.requests.openings import on_opening


@on_opening
def read(user: User, request: ServiceRequest) -> None:
    beside, about_it = unread_beside(user, request_id=request.pk)
    if about_it:
        services.seen(person=user, request_id=request.pk, now=timezone.now())
    user.unread_notices = beside  # type: ignore[attr-defined] # for the bell of this page
