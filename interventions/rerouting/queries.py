"""Which requests are looked at again, and what a pass has found."""

from interventions.requests.lifecycle import ENDED, OPEN, State
from interventions.requests.models import ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet


def looked_at(*, with_ended: bool = False) -> ServiceRequestQuerySet:
    """Open requests, which have all been routed once: suggestions never are.

    `with_ended`, those that have ended too, but for duplicates: what they have joined answers for them.
    """
    states = [*OPEN, *(each for each in ENDED if each != State.DUPLICATE)] if with_ended else OPEN
    return ServiceRequest.objects.filter(state__in=states, nature=ServiceRequest.Nature.INCIDENT)
