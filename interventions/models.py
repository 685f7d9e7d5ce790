"""The models of this room; each lives in the package of its concern."""

from interventions.events.models import Event
from interventions.exchanging.models import Export
from interventions.glossary.models import Category, Family
from interventions.informing.models import Message, WrongTokens
from interventions.noticing.models import NoticeMail, NoticePreference, Notification
from interventions.requests.models import Attachment, Requester, Satisfaction, ServiceRequest
from interventions.requests.tiles.models import MapCell, MapChange, MapFolded, MapKind
from interventions.rerouting.models import Notice, Rerouting, ReroutingMove
from interventions.routing.models import Decision, RoutingRule
from interventions.simulating.models import SimulatedMove, Simulation
from interventions.work.models import Intervention

__all__ = [
    "Attachment", "Category", "Decision", "Event", "Export", "Family", "Intervention", "MapCell", "MapChange",
    "MapFolded", "MapKind", "Message", "Notice", "NoticeMail", "NoticePreference", "Notification", "Requester",
    "Rerouting", "ReroutingMove", "RoutingRule", "Satisfaction", "ServiceRequest", "SimulatedMove", "Simulation",
    "WrongTokens",
]  # fmt: skip
