"""Three callers for one problem, and what is done to their requests."""

from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact, move
from tests.town import NOW

ZOE = Contact(name="Zoé Lefèvre", email="zoe@example.org")
ALI = Contact(name="Ali Benali", email="ali@example.org")
EVE = Contact(name="Ève Morin", email="eve@example.org")


def merge(request, joins, **facts):
    return move(request_id=request.pk, name="merge", joins=joins, **{"actor": None, "now": NOW, **facts})


def act(request, name, **facts):
    return move(request_id=request.pk, name=name, **{"actor": None, "now": NOW, "reason": "Un motif.", **facts})


def joins(request):
    """The request it has joined, as the database has it."""
    return ServiceRequest.objects.get(pk=request.pk).duplicate_of
